import { Subject, asyncScheduler, firstValueFrom, switchMap, take, takeUntil } from 'rxjs';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { connect } from '../../src/session/connect.ts';
import { createSession } from '../../src/session/create-session.ts';
import type { ConnectOptions } from '../../src/session/options.ts';
import { SoraOptionsError } from '../../src/session/options-error.ts';
import type { Session } from '../../src/session/session.ts';
import { SoraTerminatedError } from '../../src/session/terminated-error.ts';
import type { Termination } from '../../src/termination/reason.ts';
import { createFakePlatform, type FakePlatform } from '../../src/testing/fake-platform.ts';
import { FakeSora } from '../../src/testing/fake-sora.ts';
import { parseInput } from '../../src/testing/scenario-event.ts';
import type { ScenarioMode, ScenarioStart } from '../../src/testing/scenario-row.ts';
import { readFrame } from '../../src/testing/sent-message.ts';
import { nothingLeft } from '../support/nothing-left.ts';
import { outcome, pass, rig, useVirtualTime } from '../support/session-rig.ts';

useVirtualTime();

const optionsOn = (fake: FakePlatform, more: Partial<ConnectOptions> = {}): ConnectOptions => ({
  signalingUrl: 'wss://one.sora.test/signaling',
  channelId: 'sora',
  role: 'sendrecv',
  platform: fake.platform,
  ...more,
});

/** A session through `connect(options)`, brought to a state. */
function owned(mode: ScenarioMode = 'W', start: ScenarioStart = 'connected', more: Partial<ConnectOptions> = {}) {
  const fake = createFakePlatform({ now: () => asyncScheduler.now() });
  const sora = new FakeSora(fake, { mode });
  const told: string[] = [];
  const values: Termination[] = [];
  const sessions: Session[] = [];
  const options = optionsOn(fake, { dataChannelSignaling: mode !== 'W', ignoreDisconnectWebSocket: mode === 'D', ...more });
  const subscription = connect(options).subscribe({
    next: (session) => {
      sessions.push(session);
      told.push('session');
      session.termination$.subscribe((termination) => values.push(termination));
    },
    error: () => told.push('#'),
    complete: () => told.push('|'),
  });
  if (start !== 'idle') sora.reach(start, () => vi.advanceTimersByTime(0));
  return { fake, sora, told, values, sessions, subscription };
}

const goodbyes = (fake: FakePlatform): unknown[] =>
  fake.sent
    .map((frame) => readFrame(frame))
    .filter(({ type }) => type === 'disconnect')
    .map(({ reason }) => reason);

describe('connect(options)', () => {
  test('is cold: nothing happens before it is subscribed', () => {
    const fake = createFakePlatform();
    connect(optionsOn(fake));
    expect(fake.records).toEqual([]);
  });

  test('emits one session synchronously, before anything is opened, and completes after its end', async () => {
    const fake = createFakePlatform();
    const seen: unknown[] = [];
    connect(optionsOn(fake)).subscribe({ next: () => seen.push(fake.sockets.length), complete: () => seen.push('|') });
    expect(seen).toEqual([0]);
    expect(fake.sockets).toHaveLength(1);
    fake.sockets[0]!.remote.close(1000);
    await pass(0);
    expect(seen).toEqual([0, '|']);
    nothingLeft({ fake });
  });

  test('completes after termination$ has emitted', async () => {
    const fake = createFakePlatform();
    const order: string[] = [];
    connect(optionsOn(fake)).subscribe({
      next: (session) => session.termination$.subscribe(() => order.push('value')),
      complete: () => order.push('|'),
    });
    fake.sockets[0]!.remote.close(1000);
    await pass(0);
    expect(order).toEqual(['value', '|']);
  });

  test('each subscription is a session of its own', async () => {
    const fake = createFakePlatform();
    const sessions: Session[] = [];
    const session$ = connect(optionsOn(fake));
    const subscriptions = [session$.subscribe((each) => sessions.push(each)), session$.subscribe((each) => sessions.push(each))];
    expect(fake.sockets).toHaveLength(2);
    expect(sessions[0]).not.toBe(sessions[1]);
    for (const subscription of subscriptions) subscription.unsubscribe();
    await pass(0);
    nothingLeft({ fake });
  });

  test('Q54 unsubscribing disconnects: trigger unsubscribe, immediate', async () => {
    const { fake, subscription, values, told } = owned();
    subscription.unsubscribe();
    await pass(0);
    expect(values).toEqual([expect.objectContaining({ kind: 'client-disconnect', trigger: 'unsubscribe', outcome: 'immediate' })]);
    expect(goodbyes(fake)).toEqual(['NO-ERROR']);
    expect(told).toEqual(['session']);
    nothingLeft({ fake });
  });

  test('Q16 the wait of T21 is owned by the session: it goes on after unsubscribing', async () => {
    const { fake, subscription, values } = owned('D', 'connected');
    subscription.unsubscribe();
    await pass(2999);
    expect(values).toEqual([]);
    expect(fake.leaks()).toMatchObject({ sockets: 1, peerConnections: 1 });
    await pass(2);
    expect(values).toEqual([expect.objectContaining({ trigger: 'unsubscribe', outcome: 'timeout' })]);
    nothingLeft({ fake });
  });

  test('Q55 disconnect(), then unsubscribe: the wait is over', async () => {
    const { fake, sessions, subscription, values } = owned();
    void sessions[0]!.disconnect();
    await pass(100);
    subscription.unsubscribe();
    await pass(0);
    expect(values).toEqual([expect.objectContaining({ trigger: 'api', outcome: 'interrupted', by: 'unsubscribe', endedAt: 100 })]);
    nothingLeft({ fake });
  });

  test('unsubscribing after the end does nothing more', async () => {
    const { fake, sora, subscription, values } = owned();
    sora.apply(parseInput('ws.close 1000'));
    await pass(0);
    subscription.unsubscribe();
    await pass(10_000);
    expect(values).toHaveLength(1);
    expect(goodbyes(fake)).toEqual([]);
    nothingLeft({ fake });
  });

  test('a disconnect inside the receiver is not lost: nothing is opened', async () => {
    const fake = createFakePlatform();
    const seen: unknown[] = [];
    connect(optionsOn(fake)).subscribe({
      next: (session) => {
        void session.disconnect().then(({ kind, phase }) => seen.push(kind, phase));
        session.termination$.subscribe(({ kind }) => seen.push(kind));
      },
      complete: () => seen.push('|'),
    });
    await pass(0);
    expect(seen).toEqual(['|', 'client-disconnect', 'client-disconnect', 'idle']);
    expect(fake.sockets).toEqual([]);
    nothingLeft({ fake });
  });

  test('an observer that ends the session from state$ inside the receiver, in every state', async () => {
    for (const state of ['idle', 'opening', 'signaling', 'negotiating', 'connected'] as const) {
      const fake = createFakePlatform({ now: () => asyncScheduler.now() });
      const sora = new FakeSora(fake, { mode: 'W' });
      const values: Termination[] = [];
      connect(optionsOn(fake, { disconnectPolicy: 'immediate' })).subscribe((session) => {
        session.termination$.subscribe((termination) => values.push(termination));
        session.state$.subscribe((now) => now === state && void session.disconnect());
      });
      try {
        sora.reach('connected', () => vi.advanceTimersByTime(0));
      } catch {
        // A session that is over does not go on to that state.
      }
      await pass(0);
      expect(values).toEqual([expect.objectContaining({ kind: 'client-disconnect', phase: state, outcome: 'immediate' })]);
      nothingLeft({ fake });
    }
  });

  test('over at once: a WebSocket whose constructor throws', async () => {
    const fake = createFakePlatform();
    fake.scripts.webSocket.always('new', { throws: new Error('refused') });
    const seen: unknown[] = [];
    connect(optionsOn(fake)).subscribe({
      next: (session) => session.termination$.subscribe(({ kind, phase }) => seen.push(kind, phase)),
      error: () => seen.push('#'),
      complete: () => seen.push('|'),
    });
    await pass(0);
    expect(seen).toEqual(['internal-error', 'opening', '|']);
    expect(fake.leaks()).toMatchObject({ listeners: 0, peerConnections: 0 });
    expect(vi.getTimerCount()).toBe(0);
  });

  test('over at once: a socket that has failed when it is handed over', async () => {
    const fake = createFakePlatform();
    class Failed extends fake.platform.WebSocket! {
      constructor(url: string) {
        super(url as never);
        fake.sockets.at(-1)!.remote.close(1006);
      }
    }
    const session = createSession(optionsOn(fake, { platform: { ...fake.platform, WebSocket: Failed } }));
    const values: Termination[] = [];
    session.termination$.subscribe((value) => values.push(value));
    const error = await outcome(pending(session.connect()));
    expect(values).toEqual([expect.objectContaining({ kind: 'websocket-closed', code: 1006, phase: 'opening' })]);
    expect((error as SoraTerminatedError).termination).toBe(values[0]);
    nothingLeft({ fake });
  });

  test('take(1) disconnects at once: the session is over before anything is opened', async () => {
    const fake = createFakePlatform();
    const values: Termination[] = [];
    connect(optionsOn(fake))
      .pipe(take(1))
      .subscribe((session) => session.termination$.subscribe((value) => values.push(value)));
    await pass(0);
    expect(values).toEqual([expect.objectContaining({ trigger: 'unsubscribe', outcome: 'immediate', phase: 'idle' })]);
    expect(fake.sockets).toEqual([]);
    nothingLeft({ fake });
  });

  test('so does firstValueFrom', async () => {
    const fake = createFakePlatform();
    const session = await firstValueFrom(connect(optionsOn(fake)));
    await pass(0);
    expect(await firstValueFrom(session.termination$)).toMatchObject({ trigger: 'unsubscribe', phase: 'idle' });
    expect(fake.sockets).toEqual([]);
    nothingLeft({ fake });
  });

  test('switchMap and takeUntil let go of it as of any stream', async () => {
    const fake = createFakePlatform({ now: () => asyncScheduler.now() });
    const stopSubject = new Subject<void>();
    const seen: string[] = [];
    connect(optionsOn(fake))
      .pipe(
        switchMap((session) => session.state$),
        takeUntil(stopSubject),
      )
      .subscribe({ next: (state) => seen.push(state), complete: () => seen.push('|') });
    stopSubject.next();
    await pass(0);
    expect(seen).toEqual(['idle', 'opening', '|']);
    nothingLeft({ fake });
  });
});

describe('connect() errors only for programmer mistakes, before anything is opened', () => {
  test.each<[string, Partial<Record<keyof ConnectOptions, unknown>>]>([
    ['signalingUrl', { signalingUrl: 'https://sora.test' }],
    ['channelId', { channelId: '' }],
    ['role', { role: 'viewer' }],
    ['timeouts.connectionMs', { timeouts: { connectionMs: NaN } }],
    ['timeouts.disconnectMs', { timeouts: { disconnectMs: 2_147_483_648 } }],
  ])('%s', (path, wrong) => {
    const fake = createFakePlatform();
    const options = { ...optionsOn(fake), ...wrong } as ConnectOptions;
    const seen: unknown[] = [];
    connect(options).subscribe({ next: () => seen.push('session'), error: (error: unknown) => seen.push(error) });
    expect(seen).toEqual([expect.any(SoraOptionsError)]);
    expect(seen[0]).toMatchObject({ code: 'invalid-option', path });
    expect(() => createSession(options)).toThrow(SoraOptionsError);
    expect(fake.records).toEqual([]);
  });

  test('2147483647 ms is the longest limit there is: longer timers fire at once', () => {
    const fake = createFakePlatform();
    expect(() => createSession(optionsOn(fake, { timeouts: { connectionMs: 2_147_483_647 } }))).not.toThrow();
  });

  describe('a platform that lacks something', () => {
    afterEach(() => {
      vi.unstubAllGlobals();
    });

    const without = (...names: readonly string[]): ConnectOptions => {
      for (const name of names) vi.stubGlobal(name, undefined);
      const { platform } = createFakePlatform();
      return optionsOn(createFakePlatform(), { platform: { ...platform, ...Object.fromEntries(names.map((name) => [name, undefined])) } });
    };
    const lacking = [
      [['WebSocket'], 'WebSocket', 'this runtime has no WebSocket. Pass platform: { WebSocket }'],
      [['RTCPeerConnection'], 'RTCPeerConnection', 'this runtime has no RTCPeerConnection. Pass platform: { RTCPeerConnection }'],
      [
        ['WebSocket', 'RTCPeerConnection'],
        'WebSocket',
        'this runtime has no WebSocket and no RTCPeerConnection. Pass platform: { WebSocket, RTCPeerConnection }',
      ],
    ] as const;

    test.each(lacking)('%j: connect(options) fails before it hands a session over', (names, first, told) => {
      const seen: unknown[] = [];
      connect(without(...names)).subscribe({ next: () => seen.push('session'), error: (error: unknown) => seen.push(error) });
      expect(seen).toEqual([expect.any(SoraOptionsError)]);
      expect(seen[0]).toMatchObject({ path: `platform.${first}`, message: `option platform.${first} is required: ${told}` });
    });

    test.each(lacking)('%j: createSession() is fine, connect() rejects and nothing has begun', async (names, first, told) => {
      const session = createSession(without(...names));
      const values: Termination[] = [];
      const states: string[] = [];
      session.termination$.subscribe((termination) => values.push(termination));
      session.state$.subscribe((state) => states.push(state));
      const connecting = session.connect();
      const error = await outcome(connecting);
      expect(error).toBeInstanceOf(SoraOptionsError);
      expect(error).toMatchObject({ path: `platform.${first}`, message: `option platform.${first} is required: ${told}` });
      expect(session.connect()).toBe(connecting);
      await pass(60_000);
      expect([values, states]).toEqual([[], ['idle']]);
      expect(await pending(session.disconnect())).toMatchObject({ kind: 'client-disconnect', trigger: 'api' });
      expect(states).toEqual(['idle', 'ending', 'ended']);
      expect(vi.getTimerCount()).toBe(0);
    });

    test('a session that is over before it has begun tells that, whatever is missing', async () => {
      const session = createSession(without('WebSocket'));
      await pending(session.disconnect());
      expect(await outcome(session.connect())).toBeInstanceOf(SoraTerminatedError);
    });

    test('globals that come between createSession() and connect() are in time', async () => {
      const fake = createFakePlatform();
      const session = createSession(optionsOn(fake, { platform: {} }));
      vi.stubGlobal('WebSocket', fake.platform.WebSocket);
      vi.stubGlobal('RTCPeerConnection', fake.platform.RTCPeerConnection);
      void outcome(session.connect());
      expect(fake.sockets).toHaveLength(1);
      await pending(session.disconnect());
      nothingLeft({ fake });
    });

    test('a page is not needed, nor compression where nothing is compressed', async () => {
      const session = rig({ mode: 'M', fake: { page: false, compression: false } });
      expect(session.terminations).toEqual([]);
      session.play('ws.close 1000');
      await pass(0);
      expect(session.termination.kind).toBe('server-close');
      nothingLeft(session);
    });

    test('globals are read when a session starts, and not before', async () => {
      const fake = createFakePlatform();
      const session$ = connect(optionsOn(fake, { platform: {} }));
      vi.stubGlobal('WebSocket', fake.platform.WebSocket);
      vi.stubGlobal('RTCPeerConnection', fake.platform.RTCPeerConnection);
      const subscription = session$.subscribe();
      expect(fake.sockets).toHaveLength(1);
      subscription.unsubscribe();
      await pass(0);
      nothingLeft({ fake });
    });
  });
});

describe('AbortSignal (Q79)', () => {
  test('aborted before: the session ends at once and opens nothing', async () => {
    const abort = new AbortController();
    abort.abort();
    const { fake, values, told } = owned('W', 'idle', { signal: abort.signal });
    await pass(0);
    expect(values).toEqual([expect.objectContaining({ kind: 'client-disconnect', trigger: 'abort-signal', outcome: 'immediate' })]);
    expect(fake.sockets).toEqual([]);
    expect(fake.peerConnections).toEqual([]);
    expect(told).toEqual(['session', '|']);
    nothingLeft({ fake });
  });

  test('aborted before, through createSession: connect() rejects with it', async () => {
    const abort = new AbortController();
    abort.abort();
    const fake = createFakePlatform();
    const error = await outcome(pending(createSession(optionsOn(fake, { signal: abort.signal })).connect()));
    expect(error).toBeInstanceOf(SoraTerminatedError);
    expect((error as SoraTerminatedError).termination).toMatchObject({ trigger: 'abort-signal' });
    expect(fake.sockets).toEqual([]);
    nothingLeft({ fake });
  });

  test.each<[ScenarioMode, ScenarioStart, readonly string[]]>([
    ['W', 'opening', []],
    ['W', 'signaling', ['NO-ERROR']],
    ['W', 'negotiating', ['NO-ERROR']],
    ['W', 'connected', ['NO-ERROR']],
    ['M', 'switched', ['NO-ERROR']],
    ['D', 'switched', ['NO-ERROR']],
  ])('aborted in %s %s: the immediate policy', async (mode, start, sent) => {
    const abort = new AbortController();
    const { fake, values, told } = owned(mode, start, { signal: abort.signal });
    abort.abort(new Error('of the application'));
    await pass(0);
    expect(values).toEqual([expect.objectContaining({ trigger: 'abort-signal', outcome: 'immediate' })]);
    expect(goodbyes(fake)).toEqual(sent);
    expect(told).toEqual(['session', '|']);
    nothingLeft({ fake });
  });

  test('aborted during the wait of disconnect() ends it', async () => {
    const abort = new AbortController();
    const { fake, sessions, values } = owned('W', 'connected', { signal: abort.signal });
    void sessions[0]!.disconnect();
    await pass(10);
    abort.abort();
    await pass(0);
    expect(values).toEqual([expect.objectContaining({ trigger: 'api', outcome: 'interrupted', by: 'abort-signal' })]);
    nothingLeft({ fake });
  });

  test('after the end nothing listens to it any more', async () => {
    const abort = new AbortController();
    const { signal } = abort;
    let listeners = 0;
    const counted = {
      get aborted() {
        return signal.aborted;
      },
      addEventListener: (...args: Parameters<AbortSignal['addEventListener']>) => {
        listeners += 1;
        signal.addEventListener(...args);
      },
      removeEventListener: (...args: Parameters<AbortSignal['removeEventListener']>) => {
        listeners -= 1;
        signal.removeEventListener(...args);
      },
    };
    Object.setPrototypeOf(counted, AbortSignal.prototype);
    const { fake, sora, values } = owned('W', 'connected', { signal: counted as AbortSignal });
    expect(listeners).toBe(1);
    sora.apply(parseInput('ws.close 1000'));
    await pass(0);
    expect(listeners).toBe(0);
    abort.abort();
    await pass(0);
    expect(values.map(({ kind }) => kind)).toEqual(['server-close']);
    nothingLeft({ fake });
  });
});

describe('Symbol.asyncDispose (Q79)', () => {
  test('leaving the scope of await using is disconnect()', async () => {
    const session = rig();
    const disposing = session.session[Symbol.asyncDispose]();
    await pass(20);
    session.play('ws.close 1000');
    await pass(0);
    await expect(disposing).resolves.toBeUndefined();
    expect(session.termination).toMatchObject({ trigger: 'api', outcome: 'acknowledged', endedAt: 20 });
    nothingLeft(session);
  });

  test('after the end it resolves', async () => {
    const session = rig().play('ws.close 1000');
    await pass(0);
    await expect(session.session[Symbol.asyncDispose]()).resolves.toBeUndefined();
    expect(session.terminations).toHaveLength(1);
  });
});

describe('the page (Q56)', () => {
  test.each<[ScenarioMode, ScenarioStart]>([
    ['W', 'opening'],
    ['W', 'connected'],
    ['M', 'connected'],
    ['M', 'switched'],
    ['D', 'connected'],
    ['D', 'switched'],
  ])('pagehide in %s %s: message, closing and value, all in the call', (mode, start) => {
    const { fake, values, told } = owned(mode, start);
    fake.page.fire('pagehide', { persisted: false });
    expect(values).toEqual([expect.objectContaining({ kind: 'client-disconnect', trigger: 'pagehide', outcome: 'immediate' })]);
    expect(goodbyes(fake)).toEqual(start === 'opening' ? [] : ['NO-ERROR']);
    expect(told).toEqual(['session', '|']);
    nothingLeft({ fake });
  });

  test('pagehide during a wait: the value in the call', () => {
    const { fake, sessions, values } = owned();
    void sessions[0]!.disconnect();
    fake.page.fire('pagehide', { persisted: false });
    expect(values).toEqual([expect.objectContaining({ trigger: 'api', outcome: 'interrupted', by: 'pagehide' })]);
    nothingLeft({ fake });
  });

  test.each(['freeze', 'visibilitychange', 'beforeunload', 'unload', 'resume'])('%s is no cause', async (type) => {
    const { fake, values, subscription } = owned();
    fake.page.fire(type);
    await pass(200_000);
    expect(values).toEqual([]);
    subscription.unsubscribe();
    await pass(0);
    nothingLeft({ fake });
  });

  test('pagehide with persisted ends the session as well, in the call: Chromium says so of pages that it evicts', () => {
    const { fake, values } = owned('D', 'switched');
    fake.page.fire('pagehide', { persisted: true });
    expect(values).toEqual([expect.objectContaining({ kind: 'client-disconnect', trigger: 'pagehide', outcome: 'immediate', endedAt: 0 })]);
    expect(goodbyes(fake)).toEqual(['NO-ERROR']);
    nothingLeft({ fake });
  });

  test('nothing listens to the page before connect()', () => {
    const session = rig({ start: 'idle' });
    expect(session.fake.page.listenerCount).toBe(0);
    session.fake.page.fire('pagehide', { persisted: false });
    expect(session.terminations).toEqual([]);
  });
});

describe('the clock', () => {
  test('startedAt is Unix time, taken once; everything else counts from it', async () => {
    let wallMs = 1_767_225_600_000;
    const session = rig({ start: 'idle', fake: { now: () => wallMs } });
    wallMs += 500;
    session.connect();
    wallMs += 20;
    session.sora.reach('signaling');
    wallMs += 30;
    session.play('ws.close 1000');
    wallMs += 7;
    await pass(0);
    expect(session.termination).toMatchObject({ startedAt: 1_767_225_600_500, causeAt: 50, endedAt: 50 });
  });

  test('of a session that never began: the moment of its end', async () => {
    let wallMs = 1_767_225_600_000;
    const session = rig({ start: 'idle', fake: { now: () => wallMs } });
    wallMs += 500;
    void session.session.disconnect();
    await pass(0);
    expect(session.termination).toMatchObject({ startedAt: 1_767_225_600_500, causeAt: 0 });
  });

  test('durations are never negative, whatever the clock of the platform does (Q85)', async () => {
    let wallMs = 1_000_000;
    const session = rig({ fake: { now: () => wallMs } });
    const disconnecting = session.session.disconnect();
    wallMs -= 500_000;
    await pass(2999);
    expect(session.terminations).toEqual([]);
    await pass(2);
    expect(await disconnecting).toMatchObject({ outcome: 'timeout', causeAt: 0, endedAt: 0 });
    nothingLeft(session);
  });

  test('a clock that is set forward changes times and nothing else', async () => {
    let wallMs = 1_000_000;
    const session = rig({ fake: { now: () => wallMs } });
    const disconnecting = session.session.disconnect();
    await pass(2999);
    wallMs += 4_500_000;
    await pass(2);
    expect(await disconnecting).toMatchObject({ outcome: 'timeout', causeAt: 0, endedAt: 4_500_000 });
    nothingLeft(session);
  });
});

describe('metadata (Q78)', () => {
  const failing: Termination = expect.objectContaining({
    kind: 'internal-error',
    where: 'metadata',
    phase: 'opening',
    sent: null,
  }) as Termination;

  test('a function that throws: internal-error, nothing sent', async () => {
    const { fake, values } = owned('W', 'idle', {
      metadata: () => {
        throw new Error('no token');
      },
    });
    await pass(0);
    expect(values).toEqual([failing]);
    expect(fake.sent).toEqual([]);
    nothingLeft({ fake });
  });

  test('a function that rejects: the same, also when the socket has opened meanwhile', async () => {
    const { fake, values } = owned('W', 'idle', {
      metadata: () => new Promise((_, reject) => setTimeout(() => reject(new Error('no token')), 50)),
    });
    fake.sockets[0]!.remote.open();
    await pass(49);
    expect(values).toEqual([]);
    await pass(2);
    expect(values).toEqual([failing]);
    expect(fake.sent).toEqual([]);
    nothingLeft({ fake });
  });

  test('the socket opens in parallel: connect goes out as soon as both are there', async () => {
    const { fake, subscription } = owned('W', 'idle', {
      metadata: () => new Promise((resolve) => setTimeout(() => resolve({ token: 't' }), 50)),
    });
    expect(fake.sockets).toHaveLength(1);
    fake.sockets[0]!.remote.open();
    await pass(49);
    expect(fake.sent).toEqual([]);
    await pass(1);
    expect(fake.sent.map((frame) => readFrame(frame))).toEqual([expect.objectContaining({ type: 'connect', metadata: { token: 't' } })]);
    subscription.unsubscribe();
    await pass(0);
    nothingLeft({ fake });
  });

  test('a function that hangs is bounded by the limit of the connection', async () => {
    const { fake, values } = owned('W', 'idle', { metadata: () => new Promise(() => undefined), timeouts: { connectionMs: 1000 } });
    fake.sockets[0]!.remote.open();
    await pass(1001);
    expect(values).toEqual([expect.objectContaining({ kind: 'connect-timeout', during: 'opening', sent: null, causeAt: 1000 })]);
    nothingLeft({ fake });
  });

  test('a function that hangs does not keep a session from being ended', async () => {
    const { fake, subscription, values } = owned('W', 'idle', { metadata: () => new Promise(() => undefined) });
    subscription.unsubscribe();
    await pass(0);
    expect(values).toEqual([expect.objectContaining({ trigger: 'unsubscribe', phase: 'opening' })]);
    nothingLeft({ fake });
  });

  test('it is called once for each attempt, and not before', () => {
    const metadata = vi.fn(() => null);
    const fake = createFakePlatform();
    const session$ = connect(optionsOn(fake, { metadata }));
    expect(metadata).not.toHaveBeenCalled();
    session$.subscribe().unsubscribe();
    session$.subscribe().unsubscribe();
    expect(metadata).toHaveBeenCalledTimes(2);
  });

  test('one that is not asked for settles unheard after the end', async () => {
    const { fake, subscription } = owned('W', 'idle', {
      metadata: () => new Promise((_, reject) => setTimeout(() => reject(new Error('late')), 50)),
    });
    subscription.unsubscribe();
    await pass(100);
    nothingLeft({ fake });
  });
});

/** Lets the timers of the end run while a promise is pending. */
async function pending<Value>(promise: Promise<Value>): Promise<Value> {
  promise.catch(() => undefined);
  await pass(0);
  return promise;
}
