import {
  KubedrillError,
  RunError,
  SOCKET_FOLDER,
  messageOf,
  type Channel,
  type ChannelRequest,
} from '../core/index.ts';

const DEFAULT_TIMEOUT_MS = 10_000;
/** curl's own limit ends first, so that its words are the ones that are shown. */
const GRACE_MS = 5_000;

/** The Channel over `curl --unix-socket` on the node, so that nothing a challenge breaks is on the way. */
export function nodeChannel(signal?: AbortSignal): Channel {
  return { request: <T>(request: ChannelRequest) => send<T>(request, signal) };
}

async function send<T>(request: ChannelRequest, signal?: AbortSignal): Promise<T> {
  const timeoutMs = request.timeoutMs ?? DEFAULT_TIMEOUT_MS;
  const { text, status } = await exchange(request, timeoutMs, signal);
  if (status < 200 || status > 299) {
    throw failure(request, 'refused', `HTTP ${String(status)} ${reasonIn(text)}`);
  }
  return parsed<T>(request, text);
}

async function exchange(
  request: ChannelRequest,
  timeoutMs: number,
  signal: AbortSignal | undefined,
): Promise<{ readonly text: string; readonly status: number }> {
  try {
    const { stdout } = await request.node.exec(curl(request, timeoutMs), {
      timeoutMs: timeoutMs + GRACE_MS,
      ...(request.body === undefined ? {} : { input: JSON.stringify(request.body) }),
      ...(signal === undefined ? {} : { signal }),
    });
    const end = stdout.lastIndexOf('\n');
    return { text: stdout.slice(0, end), status: Number(stdout.slice(end + 1)) };
  } catch (error) {
    signal?.throwIfAborted();
    throw failure(request, 'did not answer', whyOf(error), error);
  }
}

function curl({ socket, method, path, body }: ChannelRequest, timeoutMs: number): readonly string[] {
  return [
    'curl',
    '--silent',
    '--show-error',
    '--max-time',
    String(timeoutMs / 1000),
    '--unix-socket',
    `${SOCKET_FOLDER}/${socket}`,
    '--request',
    method,
    ...(body === undefined ? [] : ['--header', 'content-type: application/json', '--data-binary', '@-']),
    '--write-out',
    String.raw`\n%{http_code}`,
    `http://channel${path}`,
  ];
}

function parsed<T>(request: ChannelRequest, text: string): T {
  if (text.trim() === '') return undefined as T;
  try {
    return JSON.parse(text) as T;
  } catch (error) {
    throw failure(request, 'sent no JSON', text.slice(0, 200), error);
  }
}

/** The `error` of a JSON answer, or the text as it came. */
function reasonIn(text: string): string {
  try {
    const { error } = JSON.parse(text) as { readonly error?: unknown };
    if (typeof error === 'string') return error;
  } catch {
    // Not JSON: the text says it as well.
  }
  return text.trim().slice(0, 300);
}

function whyOf(error: unknown): string {
  if (!(error instanceof RunError)) return messageOf(error);
  return error.facts.stderr.trim() === '' ? error.why : error.facts.stderr.trim();
}

function failure(request: ChannelRequest, verb: string, why: string, cause?: unknown): KubedrillError {
  return new KubedrillError({
    what: `${request.socket} on ${request.node.name} ${verb} (${request.method} ${request.path})`,
    why,
    hint: 'kubedrill status',
    ...(cause === undefined ? {} : { cause }),
  });
}
