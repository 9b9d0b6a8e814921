import type { Session } from '../session/session.ts';
import type { Termination } from '../termination/reason.ts';

/** Where a call stands: session after session until it is over. */
export type CallStep =
  | {
      readonly kind: 'session';
      /** Handed over before anything of it is opened. */
      readonly session: Session;
      /** 1 for the first since the call was last connected. */
      readonly attempt: number;
      /** Why the session before it ended; null for the first of the call. */
      readonly previous: Termination | null;
    }
  | {
      readonly kind: 'waiting';
      /** The attempt that will follow. */
      readonly attempt: number;
      /** Milliseconds from the end of the session to the attempt, unless something shortens the wait or the network is away for longer. */
      readonly delayMs: number;
      readonly why: 'backoff' | 'offline';
      readonly previous: Termination;
    }
  | {
      readonly kind: 'over';
      /** Why the last session ended. */
      readonly termination: Termination;
      /** Which attempt the last session was, counted since the call had last been connected: 1 where the first attempt came up. */
      readonly attempts: number;
    };
