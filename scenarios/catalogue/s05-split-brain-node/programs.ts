/** Where the order book listens. */
export const BOOK_PORT = 8080;
const BOOK_URL = `http://book.shop.svc.cluster.local:${String(BOOK_PORT)}`;
const ORDER_MS = 200;

/**
 * Writes an order every 200 ms into the book. An order's number is the time, so two writers of one role write the same numbers.
 * Its role, its pod's name and the pod's UID say who it is.
 */
export const WRITER_PROGRAM = `
const { request } = require('node:http');
const { ROLE, POD_NAME, POD_UID, BOOK = '${BOOK_URL}' } = process.env;
process.on('SIGTERM', () => process.exit(0));
setInterval(() => {
  const order = Math.floor(Date.now() / ${String(ORDER_MS)});
  const url = [BOOK, ROLE, POD_NAME, POD_UID, order].join('/');
  const call = request(url, { method: 'POST', timeout: 1000 });
  call.on('response', (response) => response.resume());
  call.on('timeout', () => call.destroy());
  call.on('error', () => undefined);
  call.end();
}, ${String(ORDER_MS)});
`;

/**
 * Keeps who wrote in which role, from when to when. GET answers it as JSON; the log tells of new writers and, once a second, of an order
 * that was written twice.
 */
export const BOOK_PROGRAM = `
const { createServer } = require('node:http');
const { performance } = require('node:perf_hooks');
const writers = new Map();
const orders = new Map();
let toldMs = 0;
const say = (text) => console.log(new Date().toISOString() + ' ' + text);
const note = (role, pod, uid, order) => {
  const nowMs = performance.now();
  const known = writers.get(role + '/' + uid);
  if (known === undefined) say(role + ': ' + pod + ' begins to write');
  writers.set(role + '/' + uid, {
    role, pod, uid, firstMs: known?.firstMs ?? nowMs, lastMs: nowMs, orders: (known?.orders ?? 0) + 1,
  });
  const former = orders.get(role);
  orders.set(role, { order, uid, pod });
  if (former?.order !== order || former.uid === uid || nowMs - toldMs < 1000) return;
  toldMs = nowMs;
  say(role + ': order ' + order + ' was written twice, by ' + former.pod + ' and by ' + pod);
};
process.on('SIGTERM', () => process.exit(0));
createServer((request, response) => {
  request.resume();
  const parts = request.url.split('/').slice(1);
  if (request.method === 'POST' && parts.length === 4) note(...parts);
  response.setHeader('content-type', 'application/json');
  response.end(JSON.stringify({ nowMs: performance.now(), writers: [...writers.values()] }));
}).listen(Number(process.env.PORT ?? ${String(BOOK_PORT)}), () => say('the book is open'));
`;
