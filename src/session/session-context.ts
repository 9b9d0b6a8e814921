import type { Observable } from 'rxjs';
import type { Platform } from '../platform/platform.ts';
import type { Via } from '../termination/reason.ts';
import type { TerminationPort } from '../termination/sources.ts';
import type { StartableClock } from './clock.ts';
import type { InputOf, SessionInput } from './input.ts';
import type { KnownSecrets } from './known-secrets.ts';
import type { LiveObjects } from './live-objects.ts';
import type { SessionConfig } from './options.ts';

/** What the duties of a session work with. A duty is a stream of what it found out; it sends, but decides nothing about the end. */
export interface SessionContext {
  readonly config: SessionConfig;
  readonly platform: Platform;
  readonly clock: StartableClock;
  readonly live: LiveObjects;
  readonly port: TerminationPort;
  /** What goes through the session and must not be told of it. */
  readonly secrets: KnownSecrets;
  readonly inputs$: Observable<SessionInput>;
  of<Kind extends SessionInput['kind']>(this: void, kind: Kind): Observable<InputOf<Kind>>;
  /** Sends a message of signaling now over the WebSocket, or in its turn over a channel. Completes when it was taken; errors when not. */
  send(this: void, via: Via, message: { readonly type: string }, label?: string): Observable<never>;
  /** Emits when the cause of the end is latched: nothing but the goodbye is sent from then on. Replayed. */
  readonly ending$: Observable<unknown>;
}
