import { createSocket, type Socket } from 'node:dgram';
import { plainAddress } from './addresses.ts';
import { MAX_QUESTION_BYTES, answerTo, questionIn, type Identity } from './identity.ts';

/** The identity echo over UDP: a question a datagram, an answer a datagram. Not yet bound. */
export function udpIdentityServer(who: Identity, family: 'udp4' | 'udp6'): Socket {
  // One for all addresses and one for each share a port; the one that is nearest to the question gets it.
  const socket = createSocket({ type: family, reuseAddr: true });
  socket.on('message', (message, client) => {
    const question = message.length > MAX_QUESTION_BYTES ? undefined : questionIn(message.toString('utf8'));
    if (question === undefined) return;
    const answer = answerTo(who, question, plainAddress(client.address));
    // The way back may be broken; the client notices.
    socket.send(JSON.stringify(answer), client.port, client.address, () => undefined);
  });
  return socket;
}
