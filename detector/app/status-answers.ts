import type { ServerResponse } from 'node:http';

/** What `/healthz` and `/metrics` tell, wherever they are served. */
export interface StatusSource {
  /** Why the detector cannot be trusted right now; empty when it can. */
  readonly problems: () => readonly string[];
  readonly metrics: () => string;
}

/** 200, or 503 with the reasons. */
export function answerHealth({ problems }: StatusSource, response: ServerResponse): void {
  const found = problems();
  const body = found.length === 0 ? { ok: true } : { ok: false, error: found.join('; ') };
  response.writeHead(found.length === 0 ? 200 : 503, { 'content-type': 'application/json' });
  response.end(`${JSON.stringify(body)}\n`);
}

export function answerMetrics({ metrics }: StatusSource, response: ServerResponse): void {
  response.writeHead(200, { 'content-type': 'text/plain; version=0.0.4; charset=utf-8' });
  response.end(metrics());
}
