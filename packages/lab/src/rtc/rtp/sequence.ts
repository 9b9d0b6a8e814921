/** How far the 16-bit number `a` lies behind `b`, from -32768 to 32767. */
export const sequenceDistance = (a: number, b: number): number => ((a - b) << 16) >> 16;

export const sequencePlus = (sequence: number, steps: number): number => (sequence + steps) & 0xffff;
