import { startRtcEndpoint } from '../../../../src/rtc/endpoint.ts';
import { createStunClient } from './stun-client.ts';

// A process of its own: peers in every phase are left standing when the endpoint closes; what the process still holds is printed.

/** Pipes to the parent are not ours. */
const held = (): string[] =>
  [...new Set(process.getActiveResourcesInfo().filter((name) => name === 'UDPWrap' || name === 'Timeout'))].sort();

const endpoint = await startRtcEndpoint();
const peers = Array.from({ length: 5 }, () => endpoint.createPeer({ dataChannels: true }));
const clients = await Promise.all(peers.map(async (peer) => createStunClient(peer.createOffer(), endpoint.host, endpoint.port)));
// 0: new. 1: answered, nobody comes. 2: checks done, no DTLS. 3: in the middle of DTLS. 4: delayed datagrams on their way.
for (const [index, peer] of peers.entries()) if (index > 0) peer.acceptAnswer(clients[index]?.answer ?? '');
for (const index of [2, 3, 4]) await clients[index]?.check();

/** A ClientHello without cookie: the server answers and waits, with a timer. */
const clientHello = ((): Buffer => {
  const body = Buffer.concat([Buffer.from('fefd', 'hex'), Buffer.alloc(32), Buffer.from('00000002c02b0100', 'hex')]);
  const length = Buffer.alloc(3);
  length.writeUIntBE(body.length, 0, 3);
  const message = Buffer.concat([Buffer.from([1]), length, Buffer.from('0000000000', 'hex'), length, body]);
  const record = Buffer.from('16fefd00000000000000000000', 'hex');
  record.writeUInt16BE(message.length, 11);
  return Buffer.concat([record, message]);
})();
for (const index of [3, 4]) await clients[index]?.send(clientHello);
await clients[3]?.settled();
peers[4]?.impair({ delayMs: 60_000 });
await clients[4]?.send(clientHello);
await clients[0]?.check();

const before = held();
await endpoint.close();
await Promise.all(clients.map(async (client) => client.close()));
// Node takes closed sockets off its list some turns of the loop later.
for (let turn = 0; turn < 20 && held().length > 0; turn++) await new Promise((resolve) => setImmediate(resolve));
console.log(JSON.stringify({ before, after: held(), states: peers.map(({ state }) => state) }));
