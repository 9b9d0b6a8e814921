import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { startRtcEndpoint } from '../../../src/rtc/endpoint.ts';
import type { RtcEndpoint, RtcPeer } from '../../../src/rtc/endpoint.ts';
import { pseudoRandom } from '../../rtc/support/pseudo-random.ts';
import { createStunClient } from './support/stun-client.ts';
import type { StunClient } from './support/stun-client.ts';

let endpoint: RtcEndpoint;
let peer: RtcPeer;
let client: StunClient;

beforeEach(async () => {
  endpoint = await startRtcEndpoint();
  peer = endpoint.createPeer({ dataChannels: true });
  client = await createStunClient(peer.createOffer(), endpoint.host, endpoint.port);
});

afterEach(async () => {
  await client.close();
  await endpoint.close();
});

/** First bytes of STUN, DTLS, RTP, RTCP and nothing known. */
const firsts = [0, 1, 20, 21, 22, 23, 63, 0x80, 0x90, 0xbf, 0xff];

describe('hostile datagrams', () => {
  test('from an address that proved itself: 20 000 of every kind are dropped, and the peer goes on', async () => {
    const random = pseudoRandom(31);
    peer.acceptAnswer(client.answer);
    await client.check();
    for (let round = 0; round < 20_000; round++) {
      const datagram = random.bytes(random.below(80));
      if (datagram.length > 1) datagram.writeUInt8(firsts[random.below(firsts.length)]!, 0);
      await client.send(datagram);
      if (round % 100 === 0) await client.settled();
    }
    await client.settled();
    expect(peer.dropped).toBeGreaterThan(10_000);
    expect(peer.state).toBe('connecting');
  });

  test('from anywhere: nothing is known of them, no peer counts them', async () => {
    const random = pseudoRandom(32);
    for (let round = 0; round < 2000; round++) await client.send(random.bytes(random.below(200)));
    await client.settled();
    expect(peer.dropped).toBe(0);
  });

  test('before the answer: a few wait, the rest is dropped', async () => {
    await client.check();
    for (let round = 0; round < 20; round++) await client.send(Buffer.from([22, 0xfe, 0xfd, round]));
    await client.settled();
    expect(peer.dropped).toBe(12);
    peer.acceptAnswer(client.answer);
    expect(peer.dropped).toBe(20);
  });

  test('for a peer that is closed: no answer, no error', async () => {
    const other = endpoint.createPeer({ dataChannels: true });
    const gone = await createStunClient(other.createOffer(), endpoint.host, endpoint.port);
    other.acceptAnswer(gone.answer);
    await gone.check();
    other.close();
    await gone.send(Buffer.from([22, 0xfe, 0xfd, 0]));
    await client.check();
    expect(other.dropped).toBe(0);
    expect(endpoint.peers).toEqual([peer]);
    await gone.close();
  });
});
