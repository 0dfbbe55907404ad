import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import type { Book } from '../../../scenarios/catalogue/s05-split-brain-node/book.ts';
import { BOOK_PROGRAM, WRITER_PROGRAM } from '../../../scenarios/catalogue/s05-split-brain-node/programs.ts';
import { freePort } from '../../support/free-port.ts';

let port: string;
let log: string;
let running: ChildProcess[];

function run(program: string, env: Readonly<Record<string, string>>): ChildProcess {
  const child = spawn(process.execPath, ['-e', program], { env, stdio: ['ignore', 'pipe', 'inherit'] });
  running.push(child);
  return child;
}

function write(uid: string): ChildProcess {
  return run(WRITER_PROGRAM, { ROLE: 'till', POD_NAME: `till-${uid}`, POD_UID: uid, BOOK: `http://127.0.0.1:${port}` });
}

async function until(condition: () => boolean | Promise<boolean>): Promise<void> {
  while (!(await condition())) await new Promise((resolve) => setTimeout(resolve, 20));
}

async function book(): Promise<Book> {
  return (await (await fetch(`http://127.0.0.1:${port}/`)).json()) as Book;
}

beforeEach(async () => {
  running = [];
  log = '';
  port = String(await freePort());
  run(BOOK_PROGRAM, { PORT: port }).stdout?.on('data', (chunk: Buffer) => (log += chunk.toString()));
  await until(() => log.includes('the book is open'));
});

afterEach(async () => {
  for (const child of running) {
    const exited = once(child, 'exit');
    child.kill('SIGTERM');
    await exited;
  }
});

test('the book tells who writes, and its log names an order that two have written', async () => {
  write('a');
  write('b');
  await until(() => /till: order \d+ was written twice, by till-[ab] and by till-[ab]/.test(log));
  const { writers } = await book();
  expect(writers.map(({ role, uid }) => `${role} ${uid}`).sort()).toEqual(['till a', 'till b']);
});

test('a writer that ended stays in the book, and the next one is another', async () => {
  const first = write('a');
  await until(async () => (await book()).writers.some(({ orders }) => orders >= 2));
  first.kill('SIGTERM');
  await once(first, 'exit');
  running = running.filter((child) => child !== first);
  write('b');
  await until(async () => (await book()).writers.length === 2);
  const [a, b] = (await book()).writers;
  expect(a?.lastMs).toBeLessThan(b?.firstMs ?? 0);
  expect(log).not.toContain('twice');
});
