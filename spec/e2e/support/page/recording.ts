import { type ConnectOptions, createSession, type Session, type Termination, timeline, type TimelineEntry } from 'rx-sora';
import { firstValueFrom, lastValueFrom, toArray } from 'rxjs';
import { record } from '../../../../src/testing/recorder.ts';
import { capture } from './capture.ts';

/** A session that is recorded from its beginning. */
interface Recorded {
  readonly session: Session;
  /** After the end. */
  readonly story: () => Promise<RecordedStory>;
}

/** What was recorded, and what the session told those who watched it. */
export interface RecordedStory {
  readonly lines: readonly string[];
  readonly termination: Termination;
  readonly timeline: readonly TimelineEntry[];
}

const sessions = new Map<string, Recorded>();

const bench = {
  /** Connects a session with a fake microphone and camera, and gives its `connectionId` once it is ready for messages. */
  begin: async (name: string, options: ConnectOptions): Promise<string> => {
    const session = createSession({ ...options, stream: await capture() });
    const recording = record(session);
    const lines = lastValueFrom(recording.lines$.pipe(toArray()));
    const entries = lastValueFrom(timeline(session).pipe(toArray()));
    const termination = firstValueFrom(session.termination$);
    sessions.set(name, {
      session,
      story: async () => ({ lines: await lines, termination: await termination, timeline: await entries }),
    });
    const switched = options.dataChannelSignaling === true ? firstValueFrom(session.switched$) : null;
    const { connectionId } = await session.connect();
    await switched;
    return connectionId;
  },
  recorded: (name: string): Recorded => {
    const found = sessions.get(name);
    if (found === undefined) throw new Error(`no session ${name}`);
    return found;
  },
};

/** What a page that records sessions offers. */
export type RecordingBench = typeof bench;

Object.assign(globalThis, { bench });
