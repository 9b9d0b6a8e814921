import { createSocket } from 'node:dgram';
import type { Socket } from 'node:dgram';
import { once } from 'node:events';
import { createCertificate } from './dtls/certificate.ts';
import { LabEndpoint } from './lab-endpoint.ts';
import type { RtcEndpoint, RtcEndpointOptions } from './rtc-endpoint.ts';

/** Bursts of video from several clients must fit; the system may grant less. */
const socketBufferBytes = 4 * 1024 * 1024;

const enlargeBuffers = (socket: Socket): void => {
  for (const enlarge of [() => socket.setRecvBufferSize(socketBufferBytes), () => socket.setSendBufferSize(socketBufferBytes)]) {
    try {
      enlarge();
    } catch {
      // A system that refuses keeps its default; media then loses packets earlier.
    }
  }
};

/**
 * Binds the UDP socket and makes the DTLS certificate.
 *
 * @throws the system's error when the address cannot be bound.
 */
export const startRtcEndpoint = async ({
  host = '127.0.0.1',
  port = 0,
  announcedHost = host,
}: RtcEndpointOptions = {}): Promise<RtcEndpoint> => {
  const family = host.includes(':') ? 6 : 4;
  const socket = createSocket({
    type: family === 6 ? 'udp6' : 'udp4',
    // Addresses are never names: without a look-up a datagram leaves in the tick it is sent in, also right before the socket is closed.
    lookup: (address, _options, callback) => callback(null, address, family),
  });
  try {
    // `once` rejects on `error`. It listens before the bind, which needs no other tick.
    const listening = once(socket, 'listening');
    socket.bind(port, host);
    await listening;
  } catch (error) {
    socket.close();
    throw error;
  }
  enlargeBuffers(socket);
  return new LabEndpoint(socket, announcedHost, createCertificate());
};
