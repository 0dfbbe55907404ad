import { createSocket, type Socket } from 'node:dgram';
import { once } from 'node:events';
import { execaRunner, type NodeHandle } from '../../../core/index.ts';
import { askDns } from '../../../scenarios/cluster/dns-query.ts';

/** An address of the loopback network with a port 53 of its own; only root may listen there. */
const SERVER = '127.0.53.53';
const isRoot = process.getuid?.() === 0;
const rootTest = isRoot ? test : test.skip;

let server: Socket;
let questions: Buffer[] = [];
beforeEach(async () => {
  questions = [];
  server = createSocket('udp4').on('message', (question, { port, address }) => {
    questions.push(question);
    server.send(refusalOf(question), port, address);
  });
  if (!isRoot) return;
  server.bind(53, SERVER);
  await once(server, 'listening');
});
afterEach(() => {
  server.close();
});

/** This machine in place of a node. */
const here = {
  name: 'here',
  exec: (argv: readonly string[]) => execaRunner().run(argv[0] ?? '', argv.slice(1), { timeoutMs: 5_000 }),
} as unknown as NodeHandle;

/** The question as an answer: no such name. */
function refusalOf(question: Buffer): Buffer {
  const answer = Buffer.from(question);
  answer.writeUInt16BE(0x8183, 2);
  return answer;
}

describe(`a question that bash sends${isRoot ? '' : ' (skipped: only root may listen on port 53)'}`, () => {
  rootTest.each(['lab-worker', 'ten-in-all', 'percent%sign', 'x'])(
    'is one datagram, also for %s, whose bytes could mean something to a shell',
    async (name) => {
      expect((await askDns(here, SERVER, name)).observed).toBe(`${SERVER} answered NXDOMAIN`);
      expect(questions.map((question) => question.subarray(13, 13 + name.length).toString())).toEqual([name]);
    },
  );
});
