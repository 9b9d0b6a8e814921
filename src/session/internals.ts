import type { Termination } from '../termination/reason.ts';
import type { TimelineItem } from '../timeline/timeline-item.ts';
import type { LiveSession } from './live-session.ts';
import type { SessionConfig } from './options.ts';
import type { Session } from './session.ts';
import type { Streams } from './streams.ts';

/** What the functions of a session (`stats`, `rpc`, `timeline`, …) may use of it: the one door into a session. */
export interface SessionInternals {
  readonly config: SessionConfig;
  readonly streams: Pick<Streams, 'events'>;
  /** Null before the session starts. */
  readonly live: () => LiveSession | null;
  readonly ended: () => Termination | null;
  /** Runs what needs a session that has started: at once, or after the call that is about to start it (Q87). */
  readonly onceStarted: <Value>(run: () => Promise<Value>) => Promise<Value>;
  /** The latest items of the timeline. */
  readonly history: () => readonly TimelineItem[];
  readonly record: (item: TimelineItem) => void;
}

const door = Symbol('rx-sora');

export const withInternals = (session: object, internals: SessionInternals): Session =>
  Object.defineProperty(session, door, { value: internals, configurable: true }) as Session;

/** @throws TypeError for an object that is not a session of this SDK */
export function internalsOf(session: Session): SessionInternals {
  const internals = (session as Partial<{ readonly [door]: SessionInternals }>)[door];
  if (internals === undefined) throw new TypeError('not a session of this copy of rx-sora');
  return internals;
}
