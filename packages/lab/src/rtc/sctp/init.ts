import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto';
import { chunkType } from './packet.ts';
import { parameterType, parseParameters, serializeParameter } from './parameters.ts';

/** What an INIT or INIT ACK says about its sender. */
export interface SctpIdentity {
  readonly tag: number;
  readonly windowBytes: number;
  readonly initialTsn: number;
  readonly partialReliability: boolean;
}

const fixedBytes = 16;
const maxStreams = 65535;

const extensions = Buffer.concat([
  serializeParameter({ type: parameterType.forwardTsnSupported, value: Buffer.alloc(0) }),
  serializeParameter({ type: parameterType.supportedExtensions, value: Buffer.from([chunkType.forwardTsn, chunkType.reConfig]) }),
]);

/** The value of an INIT chunk, or with a cookie of an INIT ACK. */
export const serializeInit = (identity: SctpIdentity, cookie?: Buffer): Buffer => {
  const fixed = Buffer.alloc(fixedBytes);
  fixed.writeUInt32BE(identity.tag, 0);
  fixed.writeUInt32BE(identity.windowBytes, 4);
  fixed.writeUInt16BE(maxStreams, 8);
  fixed.writeUInt16BE(maxStreams, 10);
  fixed.writeUInt32BE(identity.initialTsn, 12);
  const cookieParameter = cookie === undefined ? Buffer.alloc(0) : serializeParameter({ type: parameterType.stateCookie, value: cookie });
  return Buffer.concat([fixed, cookieParameter, extensions]);
};

/** @throws RangeError when it is cut off. */
export const parseInit = (value: Buffer): { readonly identity: SctpIdentity; readonly cookie: Buffer | undefined } => {
  const parameters = parseParameters(value.subarray(fixedBytes));
  const supported = parameters.find(({ type }) => type === parameterType.supportedExtensions)?.value;
  return {
    identity: {
      tag: value.readUInt32BE(0),
      windowBytes: value.readUInt32BE(4),
      initialTsn: value.readUInt32BE(12),
      partialReliability:
        parameters.some(({ type }) => type === parameterType.forwardTsnSupported) || (supported?.includes(chunkType.forwardTsn) ?? false),
    },
    cookie: parameters.find(({ type }) => type === parameterType.stateCookie)?.value,
  };
};

/** Remembers the other side's INIT in the cookie instead of in memory (RFC 9260 section 5.1.3). */
export interface CookieJar {
  bake(identity: SctpIdentity): Buffer;
  /** Undefined when the cookie is not ours. */
  open(cookie: Buffer): SctpIdentity | undefined;
}

export const createCookieJar = (): CookieJar => {
  const key = randomBytes(32);
  const contentBytes = 13;
  const macOf = (content: Buffer): Buffer => createHmac('sha256', key).update(content).digest();
  return {
    bake: ({ tag, windowBytes, initialTsn, partialReliability }) => {
      const content = Buffer.alloc(contentBytes);
      content.writeUInt32BE(tag, 0);
      content.writeUInt32BE(windowBytes, 4);
      content.writeUInt32BE(initialTsn, 8);
      content.writeUInt8(partialReliability ? 1 : 0, 12);
      return Buffer.concat([content, macOf(content)]);
    },
    open: (cookie) => {
      if (cookie.length !== contentBytes + 32) return undefined;
      const content = cookie.subarray(0, contentBytes);
      if (!timingSafeEqual(cookie.subarray(contentBytes), macOf(content))) return undefined;
      return {
        tag: content.readUInt32BE(0),
        windowBytes: content.readUInt32BE(4),
        initialTsn: content.readUInt32BE(8),
        partialReliability: content.readUInt8(12) === 1,
      };
    },
  };
};
