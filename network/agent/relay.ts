import { request } from 'node:http';
import { join } from 'node:path';
import type { RelayAnswer, RelayOrder, RelayRequest } from './protocol.ts';

/** Asks each socket of the folder, all at once; one that does not answer fails alone. */
export function relay(folder: string, { requests }: RelayOrder): Promise<readonly RelayAnswer[]> {
  return Promise.all(requests.map((one) => ask(folder, one)));
}

function ask(folder: string, { socket, method, path, body, timeoutMs }: RelayRequest): Promise<RelayAnswer> {
  if (!/^[\w-]+\.sock$/.test(socket)) return Promise.resolve(failed(`${socket} is no socket of this folder`));
  return new Promise((resolve) => {
    const sent = request({ socketPath: join(folder, socket), method, path, agent: false }, (response) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.on('end', () => resolve(answered(response.statusCode ?? 0, Buffer.concat(chunks).toString('utf8'))));
      response.on('error', (error) => resolve(failed(error.message)));
    });
    const timer = setTimeout(() => sent.destroy(new Error(`no answer within ${String(timeoutMs)} ms`)), timeoutMs);
    sent.on('error', (error) => resolve(failed(error.message)));
    sent.on('close', () => clearTimeout(timer));
    sent.end(body === undefined ? undefined : JSON.stringify(body));
  });
}

function answered(status: number, text: string): RelayAnswer {
  try {
    return { kind: 'answer', status, body: text.trim() === '' ? undefined : (JSON.parse(text) as unknown) };
  } catch {
    return failed(`no JSON: ${text.slice(0, 80)}`);
  }
}

function failed(why: string): RelayAnswer {
  return { kind: 'failure', why };
}
