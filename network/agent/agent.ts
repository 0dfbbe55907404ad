import type { Socket as UdpSocket } from 'node:dgram';
import { dirname } from 'node:path';
import { ownAddresses } from './addresses.ts';
import { controlServer } from './control-server.ts';
import type { Identity } from './identity.ts';
import { keyring, type Keyring } from './keyring.ts';
import { listenTcp, listenUdp, listenUnix, type Listener } from './listen.ts';
import { monotonicMs } from './monotonic.ts';
import type { NodeResolver } from './probe/node-resolver.ts';
import { prober } from './probe/prober.ts';
import { proberRoutes } from './prober-routes.ts';
import type { ProberState } from './protocol.ts';
import { tcpIdentityServer } from './tcp-server.ts';
import { udpIdentityServer } from './udp-server.ts';

export interface AgentOptions {
  readonly identity: string;
  readonly node?: string;
  /** TCP and UDP; 0 lets the system choose. */
  readonly port: number;
  /** Another port with the same servers. */
  readonly secondPort?: number;
  /** Unix socket of the Channel; an agent without one only echoes. */
  readonly socket?: string;
  readonly nodeResolver?: NodeResolver;
  /** The one address to listen on and to probe from, for several agents on one machine; all when absent. */
  readonly address?: string;
}

export interface RunningAgent {
  readonly port: number;
  stop(): Promise<void>;
}

/** Starts the identity servers and, for a prober, its side of the Channel. Fails when a port is taken. */
export async function startAgent(options: AgentOptions): Promise<RunningAgent> {
  const { identity, node, address } = options;
  const keys = keyring();
  const own = address === undefined ? ownAddresses() : () => [address];
  const who: Identity = { identity, own, keys, ...(node === undefined ? {} : { node }) };
  const first = await openIdentity(who, options.port, address);
  const second = options.secondPort === undefined ? undefined : await openIdentity(who, options.secondPort, address);
  const startedAtMs = monotonicMs();
  const state = (): ProberState => ({ identity, port: first.port, own: own(), startedAtMs });
  const stopControl =
    options.socket === undefined ? undefined : await openControl(options, options.socket, keys, state);
  return {
    port: first.port,
    stop: async () => {
      await Promise.all([first.close(), second?.close(), stopControl?.()]);
    },
  };
}

/** Over TCP and UDP, on the same port. */
async function openIdentity(who: Identity, port: number, address: string | undefined): Promise<Listener> {
  const tcp = await listenTcp(tcpIdentityServer(who), port, address);
  // An answer has to come from the address that was asked, which a socket for all addresses does not see to: a node has many.
  const addresses = address === undefined ? [undefined, ...who.own()] : [address];
  const make = (family: 'udp4' | 'udp6'): UdpSocket => udpIdentityServer(who, family);
  const udp = await Promise.all(addresses.map((one) => listenUdp(make, tcp.port, one)));
  return {
    port: tcp.port,
    close: async () => {
      await Promise.all([tcp, ...udp].map((listener) => listener.close()));
    },
  };
}

async function openControl(
  { address, nodeResolver }: AgentOptions,
  socket: string,
  keys: Keyring,
  state: () => ProberState,
): Promise<() => Promise<void>> {
  const from = address === undefined ? {} : { from: address };
  const { routes, stop } = proberRoutes({
    keys,
    state,
    socketFolder: dirname(socket),
    probe: prober({ ...from, ...(nodeResolver === undefined ? {} : { nodeResolver }) }),
    ...from,
  });
  const control = await listenUnix(controlServer(routes), socket);
  return async () => {
    stop();
    nodeResolver?.stop();
    await control.close();
  };
}
