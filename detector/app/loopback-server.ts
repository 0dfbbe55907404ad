import { createServer, type Server } from 'node:http';
import { isDeepStrictEqual } from 'node:util';
import { answerHealth, answerMetrics, type StatusSource } from './status-answers.ts';

interface Listen {
  readonly address: string;
  readonly port: number;
}

/** `/metrics` and `/healthz` for whoever is on the node, where the configuration asks for it; nothing else is served. */
export class LoopbackServer {
  readonly #source: StatusSource;
  readonly #onLog: (line: string) => void;
  #listen: Listen | undefined;
  #server: Server | undefined;

  constructor(source: StatusSource, onLog: (line: string) => void) {
    this.#source = source;
    this.#onLog = onLog;
  }

  /** Listens there from now on, or nowhere. A port that cannot be had is logged; the detector goes on without. */
  set(listen: Listen | undefined): void {
    if (isDeepStrictEqual(listen, this.#listen)) return;
    this.#listen = listen;
    this.close();
    if (listen === undefined) return;
    const server = createServer((request, response) => {
      const path = request.url?.split('?')[0];
      if (request.method === 'GET' && path === '/metrics') answerMetrics(this.#source, response);
      else if (request.method === 'GET' && path === '/healthz') answerHealth(this.#source, response);
      else response.writeHead(404).end();
    });
    server.on('error', (error) => {
      this.#onLog(`no metrics on ${listen.address}:${String(listen.port)}: ${error.message}`);
    });
    server.listen(listen.port, listen.address);
    this.#server = server;
  }

  close(): void {
    this.#server?.close();
    this.#server?.closeAllConnections();
    this.#server = undefined;
  }
}
