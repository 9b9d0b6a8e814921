import { RtpHeader, SrtcpSession, SrtpSession as WeriftSrtp } from 'werift';
import { describe, expect, test } from 'vitest';
import { receiverReport } from '../../../src/rtc/rtp/rtcp.ts';
import { parseRtp, serializeRtpHeader } from '../../../src/rtc/rtp/rtp-packet.ts';
import { createProtection } from '../../../src/rtc/srtp/protection.ts';
import { srtpProfile, srtpSaltBytes } from '../../../src/rtc/srtp/srtp-profile.ts';
import { SrtpSession } from '../../../src/rtc/srtp/srtp-session.ts';
import { pseudoRandom } from '../support/pseudo-random.ts';

const header = (sequenceNumber: number, ssrc = 0xdeadbeef): Buffer =>
  serializeRtpHeader({
    payloadType: 96,
    marker: true,
    sequenceNumber,
    timestamp: 1234,
    ssrc,
    extensions: new Map([[4, Buffer.from('mid')]]),
  });

describe.each([
  ['AES_CM_128_HMAC_SHA1_80', srtpProfile.aes128CmSha1Tag80],
  ['AEAD_AES_128_GCM', srtpProfile.aeadAes128Gcm],
] as const)('SrtpSession with %s', (_, profile) => {
  const random = pseudoRandom(profile);
  const key = () => ({ key: random.bytes(16), salt: random.bytes(srtpSaltBytes(profile)) });
  const keys = { profile, client: key(), server: key() };
  const server = () => new SrtpSession(keys);
  const client = () => new SrtpSession({ profile, client: keys.server, server: keys.client });
  const weriftConfig = {
    profile,
    keys: {
      localMasterKey: keys.client.key,
      localMasterSalt: keys.client.salt,
      remoteMasterKey: keys.server.key,
      remoteMasterSalt: keys.server.salt,
    },
  };

  test('opens what the other side sealed, over several wraps of the sequence number', () => {
    const [from, to] = [client(), server()];
    for (let index = 0; index < 200_000; index += 997) {
      const payload = Buffer.from(`packet ${index}`);
      const opened = to.openRtp(from.sealRtp(header(index & 0xffff), payload));
      expect(opened?.subarray(-payload.length).equals(payload)).toBe(true);
    }
  });

  test('opens packets that were overtaken around a wrap', () => {
    const [from, to] = [client(), server()];
    const sealed = [65534, 65535, 0, 1].map((sequence) => from.sealRtp(header(sequence), Buffer.from(String(sequence))));
    for (const index of [0, 2, 1, 3]) expect(to.openRtp(sealed[index]!)).toBeDefined();
  });

  test('refuses every packet with a changed byte', () => {
    const sealed = client().sealRtp(header(1), Buffer.from('payload'));
    for (let at = 0; at < sealed.length; at++) {
      const changed = Buffer.from(sealed);
      changed.writeUInt8(changed.readUInt8(at) ^ 0x01, at);
      expect(server().openRtp(changed), `byte ${at}`).toBeUndefined();
    }
  });

  test('seals and opens RTCP, and refuses every changed byte of it', () => {
    const report = receiverReport(1, [
      { ssrc: 2, fractionLost: 3, totalLost: 4, highestSequence: 5, jitter: 6, lastReport: 7, sinceLastReport: 8 },
    ]);
    const [from, to] = [client(), server()];
    expect(to.openRtcp(from.sealRtcp(report))?.equals(report)).toBe(true);
    const sealed = from.sealRtcp(report);
    for (let at = 0; at < sealed.length; at++) {
      const changed = Buffer.from(sealed);
      changed.writeUInt8(changed.readUInt8(at) ^ 0x01, at);
      expect(to.openRtcp(changed), `byte ${at}`).toBeUndefined();
    }
    expect(to.openRtcp(sealed)?.equals(report)).toBe(true);
  });

  test('agrees with werift in both directions', () => {
    const [ours, theirs, theirRtcp] = [server(), new WeriftSrtp(weriftConfig), new SrtcpSession(weriftConfig)];
    const payload = Buffer.from('hello from werift');
    const sealed = theirs.encrypt(payload, new RtpHeader({ version: 2, payloadType: 96, sequenceNumber: 7, timestamp: 8, ssrc: 9 }));
    expect(parseRtp(ours.openRtp(sealed)!)?.payload.equals(payload)).toBe(true);
    expect(
      theirs
        .decrypt(ours.sealRtp(header(5), payload))
        .subarray(-payload.length)
        .equals(payload),
    ).toBe(true);
    const report = receiverReport(1, []);
    expect(ours.openRtcp(theirRtcp.encrypt(report))?.equals(report)).toBe(true);
    expect(theirRtcp.decrypt(ours.sealRtcp(report)).equals(report)).toBe(true);
  });

  test('survives noise of every length', () => {
    const session = server();
    for (let length = 0; length < 200; length++) {
      const noise = random.bytes(length);
      if (length > 0) noise.writeUInt8(0x80 | (noise.readUInt8(0) & 0x3f), 0);
      expect(session.openRtp(noise)).toBeUndefined();
      expect(session.openRtcp(noise)).toBeUndefined();
    }
  });
});

describe('the roll-over counter (RFC 3711 appendix A)', () => {
  const profile = srtpProfile.aes128CmSha1Tag80;
  const [incoming, outgoing] = [
    { key: Buffer.alloc(16, 1), salt: Buffer.alloc(14, 2) },
    { key: Buffer.alloc(16, 3), salt: Buffer.alloc(14, 4) },
  ];
  const session = () => new SrtpSession({ profile, client: incoming, server: outgoing });
  const payload = Buffer.from('payload');

  /** The packet as it is when its roll-over counter is this one. */
  const packet = (master: typeof incoming, rollOver: number, sequence: number, ssrc = 7): Buffer => {
    const trailer = Buffer.alloc(4);
    trailer.writeUInt32BE(rollOver);
    const clear = header(sequence, ssrc);
    return Buffer.concat([
      clear,
      createProtection(profile, master).rtp.seal({ ssrc, high: rollOver, low: sequence }, clear, payload, trailer),
    ]);
  };

  type Step = readonly [rollOver: number, sequence: number];
  const rows: readonly (readonly [string, readonly Step[]])[] = [
    [
      'stays while numbers grow',
      [
        [0, 10],
        [0, 11],
        [0, 0x8000],
        [0, 0xffff],
      ],
    ],
    [
      'is never below zero',
      [
        [0, 10],
        [0, 0xfff0],
      ],
    ],
    [
      'grows at the wrap',
      [
        [0, 0xffff],
        [1, 0],
        [1, 0x7fff],
        [1, 0xffff],
        [2, 0],
      ],
    ],
    [
      'is the one before for a packet that was overtaken by the wrap',
      [
        [0, 0xffff],
        [1, 0],
        [0, 0xfffe],
        [1, 0x7fff],
      ],
    ],
    [
      'half the number space ahead still counts as ahead',
      [
        [0, 0xffff],
        [1, 0x7ffe],
        [1, 0x7fff],
        [1, 0xffff],
      ],
    ],
    [
      'more than half counts as behind',
      [
        [0, 0xffff],
        [1, 0x7ffe],
        [0, 0xffff],
      ],
    ],
    [
      'half the number space behind still counts as behind',
      [
        [0, 0x8000],
        [0, 0],
      ],
    ],
    [
      'more than half counts as the next round',
      [
        [0, 0x8001],
        [1, 0],
      ],
    ],
    [
      'a late packet does not take the highest number back',
      [
        [0, 0x8001],
        [0, 0x8000],
        [1, 0],
      ],
    ],
  ];

  test.each(rows)('%s', (_, steps) => {
    const [receiver, sender] = [session(), session()];
    for (const [rollOver, sequence] of steps) {
      const label = `${rollOver} ${sequence.toString(16)}`;
      expect(
        receiver
          .openRtp(packet(incoming, rollOver, sequence))
          ?.subarray(-payload.length)
          .toString(),
        label,
      ).toBe('payload');
      expect(sender.sealRtp(header(sequence, 7), payload).equals(packet(outgoing, rollOver, sequence)), label).toBe(true);
    }
  });

  test('is counted for each stream, and begins again for one that is forgotten', () => {
    const [receiver, sender] = [session(), session()];
    for (const [ssrc, rollOver, sequence] of [
      [7, 0, 0xffff],
      [8, 0, 0],
      [7, 1, 0],
      [8, 0, 1],
    ] as const) {
      expect(receiver.openRtp(packet(incoming, rollOver, sequence, ssrc))).toBeDefined();
      expect(sender.sealRtp(header(sequence, ssrc), payload).equals(packet(outgoing, rollOver, sequence, ssrc))).toBe(true);
    }
    sender.forgetSent(7);
    expect(sender.sealRtp(header(1, 7), payload).equals(packet(outgoing, 0, 1, 7))).toBe(true);
    expect(sender.sealRtp(header(2, 8), payload).equals(packet(outgoing, 0, 2, 8))).toBe(true);
  });

  test('is kept for 256 streams; further ones are not opened, the known ones are', () => {
    const receiver = session();
    for (let ssrc = 1; ssrc <= 256; ssrc++) expect(receiver.openRtp(packet(incoming, 0, 1, ssrc)), `stream ${ssrc}`).toBeDefined();
    expect(receiver.openRtp(packet(incoming, 0, 1, 257))).toBeUndefined();
    expect(receiver.openRtp(packet(incoming, 0, 2, 256))).toBeDefined();
  });

  test('is not kept for a packet that is not authentic', () => {
    const receiver = session();
    for (let ssrc = 1; ssrc <= 300; ssrc++) expect(receiver.openRtp(packet(outgoing, 0, 1, ssrc))).toBeUndefined();
    expect(receiver.openRtp(packet(incoming, 0, 1, 400))).toBeDefined();
  });
});
