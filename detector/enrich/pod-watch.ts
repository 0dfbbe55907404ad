import { request, type RequestOptions } from 'node:https';
import type { IncomingMessage } from 'node:http';
import type { Clock } from '../../core/clock.ts';
import { messageOf } from '../../core/errors.ts';
import { LineSplitter } from '../source/line-splitter.ts';
import type { PodIndex, PodObject } from './pod-index.ts';

export interface ApiAccess {
  readonly host: string;
  readonly port: number;
  /** PEM text of the certificate authority. */
  readonly ca: string;
  /** Read for every request, because the kubelet replaces it now and then. */
  readonly token: () => Promise<string>;
}

export interface PodWatchOptions {
  readonly api: ApiAccess;
  readonly nodeName: string;
  readonly index: PodIndex;
  readonly clock: Clock;
  readonly signal: AbortSignal;
  /** Something in the index has changed. */
  readonly onChange: () => void;
}

export interface PodWatch {
  stats(): PodWatchStats;
  readonly finished: Promise<void>;
}

export interface PodWatchStats {
  readonly pods: number;
  /** True once the first list has been read; facts stay usable while the API server is away. */
  readonly isListed: boolean;
  readonly trouble?: string;
}

/** A name that every API server's certificate carries, whatever address it is reached by. */
const SERVER_NAME = 'kubernetes.default.svc';
const RETRY_MS = 1_000;
/** Between two watches, for a server that ends them at once. */
const PAUSE_MS = 100;
const WATCH_SECONDS = 300;
/** Bookmarks come about once a minute: a longer silence means a dead connection. */
const SILENCE_MS = 150_000;
const LIST_TIMEOUT_MS = 15_000;
const MAX_EVENT_BYTES = 16 * 1024 * 1024;

interface WatchEvent {
  readonly type: 'ADDED' | 'MODIFIED' | 'DELETED' | 'BOOKMARK' | 'ERROR';
  readonly object: PodObject & { readonly metadata: { readonly resourceVersion?: string } };
}

/** Keeps the index equal to the API's pods of this node: lists, watches, and begins again when the watch ends. */
export function watchPods(options: PodWatchOptions): PodWatch {
  let isListed = false;
  let trouble: string | undefined;
  const run = async (): Promise<void> => {
    while (!options.signal.aborted) {
      try {
        let version = await list(options);
        isListed = true;
        trouble = undefined;
        while (version !== undefined) {
          version = await watch(options, version);
          await options.clock.sleep(PAUSE_MS, options.signal);
        }
      } catch (error) {
        trouble = messageOf(error);
      }
      await options.clock.sleep(RETRY_MS, options.signal).catch(() => undefined);
    }
  };
  const finished = run();
  return {
    stats: () => ({ pods: options.index.size, isListed, ...(trouble === undefined ? {} : { trouble }) }),
    finished,
  };
}

/** Answers the version to watch from. */
async function list({ api, nodeName, index, onChange, signal }: PodWatchOptions): Promise<string | undefined> {
  const response = await get(api, podsPath(nodeName, {}), LIST_TIMEOUT_MS, signal);
  const chunks: Buffer[] = [];
  for await (const chunk of response) chunks.push(chunk as Buffer);
  const body = JSON.parse(Buffer.concat(chunks).toString('utf8')) as {
    readonly metadata: { readonly resourceVersion?: string };
    readonly items: readonly PodObject[];
  };
  index.reset(body.items);
  onChange();
  return body.metadata.resourceVersion;
}

/** One watch to its end; answers the version to go on from, or undefined when the list has to be read again. */
async function watch(options: PodWatchOptions, from: string): Promise<string | undefined> {
  if (options.signal.aborted) return undefined;
  const query = {
    watch: '1',
    allowWatchBookmarks: 'true',
    timeoutSeconds: String(WATCH_SECONDS),
    resourceVersion: from,
  };
  const response = await get(options.api, podsPath(options.nodeName, query), SILENCE_MS, options.signal);
  const lines = new LineSplitter(MAX_EVENT_BYTES);
  let version = from;
  for await (const chunk of response) {
    for (const line of lines.push(chunk as Buffer)) {
      const event = JSON.parse(line) as WatchEvent;
      if (event.type === 'ERROR') return undefined;
      version = event.object.metadata.resourceVersion ?? version;
      apply(options, event);
    }
  }
  return version;
}

function apply({ index, onChange }: PodWatchOptions, { type, object }: WatchEvent): void {
  if (type === 'BOOKMARK') return;
  if (type === 'DELETED') index.delete(object);
  else index.set(object);
  onChange();
}

function podsPath(nodeName: string, query: Readonly<Record<string, string>>): string {
  const search = new URLSearchParams({ fieldSelector: `spec.nodeName=${nodeName}`, ...query });
  return `/api/v1/pods?${search.toString()}`;
}

async function get(api: ApiAccess, path: string, silenceMs: number, signal: AbortSignal): Promise<IncomingMessage> {
  const options: RequestOptions = {
    host: api.host,
    port: api.port,
    path,
    ca: api.ca,
    servername: SERVER_NAME,
    timeout: silenceMs,
    signal,
    headers: { authorization: `Bearer ${await api.token()}`, accept: 'application/json' },
  };
  const response = await new Promise<IncomingMessage>((resolve, reject) => {
    const sent = request(options, resolve);
    sent.on('timeout', () => sent.destroy(new Error(`the API server was silent for ${String(silenceMs / 1000)} s`)));
    sent.on('error', reject);
    sent.end();
  });
  if (response.statusCode === 200) return response;
  response.resume();
  throw new Error(`the API server answered HTTP ${String(response.statusCode)} to GET ${path.split('?')[0] ?? ''}`);
}
