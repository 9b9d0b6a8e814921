import type { Subject } from 'rxjs';
import { NEVER, asyncScheduler } from 'rxjs';
import type { PeerConnectionLike } from '../../src/platform/w3c.ts';
import { withInternals } from '../../src/session/internals.ts';
import type { Session } from '../../src/session/session.ts';

/** As much of a session as `stats()` needs: a peer connection that is read anew for each sample, and an end. */
export function statsSession(peerConnection: () => PeerConnectionLike | null, ended: Subject<unknown> | null = null): Session {
  const internals = { live: () => ({ peerConnection, now: () => asyncScheduler.now() }) };
  return withInternals({ termination$: ended ?? NEVER }, internals as never);
}
