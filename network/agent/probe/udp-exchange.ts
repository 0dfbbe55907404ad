import { createSocket } from 'node:dgram';
import { isIPv6 } from 'node:net';
import type { ProbeOutcome } from '../protocol.ts';
import { plainAddress } from '../addresses.ts';
import { attempt } from './attempt.ts';
import { codeOf, failureOf, silence } from './failure.ts';
import type { Destination } from './tcp-probe.ts';

/** Time for the ICMP error that tells refusal from silence, after the system has refused to send. */
const ICMP_GRACE_MS = 50;

interface Exchange {
  readonly payload: Buffer | string;
  /** The outcome in a datagram; undefined when it is not the answer to this question. */
  readonly read: (message: Buffer) => ProbeOutcome | undefined;
  /** When the question is sent once more, as TCP would; not at all when absent. */
  readonly resendAfterMs?: number;
  readonly onSilence?: ProbeOutcome;
}

/** A datagram out of a fresh socket and the first one back that is its answer. */
export function exchangeUdp(to: Destination, exchange: Exchange): Promise<ProbeOutcome> {
  return attempt(
    to.timeoutMs,
    (finish) => {
      // Connected, so that the kernel reports ICMP errors, and lets in only what comes from the address that was asked.
      const socket = createSocket(isIPv6(to.host) ? 'udp6' : 'udp4');
      const timers: NodeJS.Timeout[] = [];
      const send = (): void =>
        socket.send(exchange.payload, (error) => {
          if (error === null) return;
          // A REJECT in OUTPUT fails the sending (EPERM) and then says "refused"; a DROP there only fails the sending.
          timers.push(setTimeout(finish, codeOf(error) === 'EPERM' ? ICMP_GRACE_MS : 0, failureOf(error)));
        });
      socket.on('error', (error) => finish(failureOf(error)));
      socket.on('message', (message) => {
        const outcome = exchange.read(message);
        if (outcome !== undefined) finish(outcome);
      });
      socket.on('connect', () => {
        to.onSource?.(plainAddress(socket.address().address));
        send();
        if (exchange.resendAfterMs !== undefined) timers.push(setTimeout(send, exchange.resendAfterMs));
      });
      const connect = (): void => socket.connect(to.port, to.host);
      if (to.from === undefined && to.fromPort === undefined) connect();
      else socket.bind(to.fromPort, to.from, connect);
      return () => {
        for (const timer of timers) clearTimeout(timer);
        socket.close();
      };
    },
    () => exchange.onSilence ?? silence(to.timeoutMs, false),
  );
}
