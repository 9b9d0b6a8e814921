/** A Close frame has room for 123 bytes of reason (RFC 6455 section 5.5). */
export const MAX_CLOSE_REASON_BYTES = 123;

/** As much of a reason as a Close frame can carry, cut between characters. */
export function closeReason(reason: string): string {
  const { read } = new TextEncoder().encodeInto(reason, new Uint8Array(MAX_CLOSE_REASON_BYTES));
  return reason.slice(0, read);
}

/** Codes that a Close frame may carry (RFC 6455 section 7.4): 1000 to 1014 without the local ones, and 3000 to 4999. */
export const isSendableCloseCode = (code: unknown): code is number =>
  typeof code === 'number' &&
  Number.isInteger(code) &&
  ((code >= 1000 && code <= 1014 && ![1004, 1005, 1006].includes(code)) || (code >= 3000 && code <= 4999));
