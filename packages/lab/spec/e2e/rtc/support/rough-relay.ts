import { createSocket } from 'node:dgram';
import type { Socket } from 'node:dgram';
import { once } from 'node:events';
import type { PseudoRandom } from '../../../rtc/support/pseudo-random.ts';
import type { Roughness } from '../../../rtc/support/werift-sctp.ts';
import { smooth } from '../../../rtc/support/werift-sctp.ts';

/** A stretch of real network between one client and an endpoint that loses, doubles and delays datagrams. */
export interface RoughRelay {
  readonly port: number;
  network: Roughness;
  /** Datagrams that got lost, that came twice, and all. */
  readonly counted: { lost: number; doubled: number; all: number };
  close(): Promise<void>;
}

const bound = async (): Promise<Socket> => {
  const socket = createSocket('udp4');
  const listening = once(socket, 'listening');
  socket.bind(0, '127.0.0.1');
  await listening;
  return socket;
};

export const startRoughRelay = async (endpointPort: number, random: PseudoRandom): Promise<RoughRelay> => {
  const [front, back] = await Promise.all([bound(), bound()]);
  const waiting = new Set<ReturnType<typeof setTimeout>>();
  let client = { address: '127.0.0.1', port: 0 };
  const relay: RoughRelay = {
    port: front.address().port,
    network: smooth,
    counted: { lost: 0, doubled: 0, all: 0 },
    close: async () => {
      for (const timer of waiting) clearTimeout(timer);
      await Promise.all(
        [front, back].map(async (socket) => {
          const closed = once(socket, 'close');
          socket.close();
          await closed;
        }),
      );
    },
  };
  const carry = (datagram: Buffer, send: () => void): void => {
    const { loss, duplication, jitterMs } = relay.network;
    // Checks of ICE pass: their losses are another matter.
    const isStun = (datagram[0] ?? 0) < 4;
    relay.counted.all++;
    if (!isStun && random.next() < loss) {
      relay.counted.lost++;
      return;
    }
    const copies = !isStun && random.next() < duplication ? 2 : 1;
    if (copies === 2) relay.counted.doubled++;
    for (let copy = 0; copy < copies; copy++) {
      const timer = setTimeout(
        () => {
          waiting.delete(timer);
          send();
        },
        random.below(jitterMs + 1),
      );
      waiting.add(timer);
    }
  };
  front.on('message', (datagram, { address, port }) => {
    client = { address, port };
    carry(datagram, () => back.send(datagram, endpointPort, '127.0.0.1'));
  });
  back.on('message', (datagram) => carry(datagram, () => front.send(datagram, client.port, client.address)));
  return relay;
};
