import type { SessionState } from '../session/session.ts';
import type { TimelineEntry } from '../timeline/timeline.ts';
import type { Termination } from '../termination/reason.ts';
import type { Closing } from './closed-by-sdk.ts';
import type { FakeLeaks, FakePlatform } from './fake-platform.ts';
import type { FrameContent } from './sent-message.ts';

/** A frame that the session sent. */
export interface SentMessage {
  /** Virtual milliseconds since the start state. */
  readonly at: number;
  readonly via: 'ws' | 'dc';
  readonly label: string | null;
  /** The JSON object of the frame, inflated; empty where it is none. */
  readonly message: FrameContent;
  /** False for what a browser throws away. */
  readonly delivered: boolean;
  /** Whether it was sent on the way to the start state. */
  readonly duringStart: boolean;
}

/** What was still alive when the session had ended, or when the observation did. */
export interface Leftovers extends FakeLeaks {
  /** Timers that had not fired. */
  readonly timers: number;
  /** Streams of the session that had not completed. */
  readonly subscriptions: number;
}

/** What happened in a scenario. All times are virtual milliseconds since the start state. */
export interface ScenarioResult {
  /** Every `type: disconnect` that was really sent. */
  readonly messages: readonly { readonly at: number; readonly via: 'ws' | 'dc'; readonly reason: string }[];
  /** What the SDK still had to close, in the words of the scenario data. */
  readonly closed: readonly string[];
  /** The same one by one. */
  readonly closings: readonly Closing[];
  /** The first value of `termination$` and when it came; null if none came while the scenario was observed. */
  readonly termination: (Termination & { readonly at: number }) | null;
  /** How many values `termination$` emitted. */
  readonly emissions: number;
  /** Whether `termination$` completed. */
  readonly completed: boolean;
  /** Everything that was sent on any transport, in order. */
  readonly sent: readonly SentMessage[];
  /** Taken right after the event or timer in which `termination$` completed. */
  readonly leftovers: Leftovers;
  /** States of the session with their times, those of the start state at 0. */
  readonly states: readonly { readonly at: number; readonly state: SessionState }[];
  readonly timeline: readonly TimelineEntry[];
  /** The events of the row in words, with their times. */
  readonly inputs: readonly { readonly at: number; readonly words: string }[];
  /** Errors that came out where nobody catches them: of listeners, of timers, rejections nobody listened to. Empty if all is well. */
  readonly errors: readonly unknown[];
  /** How long the scenario was observed. */
  readonly observedMs: number;
  /** The fakes, for whatever else a test wants to know. */
  readonly fake: FakePlatform;
}
