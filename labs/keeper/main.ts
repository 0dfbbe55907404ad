// The keeper: PID 1 of the container that stands outside the cluster on the lab's network. It runs the outside prober and
// holds the sessions that have to outlive the command line. Arguments: the outside prober's program and its flags.
import { mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { SOCKET_FOLDER } from '../../core/ports/channel.ts';
import { supervise } from './agent-process.ts';
import { KEEPER_SOCKET } from './protocol.ts';
import { keeperServer } from './server.ts';

const agent = supervise(process.execPath, process.argv.slice(2));
const server = keeperServer(() => ({ agent: agent.state() }));
const socket = join(SOCKET_FOLDER, KEEPER_SOCKET);

mkdirSync(SOCKET_FOLDER, { recursive: true });
// Left over from before the container was stopped.
rmSync(socket, { force: true });
server.listen(socket);

// PID 1 gets no default signal handlers: without these, `docker stop` would have to wait and kill.
for (const signal of ['SIGTERM', 'SIGINT'] as const) {
  process.on(signal, () => {
    agent.stop();
    process.exit(0);
  });
}
