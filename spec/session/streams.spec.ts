import { config, type Observable } from 'rxjs';
import { describe, expect, test } from 'vitest';
import type { Session } from '../../src/session/session.ts';
import { stats } from '../../src/stats/stats.ts';
import { FakeMediaStream, FakeMediaStreamTrack } from '../../src/testing/fake-media.ts';
import { timeline } from '../../src/timeline/timeline.ts';
import { nothingLeft } from '../support/nothing-left.ts';
import { type SessionRig, pass, rig, useVirtualTime } from '../support/session-rig.ts';
import { sessionStreams } from '../support/session-streams.ts';

useVirtualTime();

const all = [...sessionStreams, 'messages()', 'messages(#chat)', 'stats()', 'timeline()'] as const;
type Name = (typeof all)[number];

/** The streams that a late subscriber gets something from. */
const replaying: readonly Name[] = ['state$', 'remoteStreams$', 'dataChannels$', 'connected$', 'termination$', 'timeline()'];

function streamOf(session: Session, name: Name): Observable<unknown> {
  switch (name) {
    case 'messages()':
      return session.messages();
    case 'messages(#chat)':
      return session.messages('#chat');
    case 'stats()':
      return stats(session);
    case 'timeline()':
      return timeline(session);
    default:
      return session[name];
  }
}

interface Heard {
  readonly values: unknown[];
  completions: number;
  errors: number;
}

function hear(session: Session, name: Name, onComplete: () => void = () => undefined): Heard {
  const heard: Heard = { values: [], completions: 0, errors: 0 };
  streamOf(session, name).subscribe({
    next: (value) => heard.values.push(value),
    error: () => (heard.errors += 1),
    complete: () => {
      heard.completions += 1;
      onComplete();
    },
  });
  return heard;
}

const setup = { mode: 'M', sora: { labels: ['#chat'] } } as const;

/** A session in which every stream has something to tell. */
function eventful(session: SessionRig): void {
  const { remote } = session.fake.peerConnection!;
  const stream = new FakeMediaStream([], 'OTHER');
  const track = new FakeMediaStreamTrack('audio');
  stream.gainTrack(track);
  remote.track(track, [stream]);
  stream.loseTrack(track);
  const second = new FakeMediaStreamTrack('video');
  stream.gainTrack(second);
  remote.track(second, [stream]);
  session.play('rx.notify', 'rx.push', 'rx.switched F', 'rx.notify');
  session.fake.peerConnection!.channels.find(({ label }) => label === '#chat')!.remote.message(new Uint8Array([1, 2, 3]));
  session.receive({ type: 're-offer', sdp: '' }, 'signaling');
}

describe('every stream of a session', () => {
  test('tells something in an eventful life, and completes once, without an error, after termination$ has emitted', async () => {
    const order: string[] = [];
    const heard = new Map<Name, Heard>();
    const session = rig({
      ...setup,
      start: 'idle',
      before: (made) => {
        for (const name of all)
          if (name !== 'termination$')
            heard.set(
              name,
              hear(made.session, name, () => order.push(name)),
            );
        made.session.termination$.subscribe(() => order.push('the value'));
      },
    });
    session.connect();
    session.sora.reach('connected', () => undefined);
    eventful(session);
    await pass(0);
    expect(order).toEqual(['connected$']);
    session.play('ws.close 1000');
    await pass(0);
    for (const [name, { values, completions, errors }] of heard) {
      expect([name, values.length > 0, completions, errors]).toEqual([name, true, 1, 0]);
    }
    // connected$ is complete with its value; all others after the value of the end.
    expect(order.slice(0, 2)).toEqual(['connected$', 'the value']);
    expect(order.slice(2).sort()).toEqual(all.filter((name) => name !== 'connected$' && name !== 'termination$').sort());
    nothingLeft(session);
  });

  for (const name of all) {
    test(`${name} completes for one who subscribes after the end`, async () => {
      const session = rig(setup);
      eventful(session);
      session.play('ws.close 1000');
      await pass(1);
      const { values, completions, errors } = hear(session.session, name);
      expect([completions, errors]).toEqual([1, 0]);
      expect(values.length > 0).toBe(replaying.includes(name));
      nothingLeft(session);
    });
  }

  for (const name of sessionStreams.filter((each) => !replaying.includes(each))) {
    test(`${name} replays nothing`, () => {
      const session = rig(setup);
      eventful(session);
      expect(hear(session.session, name)).toEqual({ values: [], completions: 0, errors: 0 });
    });
  }

  test.each(all)('%s can be read and not written to', (name) => {
    const { session } = rig(setup);
    expect(['next', 'error', 'complete'].filter((member) => member in streamOf(session, name))).toEqual([]);
  });

  for (const name of all.filter((each) => each !== 'termination$' && each !== 'connected$')) {
    test(`${name}: a session that never began completes it as well`, async () => {
      const session = rig({ ...setup, start: 'idle' });
      const heard = hear(session.session, name);
      void session.session.disconnect();
      await pass(0);
      expect([heard.completions, heard.errors]).toEqual([1, 0]);
      nothingLeft(session);
    });
  }
});

describe('what a late subscriber gets', () => {
  test('state$: now, then every change; after the end: ended', () => {
    const session = rig();
    const late = hear(session.session, 'state$');
    expect(late.values).toEqual(['connected']);
    session.play('ws.close 1000');
    expect(late.values).toEqual(['connected', 'ending', 'ended']);
    expect(hear(session.session, 'state$').values).toEqual(['ended']);
  });

  test('state$ says ended just before termination$ emits (Q68)', async () => {
    const order: string[] = [];
    const session = rig({
      before: ({ session: { termination$, state$ } }) => {
        termination$.subscribe({ next: () => order.push('termination$'), complete: () => order.push('termination$ |') });
        state$.subscribe({ next: (state) => order.push(state), complete: () => order.push('state$ |') });
      },
    });
    session.play('ws.close 1000');
    await pass(0);
    expect(order).toEqual([
      'idle',
      'opening',
      'signaling',
      'negotiating',
      'connected',
      'ending',
      'ended',
      'termination$',
      'termination$ |',
      'state$ |',
    ]);
  });

  test('state$ returns to opening with a redirect', () => {
    const session = rig({ start: 'signaling' });
    session.play('rx.redirect');
    expect(hear(session.session, 'state$').values).toEqual(['opening']);
  });

  test('connected$: its value, then completion, also after the end', async () => {
    const session = rig();
    const during = hear(session.session, 'connected$');
    expect([during.values.length, during.completions]).toEqual([1, 1]);
    session.play('ws.close 1000');
    await pass(0);
    expect(hear(session.session, 'connected$').values).toEqual(during.values);
  });

  test('connected$: completion without a value where the session ended first', async () => {
    const session = rig({ start: 'negotiating' });
    const heard = hear(session.session, 'connected$');
    session.play('ws.close 1000');
    await pass(0);
    expect([heard.values, heard.completions]).toEqual([[], 1]);
    expect(hear(session.session, 'connected$')).toEqual({ values: [], completions: 1, errors: 0 });
  });

  test('remoteStreams$ and dataChannels$: what there is now', () => {
    const session = rig(setup);
    eventful(session);
    const [streams] = hear(session.session, 'remoteStreams$').values as { id?: string }[][];
    expect(streams).toHaveLength(1);
    expect(hear(session.session, 'dataChannels$').values).toEqual([[expect.objectContaining({ label: '#chat' })]]);
  });

  test('timeline(): everything from the beginning, in order', () => {
    const session = rig();
    const times = (hear(session.session, 'timeline()').values as { at: number; what: string }[]).map(({ what }) => what);
    expect(times.slice(0, 2)).toEqual(['idle', 'opening']);
    expect(times).toContain('offer');
    expect(times).toContain('connected');
  });
});

describe('an observer that throws disturbs nobody (P21)', () => {
  for (const name of all) {
    test(`${name}: others are served, the end is the same, the error goes to the hook`, async () => {
      const unhandled: unknown[] = [];
      const before = config.onUnhandledError;
      config.onUnhandledError = (error) => unhandled.push(error);
      try {
        const error = new Error('of the application');
        const other: unknown[] = [];
        const session = rig({
          ...setup,
          start: 'idle',
          before: (made) => {
            streamOf(made.session, name).subscribe(() => {
              throw error;
            });
            streamOf(made.session, name).subscribe((value) => other.push(value));
          },
        });
        session.connect();
        session.sora.reach('connected', () => undefined);
        eventful(session);
        await pass(0);
        session.play('ws.close 1000');
        await pass(0);
        expect(session.termination).toMatchObject({ kind: 'server-close', code: 1000, phase: 'connected', switched: false });
        expect(other.length).toBeGreaterThan(0);
        await pass(1);
        // RxJS goes on serving an observer that has thrown: one error for each value.
        expect(unhandled).toEqual(other.map(() => error));
        nothingLeft(session);
      } finally {
        config.onUnhandledError = before;
      }
    });
  }
});
