import type { Termination } from '../termination/reason.ts';
import type { JsonValue } from '../wire/json.ts';

/** A call that got no result. `code` is the number of the server, with its `message` and `data`, or a word for what happened on this side. */
export class SoraRpcError extends Error {
  override readonly name = 'SoraRpcError';
  readonly code: number | 'timeout' | 'ended' | 'unavailable' | 'not-connected' | 'not-sendable';
  readonly method: string;
  readonly data?: JsonValue;
  /** Why the session ended, with the code `ended`. */
  readonly termination?: Termination;

  constructor(
    method: string,
    code: SoraRpcError['code'],
    message: string,
    more: { readonly data?: JsonValue; readonly termination?: Termination } = {},
  ) {
    super(message);
    this.code = code;
    this.method = method;
    if (more.data !== undefined) this.data = more.data;
    if (more.termination !== undefined) this.termination = more.termination;
  }
}
