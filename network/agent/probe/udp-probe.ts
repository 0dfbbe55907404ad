import { answerIn } from '../identity.ts';
import type { ProbeOutcome, Question } from '../protocol.ts';
import type { Destination } from './tcp-probe.ts';
import { exchangeUdp } from './udp-exchange.ts';

/** One datagram out of a fresh socket, and the answer to it. `resendAfterMs` forgives one lost datagram. */
export function probeUdp(
  to: Destination & { readonly resendAfterMs?: number },
  question: Question,
): Promise<ProbeOutcome> {
  return exchangeUdp(to, {
    payload: JSON.stringify(question),
    read: (message) => {
      const answer = answerIn(message.toString('utf8'));
      return answer?.nonce === question.nonce ? { kind: 'answer', answer } : undefined;
    },
    ...(to.resendAfterMs === undefined ? {} : { resendAfterMs: to.resendAfterMs }),
  });
}
