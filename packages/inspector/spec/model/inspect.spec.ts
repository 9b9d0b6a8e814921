import { type Session, createSession } from 'rx-sora';
import { FakeSora, type FakePlatform, createFakePlatform } from 'rx-sora/testing';
import { asyncScheduler } from 'rxjs';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { inspect } from '../../src/model/inspect.ts';
import type { Inspection } from '../../src/model/inspection.ts';

beforeEach(() => {
  vi.useFakeTimers({ now: 0 });
});
afterEach(() => {
  vi.useRealTimers();
});

interface Rig {
  readonly session: Session;
  readonly fake: FakePlatform;
  readonly sora: FakeSora;
}

function rig(): Rig {
  const fake = createFakePlatform({ now: () => asyncScheduler.now() });
  const session = createSession({
    signalingUrl: 'wss://sora.example.com/signaling',
    channelId: 'sora',
    role: 'sendrecv',
    dataChannelSignaling: true,
    dataChannels: [{ label: '#chat', direction: 'sendrecv' }],
    platform: fake.platform,
  });
  return { session, fake, sora: new FakeSora(fake, { mode: 'M' }) };
}

function connect({ session, sora }: Rig): void {
  void session.connect();
  sora.reach('switched', () => vi.advanceTimersByTime(0));
}

interface Watched {
  readonly latest: () => Inspection;
  readonly emissions: () => number;
  readonly isDone: () => boolean;
}

function watch({ session }: Rig, payloads = false): Watched {
  const seen: Inspection[] = [];
  let isDone = false;
  inspect(session, { capacity: 100, periodMs: 1000, payloads: () => payloads }).subscribe({
    next: (inspection) => seen.push(inspection),
    complete: () => (isDone = true),
  });
  return { latest: () => seen.at(-1)!, emissions: () => seen.length, isDone: () => isDone };
}

test('an inspection follows its session to the end, is always the same object, and keeps what it saw', () => {
  const r = rig();
  const { latest, emissions, isDone } = watch(r);
  const first = latest();
  expect([emissions() > 0, first.state]).toEqual([true, 'idle']);
  connect(r);
  expect(latest()).toMatchObject({ state: 'connected', facts: { channelId: 'sora', switched: false }, termination: null });
  expect(latest().connected?.channelId).toBe('sora');
  expect(latest().channels.map(({ label }) => label)).toEqual(['#chat']);
  const before = emissions();
  r.sora.send({ type: 'notify', event_type: 'connection.created', connection_id: 'OTHER', client_id: 'ben' }, 'notify');
  expect(emissions()).toBeGreaterThan(before);
  expect(latest().roster?.members.map(({ clientId }) => clientId)).toContain('ben');
  r.sora.apply({ kind: 'ws.close', code: 4490 });
  expect(latest()).toMatchObject({ state: 'ended', termination: { kind: 'server-close', code: 4490 } });
  expect(latest().log.entries.at(-1)).toMatchObject({ source: 'session', what: 'ended' });
  expect(latest()).toBe(first);
  expect(isDone()).toBe(true);
});

test('an inspection that begins late has what happened before', () => {
  const r = rig();
  connect(r);
  const { latest } = watch(r);
  expect(latest()).toMatchObject({ state: 'connected', facts: { channelId: 'sora' } });
  expect(latest().log.entries[0]).toMatchObject({ source: 'session', what: 'idle' });
});

test('of messages only the size is kept, with the time of their entry', () => {
  const r = rig();
  const { latest } = watch(r);
  connect(r);
  vi.advanceTimersByTime(7);
  r.sora.send('hello', '#chat');
  expect(latest().messages).toEqual([{ at: 7, direction: 'received', label: '#chat', bytes: 5 }]);
});

test('where payloads are kept, text is text and bytes are hexadecimal', () => {
  const r = rig();
  const { latest } = watch(r, true);
  connect(r);
  r.sora.send('hello', '#chat');
  r.sora.channel('#chat')?.remote.message(Uint8Array.of(0xff, 0x00, 0x01));
  expect(latest().messages.map(({ text }) => text)).toEqual(['hello', 'ff 00 01']);
});

test('unsubscribing leaves no timer behind and does not end the session', () => {
  const r = rig();
  connect(r);
  const timers = vi.getTimerCount();
  const states: string[] = [];
  r.session.state$.subscribe((state) => states.push(state));
  const following = inspect(r.session, { capacity: 100, periodMs: 1000, payloads: () => false }).subscribe();
  expect(vi.getTimerCount()).toBeGreaterThan(timers);
  following.unsubscribe();
  expect(vi.getTimerCount()).toBe(timers);
  vi.advanceTimersByTime(5000);
  expect(states).toEqual(['connected']);
});
