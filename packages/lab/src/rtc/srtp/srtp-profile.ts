/** SRTP protection profiles (RFC 5764, RFC 7714). */
export const srtpProfile = { aes128CmSha1Tag80: 0x0001, aeadAes128Gcm: 0x0007 } as const;

/** Preferred first: one pass over the packet instead of two. */
export const srtpProfiles: readonly number[] = [srtpProfile.aeadAes128Gcm, srtpProfile.aes128CmSha1Tag80];

export const srtpKeyBytes = 16;

export const srtpSaltBytes = (profile: number): number => (profile === srtpProfile.aeadAes128Gcm ? 12 : 14);
