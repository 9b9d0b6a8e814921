import type { SrtpKeyMaterial } from '../srtp/key-material.ts';
import { prf, sha256 } from './prf.ts';
import { createRecordCipher } from './record-cipher.ts';
import type { RecordCipher } from './record-cipher.ts';

export interface SessionKeys {
  readonly incoming: RecordCipher;
  readonly outgoing: RecordCipher;
  readonly verifyData: (from: 'client' | 'server', transcript: Buffer) => Buffer;
  readonly exportSrtp: (profile: number, keyBytes: number, saltBytes: number) => SrtpKeyMaterial;
}

export interface SessionKeyInput {
  readonly preMasterSecret: Buffer;
  readonly clientRandom: Buffer;
  readonly serverRandom: Buffer;
  /** Messages up to and with ClientKeyExchange, when both sides know RFC 7627. */
  readonly extendedTranscript: Buffer | undefined;
}

const keyBytes = 16;
const saltBytes = 4;

const split = (block: Buffer, ...lengths: readonly number[]): Buffer[] => {
  let at = 0;
  return lengths.map((length) => block.subarray(at, (at += length)));
};

/** All keys of a session with AES-128-GCM (RFC 5246 section 6.3), seen from the server. */
export const deriveSessionKeys = ({ preMasterSecret, clientRandom, serverRandom, extendedTranscript }: SessionKeyInput): SessionKeys => {
  const master =
    extendedTranscript === undefined
      ? prf(preMasterSecret, 'master secret', Buffer.concat([clientRandom, serverRandom]), 48)
      : prf(preMasterSecret, 'extended master secret', sha256(extendedTranscript), 48);
  const block = prf(master, 'key expansion', Buffer.concat([serverRandom, clientRandom]), 2 * (keyBytes + saltBytes));
  const [clientKey, serverKey, clientSalt, serverSalt] = split(block, keyBytes, keyBytes, saltBytes, saltBytes) as [
    Buffer,
    Buffer,
    Buffer,
    Buffer,
  ];
  return {
    incoming: createRecordCipher(clientKey, clientSalt),
    outgoing: createRecordCipher(serverKey, serverSalt),
    verifyData: (from, transcript) => prf(master, `${from} finished`, sha256(transcript), 12),
    exportSrtp: (profile, srtpKeyBytes, srtpSaltBytes) => {
      const length = 2 * (srtpKeyBytes + srtpSaltBytes);
      const material = prf(master, 'EXTRACTOR-dtls_srtp', Buffer.concat([clientRandom, serverRandom]), length);
      const parts = split(material, srtpKeyBytes, srtpKeyBytes, srtpSaltBytes, srtpSaltBytes) as [Buffer, Buffer, Buffer, Buffer];
      return { profile, client: { key: parts[0], salt: parts[2] }, server: { key: parts[1], salt: parts[3] } };
    },
  };
};
