import { createCipheriv, createHmac } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { deriveKey, label } from '../../../src/rtc/srtp/key-derivation.ts';
import { aeadAes128Gcm, aes128CmSha1Tag80, createProtection } from '../../../src/rtc/srtp/protection.ts';
import { srtpProfile, srtpProfiles, srtpSaltBytes } from '../../../src/rtc/srtp/srtp-profile.ts';
import { SrtpSession } from '../../../src/rtc/srtp/srtp-session.ts';

const bytes = (hex: string): Buffer => Buffer.from(hex.replace(/ /g, ''), 'hex');

describe('AEAD_AES_128_GCM of RFC 7714, whose vectors begin with session keys', () => {
  const key = bytes('000102030405060708090a0b0c0d0e0f');
  const salt = bytes('517569642070726f2071756f');

  test('seals and opens the RTP packet of section 16.1', () => {
    const rtp = aeadAes128Gcm(key, salt, false);
    const index = { ssrc: 0x5501a0b2, high: 0, low: 0xf17b };
    const header = bytes('8040f17b 8041f8d3 5501a0b2');
    const plain = bytes('47616c6c 69612065 7374206f 6d6e6973 20646976 69736120 696e2070 61727465 73207472 6573');
    const sealed = bytes(
      'f24de3a3 fb34de6c acba861c 9d7e4bca be633bd5 0d294e6f 42a5f47a 51c7d19b 36de3adf 8833' + '899d7f27 beb16a91 52cf765e e4390cce',
    );
    expect(rtp.seal(index, header, plain, Buffer.alloc(4)).toString('hex')).toBe(sealed.toString('hex'));
    expect(rtp.open(index, header, sealed, Buffer.alloc(4))?.toString('hex')).toBe(plain.toString('hex'));
  });

  test('seals and opens the RTCP packet of section 17.1', () => {
    const rtcp = aeadAes128Gcm(key, salt, true);
    const index = { ssrc: 0x4d617273, high: 0, low: 0x5d4 };
    const header = bytes('81c8000d 4d617273');
    const trailer = bytes('800005d4');
    const plain = bytes('4e545031 4e545032 52545020 0000042a 0000e930 4c756e61 deadbeef deadbeef deadbeef deadbeef deadbeef');
    const sealed = bytes(
      '63e94885 dcdab67c a727d766 2f6b7e99 7ff5c0f7 6c06f32d c676a5f1 730d6fda 4ce09b46 86303ded 0bb9275b' +
        'c84aa458 96cf4d2f c5abf872 45d9eade',
    );
    expect(rtcp.seal(index, header, plain, trailer).toString('hex')).toBe(sealed.toString('hex'));
    expect(rtcp.open(index, header, sealed, trailer)?.toString('hex')).toBe(plain.toString('hex'));
  });
});

// RFC 3711 has vectors for the key derivation and the key stream only. These packets are those that libsrtp tests itself with.
describe('AES_CM_128_HMAC_SHA1_80, with the packets of libsrtp', () => {
  const master = { key: bytes('e1f97a0d3e018be0d64fa32c06de4139'), salt: bytes('0ec675ad498afeebb6960b3aabe6') };
  const session = () => new SrtpSession({ profile: srtpProfile.aes128CmSha1Tag80, client: master, server: master });
  const payload = Buffer.alloc(16, 0xab);
  const rtpHeader = bytes('800f1234 decafbad cafebabe');
  const sealedRtp = '800f1234decafbadcafebabe4e55dc4ce79978d88ca4d215949d2402b78d6acc99ea179b8dbb';
  const rtcp = Buffer.concat([bytes('81c8000b cafebabe'), payload]);
  const sealedRtcp = '81c8000bcafebabe7128035be487b9bdbef89041f977a5a880000001993e08cd54d6c1230798';

  test('seals and opens RTP', () => {
    expect(session().sealRtp(rtpHeader, payload).toString('hex')).toBe(sealedRtp);
    expect(session().openRtp(bytes(sealedRtp))?.toString('hex')).toBe(Buffer.concat([rtpHeader, payload]).toString('hex'));
  });

  test('seals and opens the RTCP packet with index 1', () => {
    const from = session();
    from.sealRtcp(rtcp);
    expect(from.sealRtcp(rtcp).toString('hex')).toBe(sealedRtcp);
    expect(session().openRtcp(bytes(sealedRtcp))?.toString('hex')).toBe(rtcp.toString('hex'));
  });
});

// The nonces of both profiles in the numbers of the RFCs, with a roll-over counter and an RTCP index that need all their bytes.
describe('the nonce', () => {
  const key = bytes('000102030405060708090a0b0c0d0e0f');
  const header = bytes('800f1234 decafbad cafebabe');
  const payload = Buffer.from('a payload');
  const trailer = bytes('89abcdef');
  const index = { ssrc: 0xcafebabe, high: 0x01234567, low: 0x89ab };
  const rtcpIndex = { ssrc: 0xcafebabe, high: 0, low: 0x12345678 };
  const block = (value: bigint, length: number): Buffer => Buffer.from(value.toString(16).padStart(2 * length, '0'), 'hex');

  test.each([
    ['RTP', false, index, (0x01234567n << 16n) | 0x89abn],
    ['RTCP', true, rtcpIndex, 0x12345678n],
  ] as const)('of AES_CM for %s (RFC 3711 section 4.1.1)', (_, isRtcp, given, number) => {
    const salt = bytes('0ec675ad498afeebb6960b3aabe6');
    const authenticationKey = Buffer.alloc(20, 7);
    const iv = (BigInt(`0x${salt.toString('hex')}`) << 16n) ^ (0xcafebaben << 64n) ^ (number << 16n);
    const encrypted = createCipheriv('aes-128-ctr', key, block(iv, 16)).update(payload);
    const tag = createHmac('sha1', authenticationKey)
      .update(Buffer.concat([header, encrypted, trailer]))
      .digest()
      .subarray(0, 10);
    const protection = aes128CmSha1Tag80(key, salt, authenticationKey, isRtcp);
    const sealed = protection.seal(given, header, payload, trailer);
    expect(sealed.toString('hex')).toBe(Buffer.concat([encrypted, tag]).toString('hex'));
    expect(protection.open(given, header, sealed, trailer)?.toString()).toBe('a payload');
    expect(protection.overheadBytes).toBe(10);
  });

  test.each([
    ['RTP', false, index, (0x01234567n << 16n) | 0x89abn, header],
    ['RTCP', true, rtcpIndex, 0x12345678n, Buffer.concat([header, trailer])],
  ] as const)('of AES_GCM for %s (RFC 7714 sections 8.1 and 9.1)', (_, isRtcp, given, number, additional) => {
    const salt = bytes('517569642070726f2071756f');
    const iv = BigInt(`0x${salt.toString('hex')}`) ^ (0xcafebaben << 48n) ^ number;
    const cipher = createCipheriv('aes-128-gcm', key, block(iv, 12));
    cipher.setAAD(additional);
    const expected = Buffer.concat([cipher.update(payload), cipher.final(), cipher.getAuthTag()]);
    const protection = aeadAes128Gcm(key, salt, isRtcp);
    const sealed = protection.seal(given, header, payload, trailer);
    expect(sealed.toString('hex')).toBe(expected.toString('hex'));
    expect(protection.open(given, header, sealed, trailer)?.toString()).toBe('a payload');
    expect(protection.overheadBytes).toBe(16);
  });

  test.each([
    ['AES_CM', aes128CmSha1Tag80(key, Buffer.alloc(14), Buffer.alloc(20), false)],
    ['AES_GCM', aeadAes128Gcm(key, Buffer.alloc(12), false)],
  ])('a payload of %s that is shorter than its tag is not opened, an empty one is', (_, protection) => {
    for (let length = 0; length < protection.overheadBytes; length++) {
      expect(protection.open(index, header, Buffer.alloc(length), trailer)).toBeUndefined();
    }
    expect(protection.open(index, header, protection.seal(index, header, Buffer.alloc(0), trailer), trailer)).toEqual(Buffer.alloc(0));
  });
});

test('createProtection gives RTP and RTCP their own nonces and keys', () => {
  const master = { key: bytes('e1f97a0d3e018be0d64fa32c06de4139'), salt: bytes('0ec675ad498afeebb6960b3aabe6') };
  const derive = (which: number, length: number): Buffer => deriveKey(master.key, master.salt, which, length);
  const { rtp, rtcp } = createProtection(srtpProfile.aes128CmSha1Tag80, master);
  const [clear, payload, trailer] = [bytes('800f1234decafbadcafebabe'), Buffer.alloc(16, 0xab), Buffer.alloc(4)] as const;
  const rtpIndex = { ssrc: 1, high: 2, low: 3 };
  const rtcpIndex = { ssrc: 1, high: 0, low: 0x20003 };
  expect(rtp.seal(rtpIndex, clear, payload, trailer)).toEqual(
    aes128CmSha1Tag80(derive(label.rtpKey, 16), derive(label.rtpSalt, 14), derive(label.rtpAuthentication, 20), false).seal(
      rtpIndex,
      clear,
      payload,
      trailer,
    ),
  );
  expect(rtcp.seal(rtcpIndex, clear, payload, trailer)).toEqual(
    aes128CmSha1Tag80(derive(label.rtcpKey, 16), derive(label.rtcpSalt, 14), derive(label.rtcpAuthentication, 20), true).seal(
      rtcpIndex,
      clear,
      payload,
      trailer,
    ),
  );
});

test('GCM comes first, with a salt of 12 bytes against 14', () => {
  expect(srtpProfiles).toEqual([7, 1]);
  expect(srtpProfiles.map(srtpSaltBytes)).toEqual([12, 14]);
});
