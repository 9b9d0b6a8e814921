/** Serial number arithmetic on 32-bit TSNs (RFC 1982). */
export const tsnAfter = (a: number, b: number): boolean => ((a - b) | 0) > 0;

export const tsnPlus = (tsn: number, steps: number): number => (tsn + steps) >>> 0;

/** How far `a` lies behind `b`, negative when it lies before it. */
export const tsnDistance = (a: number, b: number): number => (a - b) | 0;
