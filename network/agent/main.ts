// The agent in the toolbox image. `agent.js probe --role pod-a|pod-b|host|node` and `agent.js ext` probe and are probed;
// `agent.js echo` only says who it is.
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { SOCKET_FOLDER } from '../../core/ports/channel.ts';
import { ECHO_PORT, GUARDED_PORT, PROBER_PORTS, proberName, proberSocket, type ProberRole } from '../probers.ts';
import { startAgent, type AgentOptions } from './agent.ts';
import { nodeResolver } from './probe/node-resolver.ts';

startAgent(optionsFrom(process.argv.slice(2), process.env)).catch((error: unknown) => {
  process.stderr.write(`agent: ${error instanceof Error ? error.message : String(error)}\n`);
  process.exit(1);
});

// As PID 1 of a container it gets no default signal handlers.
for (const signal of ['SIGTERM', 'SIGINT'] as const) process.on(signal, () => process.exit(0));

function optionsFrom(argv: readonly string[], env: NodeJS.ProcessEnv): AgentOptions {
  const { positionals, values } = parseArgs({
    args: [...argv],
    allowPositionals: true,
    options: { role: { type: 'string' } },
  });
  const node = env['NODE_NAME'];
  switch (positionals[0]) {
    case 'echo':
      return echoOptions(env, node);
    case 'ext':
      return proberOptions('ext', '');
    case 'probe':
      if (node === undefined) throw new Error('NODE_NAME is not set');
      return proberOptions(roleIn(values.role), node);
    default:
      throw new Error('usage: agent probe --role pod-a|pod-b|host|node, agent ext, agent echo');
  }
}

function echoOptions(env: NodeJS.ProcessEnv, node: string | undefined): AgentOptions {
  const identity = `${env['POD_NAMESPACE'] ?? 'default'}/${env['POD_NAME'] ?? 'unnamed'}`;
  return { identity, port: ECHO_PORT, ...(node === undefined ? {} : { node }) };
}

function proberOptions(role: ProberRole, node: string): AgentOptions {
  return {
    identity: proberName(node, role),
    port: PROBER_PORTS[role],
    socket: join(SOCKET_FOLDER, proberSocket(role)),
    ...(node === '' ? {} : { node }),
    ...(role === 'pod-b' ? { secondPort: GUARDED_PORT } : {}),
    ...(role === 'node' ? { nodeResolver: nodeResolver() } : {}),
  };
}

function roleIn(role: string | undefined): ProberRole {
  if (role === 'pod-a' || role === 'pod-b' || role === 'host' || role === 'node') return role;
  throw new Error(`there is no role ${role ?? '(none given)'}`);
}
