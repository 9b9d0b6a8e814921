import { randomBytes } from 'node:crypto';
import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { parseStun, serializeStun, stunAttribute, stunType } from '../../../../src/rtc/stun/stun-message.ts';

/** A client that does ICE and nothing else: its datagrams reach a peer, whatever they hold. */
export interface StunClient {
  /** The answer to give to the peer. */
  readonly answer: string;
  /** Proves the address to the peer; resolves when the peer has said so. */
  check(): Promise<void>;
  send(datagram: Buffer): Promise<void>;
  /** Asks once more; resolves when the peer has answered everything before. */
  settled(): Promise<void>;
  close(): Promise<void>;
}

const valueOf = (sdp: string, name: string): string => new RegExp(`^a=${name}:(.*)$`, 'm').exec(sdp)?.[1]?.trim() ?? '';

/** Reads what it needs from an offer that has an application section. */
export const createStunClient = async (offer: string, host: string, port: number): Promise<StunClient> => {
  const socket = createSocket('udp4');
  const listening = once(socket, 'listening');
  socket.bind(0, '127.0.0.1');
  await listening;
  const [ufrag, password] = [valueOf(offer, 'ice-ufrag'), valueOf(offer, 'ice-pwd')];
  const send = async (datagram: Buffer): Promise<void> =>
    new Promise((resolve, reject) => {
      socket.send(datagram, port, host, (error) => (error === null ? resolve() : reject(error)));
    });
  const check = async (): Promise<void> => {
    const transactionId = randomBytes(12);
    const answered = new Promise<void>((resolve) => {
      const listener = (datagram: Buffer): void => {
        const message = parseStun(datagram);
        if (message?.type !== stunType.bindingSuccess || !message.transactionId.equals(transactionId)) return;
        socket.off('message', listener);
        resolve();
      };
      socket.on('message', listener);
    });
    await send(
      serializeStun({
        type: stunType.bindingRequest,
        transactionId,
        attributes: [
          [stunAttribute.username, Buffer.from(`${ufrag}:stun`)],
          [stunAttribute.iceControlling, randomBytes(8)],
          [stunAttribute.useCandidate, Buffer.alloc(0)],
        ],
        password,
      }),
    );
    await answered;
  };
  const answer = [
    'v=0',
    'o=- 1 1 IN IP4 127.0.0.1',
    's=-',
    't=0 0',
    'm=application 9 UDP/DTLS/SCTP webrtc-datachannel',
    'a=mid:data',
    'a=ice-ufrag:stun',
    'a=ice-pwd:0123456789012345678901',
    'a=fingerprint:sha-256 00',
    'a=setup:active',
    '',
  ].join('\r\n');
  return {
    answer,
    check,
    send,
    settled: check,
    close: async () => {
      const closed = once(socket, 'close');
      socket.close();
      await closed;
    },
  };
};
