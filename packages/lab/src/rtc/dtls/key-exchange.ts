import { createECDH, createPublicKey, diffieHellman, generateKeyPairSync } from 'node:crypto';

/** Named groups (RFC 8422 section 5.1.1). */
const group = { secp256r1: 23, x25519: 29 } as const;

/** Our half of an ephemeral Diffie-Hellman exchange. */
export interface KeyExchange {
  readonly group: number;
  readonly publicKey: Buffer;
  /** @throws when the other side's key is no point of the group. */
  secret(remotePublicKey: Buffer): Buffer;
}

const p256 = (): KeyExchange => {
  const ecdh = createECDH('prime256v1');
  return { group: group.secp256r1, publicKey: ecdh.generateKeys(), secret: (remote) => ecdh.computeSecret(remote) };
};

const x25519 = (): KeyExchange => {
  const { publicKey, privateKey } = generateKeyPairSync('x25519');
  const own = publicKey.export({ format: 'jwk' }).x;
  if (own === undefined) throw new Error('X25519 is not supported by this runtime');
  return {
    group: group.x25519,
    publicKey: Buffer.from(own, 'base64url'),
    secret: (remote) => {
      const key = { kty: 'OKP', crv: 'X25519', x: remote.toString('base64url') };
      return diffieHellman({ privateKey, publicKey: createPublicKey({ format: 'jwk', key }) });
    },
  };
};

/** An exchange in the first group of the client that we know; undefined when there is none. */
export const startKeyExchange = (groups: readonly number[]): KeyExchange | undefined => {
  const chosen = groups.find((candidate) => candidate === group.x25519 || candidate === group.secp256r1);
  if (chosen === undefined) return undefined;
  return chosen === group.x25519 ? x25519() : p256();
};
