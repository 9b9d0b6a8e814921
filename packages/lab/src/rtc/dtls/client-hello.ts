/** The parts of a ClientHello that a DTLS 1.2 server needs. */
export interface ClientHello {
  readonly random: Buffer;
  readonly cipherSuites: readonly number[];
  /** By extension type; a repeated type keeps its last body. */
  readonly extensions: ReadonlyMap<number, Buffer>;
}

export const extensionType = {
  supportedGroups: 10,
  ecPointFormats: 11,
  useSrtp: 14,
  extendedMasterSecret: 23,
  supportedVersions: 43,
  renegotiationInfo: 0xff01,
} as const;

const uint16List = (bytes: Buffer): number[] => {
  const list: number[] = [];
  for (let at = 0; at + 2 <= bytes.length; at += 2) list.push(bytes.readUInt16BE(at));
  return list;
};

/** @throws RangeError when the message is cut off. */
export const parseClientHello = (body: Buffer): ClientHello => {
  let at = 2;
  const take = (length: number): Buffer => {
    if (at + length > body.length) throw new RangeError('ClientHello is cut off');
    at += length;
    return body.subarray(at - length, at);
  };
  const random = take(32);
  take(take(1).readUInt8());
  take(take(1).readUInt8());
  const cipherSuites = uint16List(take(take(2).readUInt16BE()));
  take(take(1).readUInt8());
  const extensions = new Map<number, Buffer>();
  if (at < body.length) {
    const end = at + 2 + take(2).readUInt16BE();
    while (at + 4 <= end) {
      const type = take(2).readUInt16BE();
      extensions.set(type, take(take(2).readUInt16BE()));
    }
  }
  return { random, cipherSuites, extensions };
};

const dtls12 = 0xfefd;

/** Whether the client can use DTLS 1.2: one that does not list its versions (RFC 9147 section 5.4) can. */
export const offersDtls12 = ({ extensions }: ClientHello): boolean => {
  const body = extensions.get(extensionType.supportedVersions);
  return body === undefined || uint16List(body.subarray(1)).includes(dtls12);
};

/** Groups the client can use, preferred first (RFC 8422). */
export const supportedGroups = ({ extensions }: ClientHello): number[] =>
  uint16List((extensions.get(extensionType.supportedGroups) ?? Buffer.alloc(0)).subarray(2));

/** SRTP protection profiles the client can use, preferred first (RFC 5764). */
export const srtpProfiles = ({ extensions }: ClientHello): number[] => {
  const body = extensions.get(extensionType.useSrtp);
  return body === undefined || body.length < 2 ? [] : uint16List(body.subarray(2, 2 + body.readUInt16BE()));
};
