import { Agent, request as httpsRequest, type RequestOptions } from 'node:https';
import { messageOf } from '../errors.ts';
import { KubeError } from './error.ts';
import type {
  KubeClient,
  KubeCredentials,
  KubeObject,
  ListOptions,
  ObjectRef,
  PatchKind,
  ResourceType,
} from './port.ts';

const PATCH_CONTENT_TYPES: Readonly<Record<PatchKind, string>> = {
  merge: 'application/merge-patch+json',
  json: 'application/json-patch+json',
  strategic: 'application/strategic-merge-patch+json',
  apply: 'application/apply-patch+yaml',
};

const FIELD_MANAGER = 'kubedrill';

interface Call {
  readonly method: string;
  readonly path: string;
  readonly body?: unknown;
  readonly contentType?: string;
}

interface Answer {
  readonly status: number;
  readonly text: string;
}

/**
 * The Kubernetes port over @kubernetes/client-node's KubeConfig (kubeconfig, certificates, tokens). Objects stay the
 * JSON that the API server sent: the client's typed models drop fields that they do not know and rename some
 * (`from` → `_from`), which a residue proof cannot have.
 *
 * The library costs a third of a second to import, so it is loaded on first use, and only here.
 */
export async function connectKube(
  credentials: KubeCredentials,
  options: { readonly timeoutMs?: number } = {},
): Promise<KubeClient> {
  const { KubeConfig } = await import('@kubernetes/client-node');
  const config = new KubeConfig();
  config.loadFromString(credentials.kubeconfig);
  const server = config.getCurrentCluster()?.server ?? '';
  const tls: RequestOptions = {};
  await config.applyToHTTPSOptions(tls);
  delete tls.agent;
  const agent = new Agent({ keepAlive: true, maxSockets: 8, ...certificates(tls) });
  const send = (call: Call): Promise<Answer> =>
    exchange(new URL(server), { ...tls, agent }, call, options.timeoutMs ?? 30_000);
  return kubeClient(send);
}

function certificates(tls: RequestOptions): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries({ ca: tls.ca, cert: tls.cert, key: tls.key, servername: tls.servername }).filter(
      ([, value]) => value !== undefined,
    ),
  );
}

function kubeClient(send: (call: Call) => Promise<Answer>): KubeClient {
  const discovered = new Map<string, Promise<readonly ResourceType[]>>();

  const typesOf = (apiVersion: string): Promise<readonly ResourceType[]> => {
    const known = discovered.get(apiVersion) ?? discover(send, apiVersion);
    discovered.set(apiVersion, known);
    // A failed or an incomplete answer must not stick: CRDs come later.
    known.catch(() => discovered.delete(apiVersion));
    return known;
  };

  const pathOf = async (apiVersion: string, kind: string, namespace?: string, name?: string): Promise<string> => {
    const find = async (): Promise<ResourceType | undefined> =>
      (await typesOf(apiVersion)).find((candidate) => candidate.kind === kind);
    let type = await find();
    if (!type) {
      discovered.delete(apiVersion);
      type = await find();
    }
    if (!type) {
      throw new KubeError({
        what: `no kind ${kind} in ${apiVersion}`,
        why: 'the API server does not serve it',
        status: 404,
      });
    }
    const scope = type.namespaced && namespace !== undefined ? `/namespaces/${encodeURIComponent(namespace)}` : '';
    const tail = name === undefined ? '' : `/${encodeURIComponent(name)}`;
    return `${rootOf(apiVersion)}${scope}/${type.resource}${tail}`;
  };
  const pathOfRef = (ref: ObjectRef): Promise<string> => pathOf(ref.apiVersion, ref.kind, ref.namespace, ref.name);
  const refOf = ({ apiVersion, kind, metadata }: KubeObject): ObjectRef => ({
    apiVersion,
    kind,
    name: metadata.name,
    ...(metadata.namespace === undefined ? {} : { namespace: metadata.namespace }),
  });

  const patch = async (ref: ObjectRef, kind: PatchKind, body: unknown): Promise<KubeObject> => {
    const query = `?fieldManager=${FIELD_MANAGER}${kind === 'apply' ? '&force=true' : ''}`;
    const path = (await pathOfRef(ref)) + query;
    return parse(await must(send, { method: 'PATCH', path, body, contentType: PATCH_CONTENT_TYPES[kind] }));
  };

  return {
    get: async <T extends KubeObject>(ref: ObjectRef) => {
      const answer = await send({ method: 'GET', path: await pathOfRef(ref) });
      if (answer.status === 404) return undefined;
      return parse<T>(accepted(answer, `get ${nameOf(ref)}`));
    },
    list: async <T extends KubeObject>(apiVersion: string, kind: string, options: ListOptions = {}) => {
      const path = (await pathOf(apiVersion, kind, options.namespace)) + selectors(options);
      const list = parse<{ readonly items: readonly T[] | null } & KubeObject>(
        await must(send, { method: 'GET', path }),
      );
      // Items of a list carry neither kind nor apiVersion.
      return (list.items ?? []).map((item) => ({ ...item, apiVersion, kind }));
    },
    create: async <T extends KubeObject>(object: T) => {
      const { apiVersion, kind, metadata } = object;
      const path = `${await pathOf(apiVersion, kind, metadata.namespace)}?fieldManager=${FIELD_MANAGER}`;
      return parse<T>(await must(send, { method: 'POST', path, body: object }));
    },
    apply: (object) => patch(refOf(object), 'apply', object),
    replace: async (object) =>
      parse(await must(send, { method: 'PUT', path: await pathOfRef(refOf(object)), body: object })),
    patch,
    delete: async (ref, { graceSeconds } = {}) => {
      const body = {
        apiVersion: 'v1',
        kind: 'DeleteOptions',
        propagationPolicy: 'Background',
        ...(graceSeconds === undefined ? {} : { gracePeriodSeconds: graceSeconds }),
      };
      const answer = await send({ method: 'DELETE', path: await pathOfRef(ref), body });
      if (answer.status !== 404) accepted(answer, `delete ${nameOf(ref)}`);
    },
    resourceTypes: async () => {
      const groups = parse<GroupList>(await must(send, { method: 'GET', path: '/apis' }));
      const versions = ['v1', ...groups.groups.map((group) => group.preferredVersion.groupVersion)];
      return (await Promise.all(versions.map(typesOf))).flat();
    },
    podLog: async ({ namespace, name, container, previous, tailLines, since, timestamps }) => {
      const query = new URLSearchParams({
        ...(container === undefined ? {} : { container }),
        ...(previous === true ? { previous: 'true' } : {}),
        ...(tailLines === undefined ? {} : { tailLines: String(tailLines) }),
        // The API server takes whole seconds only.
        ...(since === undefined ? {} : { sinceTime: since.toISOString().replace(/\.\d+Z$/, 'Z') }),
        ...(timestamps === true ? { timestamps: 'true' } : {}),
      });
      const path = `/api/v1/namespaces/${namespace}/pods/${name}/log?${query.toString()}`;
      return (await must(send, { method: 'GET', path })).text;
    },
    raw: (method, path, body) => send({ method, path, ...(body === undefined ? {} : { body }) }),
  };
}

interface GroupList extends KubeObject {
  readonly groups: readonly { readonly preferredVersion: { readonly groupVersion: string } }[];
}

interface ResourceList extends KubeObject {
  readonly resources: readonly {
    readonly name: string;
    readonly kind: string;
    readonly namespaced: boolean;
    readonly verbs: readonly string[];
  }[];
}

async function discover(send: (call: Call) => Promise<Answer>, apiVersion: string): Promise<readonly ResourceType[]> {
  const { resources } = parse<ResourceList>(await must(send, { method: 'GET', path: rootOf(apiVersion) }));
  return resources
    .filter((resource) => !resource.name.includes('/'))
    .map(({ name, kind, namespaced, verbs }) => ({ apiVersion, kind, resource: name, namespaced, verbs }));
}

function rootOf(apiVersion: string): string {
  return apiVersion.includes('/') ? `/apis/${apiVersion}` : `/api/${apiVersion}`;
}

function selectors({ labelSelector, fieldSelector }: ListOptions): string {
  const query = new URLSearchParams({
    ...(labelSelector === undefined ? {} : { labelSelector }),
    ...(fieldSelector === undefined ? {} : { fieldSelector }),
  }).toString();
  return query === '' ? '' : `?${query}`;
}

function nameOf({ kind, namespace, name }: ObjectRef): string {
  return `${kind} ${namespace === undefined ? '' : `${namespace}/`}${name}`;
}

async function must(send: (call: Call) => Promise<Answer>, call: Call): Promise<Answer> {
  return accepted(await send(call), `${call.method} ${call.path.split('?')[0] ?? ''}`);
}

function accepted(answer: Answer, what: string): Answer {
  if (answer.status >= 200 && answer.status < 300) return answer;
  throw new KubeError({ what: `the API server refused: ${what}`, why: statusMessage(answer), status: answer.status });
}

/** The `message` of a Status object, or the text as it came. */
function statusMessage({ status, text }: Answer): string {
  try {
    const parsed = JSON.parse(text) as { readonly message?: string };
    if (parsed.message !== undefined) return parsed.message;
  } catch {
    // Not JSON: proxies and dying servers answer in plain text.
  }
  return `HTTP ${String(status)} ${text.trim().slice(0, 300)}`;
}

function parse<T extends KubeObject = KubeObject>({ text }: Answer): T {
  return JSON.parse(text) as T;
}

function exchange(server: URL, tls: RequestOptions, call: Call, timeoutMs: number): Promise<Answer> {
  const payload = call.body === undefined ? undefined : JSON.stringify(call.body);
  return new Promise((resolve, reject) => {
    const request = httpsRequest(
      new URL(call.path, server),
      {
        ...tls,
        method: call.method,
        timeout: timeoutMs,
        headers: {
          ...(tls.headers as Record<string, string> | undefined),
          accept: 'application/json, */*',
          ...(payload === undefined
            ? {}
            : { 'content-type': call.contentType ?? 'application/json', 'content-length': Buffer.byteLength(payload) }),
        },
      },
      (response) => {
        const chunks: Buffer[] = [];
        response.on('data', (chunk: Buffer) => chunks.push(chunk));
        response.on('end', () => {
          resolve({ status: response.statusCode ?? 0, text: Buffer.concat(chunks).toString('utf8') });
        });
        response.on('error', fail);
      },
    );
    const fail = (error: unknown): void => {
      const what = `no answer from the API server: ${call.method} ${call.path.split('?')[0] ?? ''}`;
      reject(new KubeError({ what, why: messageOf(error), status: undefined, cause: error }));
    };
    request.on('timeout', () => request.destroy(new Error(`nothing came within ${String(timeoutMs / 1000)} s`)));
    request.on('error', fail);
    request.end(payload);
  });
}
