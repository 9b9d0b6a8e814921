import { RtpHeader, SrtcpSession, SrtpSession as WeriftSrtp } from 'werift';
import { describe, expect, test } from 'vitest';
import { receiverReport } from '../../../src/rtc/rtp/rtcp.ts';
import { parseRtp, serializeRtpHeader } from '../../../src/rtc/rtp/rtp-packet.ts';
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
