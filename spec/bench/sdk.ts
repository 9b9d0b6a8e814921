/** The two that are measured. */
export const sdks = ['rxSora', 'official'] as const;

export type Sdk = (typeof sdks)[number];

/** What they are called in print. */
export const sdkNames: Readonly<Record<Sdk, string>> = { rxSora: 'rx-sora', official: 'sora-js-sdk' };
