import { request as httpRequest, type IncomingMessage } from 'node:http';
import { request as httpsRequest, type RequestOptions } from 'node:https';
import { DeliveryRefused } from './sink.ts';

export interface Post {
  readonly url: URL;
  readonly body: string;
  readonly headers: Readonly<Record<string, string>>;
  /** For https: certificate authority, client certificate, the name that the server's certificate has to carry. */
  readonly tls?: Pick<RequestOptions, 'ca' | 'cert' | 'key' | 'servername'>;
  readonly signal: AbortSignal;
}

const KEPT_ANSWER = 300;
/** Answers to which the same request may get a better one later. */
const WORTH_ANOTHER_TRY: ReadonlySet<number> = new Set([408, 425, 429]);

/** Posts and reads the answer; rejects unless it is 2xx, with DeliveryRefused when another try would get the same one. */
export async function post({ url, body, headers, tls = {}, signal }: Post): Promise<void> {
  const options: RequestOptions = {
    method: 'POST',
    signal,
    headers: { ...headers, 'content-length': String(Buffer.byteLength(body)) },
    ...tls,
  };
  const response = await new Promise<IncomingMessage>((resolve, reject) => {
    const sent = url.protocol === 'https:' ? httpsRequest(url, options, resolve) : httpRequest(url, options, resolve);
    sent.on('error', (error) => reject(signal.aborted ? new Error(`${url.host} did not answer in time`) : error));
    sent.end(body);
  });
  const answer = await beginningOf(response);
  const status = response.statusCode ?? 0;
  if (status >= 200 && status < 300) return;
  const says = `${url.host} answered HTTP ${String(status)}${answer === '' ? '' : `: ${answer}`}`;
  if (status < 500 && !WORTH_ANOTHER_TRY.has(status)) throw new DeliveryRefused(says);
  throw new Error(says);
}

async function beginningOf(response: IncomingMessage): Promise<string> {
  let text = '';
  response.setEncoding('utf8');
  for await (const chunk of response) if (text.length < KEPT_ANSWER) text += String(chunk);
  return text.slice(0, KEPT_ANSWER).trim();
}
