import { beforeEach, expect, test, vi } from 'vitest';
import type * as LiveSession from '../../src/session/live-session.ts';
import type { ConnectOptions, Session, Termination } from '../../src/index.ts';
import { type FakePlatform, createFakePlatform } from '../../src/testing/fake-platform.ts';
import { FakeSora } from '../../src/testing/fake-sora.ts';
import { elapse, useVirtualTime } from '../support/session-rig.ts';

useVirtualTime();

/** How each session ended, the rehearsed ones included. */
const ends: unknown[] = [];
/** The URLs of each session that was started, the rehearsed ones included. */
const started: (readonly string[])[] = [];
/** A page whose first session is still to come. */
let createSession: (options: ConnectOptions) => Session;

beforeEach(async () => {
  started.length = 0;
  ends.length = 0;
  vi.resetModules();
  vi.doMock('../../src/session/live-session.ts', async (importOriginal) => {
    const original = await importOriginal<typeof LiveSession>();
    const startSession: typeof LiveSession.startSession = (config, platform, urls, host) => {
      started.push(urls);
      const ended = (termination: Termination): void => {
        const { kind, sent } = termination;
        ends.push({ kind, sent, ...('outcome' in termination && { outcome: termination.outcome }) });
        host.ended(termination);
      };
      return original.startSession(config, platform, urls, { ...host, ended });
    };
    return { ...original, startSession };
  });
  ({ createSession } = await import('../../src/session/create-session.ts'));
});

const URL = 'wss://sora.test/signaling';
const rehearsed = [['wss://rehearsal'], ['wss://rehearsal']];

interface Call {
  readonly session: Session;
  readonly sora: FakeSora;
  readonly fake: FakePlatform;
}

function call(now?: () => number, more: Partial<ConnectOptions> = {}): Call {
  const fake = createFakePlatform();
  const sora = new FakeSora(fake, { mode: 'W' });
  const session = createSession({
    signalingUrl: URL,
    channelId: 'room',
    role: 'recvonly',
    platform: { ...fake.platform, ...(now && { now }) },
    ...more,
  });
  session.connect().catch(() => undefined);
  return { session, sora, fake };
}

test('once in a page, in a task after the first session is connected, two sessions end that lead nowhere', () => {
  const first = call();
  first.sora.reach('connected');
  expect(started).toEqual([[URL]]);
  elapse();
  expect(started).toEqual([[URL], ...rehearsed]);

  call().sora.reach('connected');
  elapse(1000);
  expect(started).toEqual([[URL], ...rehearsed, [URL]]);
});

test('a session that ends before leaves it to the next one', () => {
  const first = call();
  first.sora.reach('connected');
  void first.session.disconnect();
  elapse();
  expect(started).toEqual([[URL]]);
  call().sora.reach('connected');
  elapse();
  expect(started).toEqual([[URL], [URL], ...rehearsed]);
});

test('it touches nothing of the application, which is told of nothing', () => {
  const asked: string[] = [];
  const ask = (name: string) => () => {
    asked.push(name);
    return undefined as never;
  };
  const { session, sora, fake } = call(
    () => {
      asked.push('now');
      return 0;
    },
    {
      metadata: ask('metadata'),
      redaction: ask('redaction'),
      signal: { addEventListener: ask('signal'), removeEventListener: ask('signal') } as never,
    },
  );
  const told: unknown[] = [];
  session.termination$.subscribe((termination) => told.push(termination));
  session.state$.subscribe((state) => told.push(state));
  sora.reach('connected');
  const before = { asked: asked.length, told: told.length, records: fake.records.length, leaks: fake.leaks() };
  elapse();
  expect(started).toEqual([[URL], ...rehearsed]);
  // The peer connection of the throw-away offer is closed at the same time.
  expect(fake.records.slice(before.records).map(({ what }) => what)).toEqual(['close']);
  expect([asked.length, told.length]).toEqual([before.asked, before.told]);
  expect(fake.leaks()).toEqual({ ...before.leaks, peerConnections: before.leaks.peerConnections - 1 });
});

test('the ends are one that is acknowledged and one by an error, in one task, and leave no timer', () => {
  const { session, sora } = call();
  session.termination$.subscribe();
  sora.reach('connected');
  const timers = vi.getTimerCount();
  vi.advanceTimersToNextTimer();
  expect(ends).toEqual([
    { kind: 'client-disconnect', sent: { reason: 'NO-ERROR', via: 'websocket', ok: true }, outcome: 'acknowledged' },
    { kind: 'websocket-error', sent: null },
  ]);
  // What is gone is the task itself.
  expect(vi.getTimerCount()).toBe(timers - 1);
});
