import { beforeEach, expect, test, vi } from 'vitest';
import type * as LiveSession from '../../src/session/live-session.ts';
import type { ConnectOptions, Session } from '../../src/index.ts';
import { type FakePlatform, createFakePlatform } from '../../src/testing/fake-platform.ts';
import { FakeSora } from '../../src/testing/fake-sora.ts';
import { elapse, useVirtualTime } from '../support/session-rig.ts';

useVirtualTime();

/** The URLs of each session that was started, the rehearsed one included. */
const started: (readonly string[])[] = [];
/** A page whose first session is still to come. */
let createSession: (options: ConnectOptions) => Session;

beforeEach(async () => {
  started.length = 0;
  vi.resetModules();
  vi.doMock('../../src/session/live-session.ts', async (importOriginal) => {
    const original = await importOriginal<typeof LiveSession>();
    const startSession: typeof LiveSession.startSession = (config, platform, urls, host) => {
      started.push(urls);
      return original.startSession(config, platform, urls, host);
    };
    return { ...original, startSession };
  });
  ({ createSession } = await import('../../src/session/create-session.ts'));
});

const URL = 'wss://sora.test/signaling';

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

test('once in a page, in a task after the first session is connected, a session ends that opens nothing', () => {
  const first = call();
  first.sora.reach('connected');
  expect(started).toEqual([[URL]]);
  elapse();
  expect(started).toEqual([[URL], []]);

  call().sora.reach('connected');
  elapse(1000);
  expect(started).toEqual([[URL], [], [URL]]);
});

test('a session that ends before leaves it to the next one', () => {
  const first = call();
  first.sora.reach('connected');
  void first.session.disconnect();
  elapse();
  expect(started).toEqual([[URL]]);
  call().sora.reach('connected');
  elapse();
  expect(started).toEqual([[URL], [URL], []]);
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
  expect(started).toHaveLength(2);
  // The peer connection of the throw-away offer is closed at the same time.
  expect(fake.records.slice(before.records).map(({ what }) => what)).toEqual(['close']);
  expect([asked.length, told.length]).toEqual([before.asked, before.told]);
  expect(fake.leaks()).toEqual({ ...before.leaks, peerConnections: before.leaks.peerConnections - 1 });
});
