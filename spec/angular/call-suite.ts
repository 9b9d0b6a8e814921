import { type Signal, signal } from '@angular/core';
import { TestBed } from '@angular/core/testing';
import { Observable, Subject, interval, map, tap, throwError } from 'rxjs';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { type SoraOptions, healthOf, injectCall, injectLatest, injectSession } from '../../src/angular/index.ts';
import { type ReconnectPolicy, type Session, SoraOptionsError, SoraSendError } from '../../src/index.ts';
import { FakeMediaStream, FakeMediaStreamTrack, readFrame } from '../../src/testing/index.ts';
import { CallPage, type CallPageSetup } from './support/call-page.ts';

/** No wait is shorter or longer than it says. */
const STEADY: ReconnectPolicy = { random: () => 1, settleMs: 0, initialDelayMs: 1000 };
const NOTHING = { listeners: 0, sockets: 0, peerConnections: 0, channels: 0 };

/** What holds for a call in an application with zone.js as in one without. Time is virtual for the whole file. */
export function callSuite(withZone: boolean): void {
  const page = (setup: Partial<CallPageSetup> = {}): CallPage =>
    new CallPage({ inject: () => injectCall(() => ({ channelId: 'room' }), STEADY), withZone, ...setup });
  const connectMessages = ({ fake }: CallPage): unknown[] => fake.sent.map(readFrame).filter(({ type }) => type === 'connect');

  afterEach(async () => {
    TestBed.resetTestingModule();
    await vi.advanceTimersByTimeAsync(60_000);
    expect(vi.getTimerCount()).toBe(0);
  });

  describe('injectCall()', () => {
    test('begins after the first render, which shows no call', async () => {
      const one = page();
      await one.pass();
      expect(one.rendered).toEqual([
        { state: 'idle', sockets: 0 },
        { state: 'opening', sockets: 1 },
      ]);
    });

    test('shows the states of its session', async () => {
      const one = await page().reach('connected');
      expect(one.text).toBe('connected');
      expect(one.call.step()).toMatchObject({ kind: 'session', attempt: 1, previous: null });
      expect(one.call.termination()).toBeNull();
    });

    test('waits after a lost connection, says why, and comes back', async () => {
      const one = await page({ template: '{{ call.state() }} {{ call.termination()?.kind }}' }).reach('connected');
      await one.play('ws.close 1006');
      expect(one.text).toBe('waiting websocket-closed');
      expect(one.call.step()).toMatchObject({ kind: 'waiting', attempt: 1, why: 'backoff' });
      expect(one.call.session()).toBeNull();
      await one.pass(1000);
      expect(one.text).toBe('opening websocket-closed');
      await one.reach('connected');
      expect(one.text).toBe('connected ');
      expect(one.fake.sockets).toHaveLength(2);
    });

    test('says why it lost the last attempt, through every attempt, until one connects', async () => {
      const one = await page({ template: '{{ call.termination()?.kind }}' }).reach('connected');
      await one.play('ws.close 1006');
      await one.pass(1000);
      await one.reach('negotiating');
      await one.play('pc failed');
      expect(one.text).toBe('peer-connection-failed');
    });

    test('is over where the server refuses, and says why', async () => {
      const one = await page({ template: '{{ call.state() }} {{ call.termination()?.kind }}' }).reach('connected');
      await one.play('ws.close 1000');
      expect(one.text).toBe('over server-close');
      expect(one.call.step()).toMatchObject({ kind: 'over', attempts: 1 });
    });

    test('retryNow() ends a wait', async () => {
      const one = await page().reach('connected');
      await one.play('ws.close 1006');
      one.call.retryNow();
      await one.pass();
      expect(one.text).toBe('opening');
    });

    test('retryNow() begins a call again that is over', async () => {
      const one = await page().reach('connected');
      await one.play('ws.close 1000');
      await one.pass(60_000);
      expect(one.text).toBe('over');
      one.call.retryNow();
      await one.pass();
      expect(one.text).toBe('opening');
      expect(one.call.termination()).toBeNull();
    });

    test('retryNow() does nothing to a session that stands, not even later', async () => {
      const one = await page().reach('connected');
      one.call.retryNow();
      await one.pass();
      expect(one.fake.sockets).toHaveLength(1);
      await one.play('ws.close 1006');
      expect(one.text).toBe('waiting');
    });

    test("the policy's own now$ ends a wait as well", async () => {
      const nowSubject = new Subject<void>();
      const one = await page({
        inject: () => injectCall(() => ({ channelId: 'room' }), { ...STEADY, now$: nowSubject }),
      }).reach('connected');
      await one.play('ws.close 1006');
      nowSubject.next();
      await one.pass();
      expect(one.text).toBe('opening');
    });
  });

  describe('options', () => {
    const inRoom = (room: () => string | null) => () => injectCall(() => room() === null ? null : { channelId: room() ?? '' }, STEADY); // prettier-ignore

    test('null is no call, and ends the one that stands', async () => {
      const room = signal<string | null>(null);
      const one = page({ inject: inRoom(room) });
      await one.pass();
      expect(one.text).toBe('idle');
      expect(one.fake.sockets).toHaveLength(0);
      room.set('room');
      await one.reach('connected');
      expect(one.text).toBe('connected');
      room.set(null);
      await one.pass();
      expect(one.text).toBe('idle');
      expect(one.call.step()).toBeNull();
      await one.pass(5000);
      expect(one.fake.leaks()).toEqual(NOTHING);
    });

    test('another room is another call', async () => {
      const room = signal('one');
      const one = await page({ inject: inRoom(room) }).reach('connected');
      const first = one.call.session();
      room.set('two');
      await one.reach('connected');
      expect(one.call.session()).not.toBe(first);
      expect(connectMessages(one)).toMatchObject([{ channel_id: 'one' }, { channel_id: 'two' }]);
    });

    test('a signal that was read and changed no option keeps the call', async () => {
      const user = signal({ room: 'room', name: 'Alice' });
      const one = await page({ inject: inRoom(() => user().room) }).reach('connected');
      user.set({ room: 'room', name: 'Bob' });
      await one.pass();
      expect(one.fake.sockets).toHaveLength(1);
      expect(one.text).toBe('connected');
    });

    test('an option that is given, or no longer given, is another call', async () => {
      const more = signal<SoraOptions>({});
      const one = await page({ inject: () => injectCall(() => ({ channelId: 'room', ...more() })) }).reach('connected');
      more.set({ clientId: 'me' });
      await one.reach('connected');
      more.set({});
      await one.reach('connected');
      expect(connectMessages(one).map((each) => (each as { client_id?: string }).client_id)).toEqual([undefined, 'me', undefined]);
    });

    test('a wrong option is reported once, and the next options are tried', async () => {
      const room = signal('');
      const one = page({ inject: inRoom(room) });
      await one.pass();
      expect(one.errors).toHaveLength(1);
      expect(one.errors[0]).toBeInstanceOf(SoraOptionsError);
      expect(one.text).toBe('idle');
      room.set('room');
      await one.pass();
      expect(one.text).toBe('opening');
      expect(one.errors).toHaveLength(1);
    });

    test("a call's own options go before those of provideSora()", async () => {
      const one = await page({
        defaults: { channelId: 'shared', clientId: 'me' },
        inject: () => injectCall(() => ({ channelId: 'own' })),
      }).reach('connected');
      expect(connectMessages(one)).toMatchObject([{ channel_id: 'own', client_id: 'me' }]);
    });

    test('every session passes the operator of provideSora()', async () => {
      const seen: Session[] = [];
      const one = await page({ through: tap((session) => seen.push(session)) }).reach('connected');
      await one.play('ws.close 1006');
      await one.pass(1000);
      expect(seen).toHaveLength(2);
      expect(seen[1]).toBe(one.call.session());
    });
  });

  describe('leave()', () => {
    test('ends a session with a goodbye, and the call with it', async () => {
      const one = await page().reach('connected');
      const left = one.call.leave();
      await one.play('ws.close 1000');
      expect(await left).toMatchObject({ kind: 'client-disconnect', trigger: 'api', outcome: 'acknowledged' });
      expect(one.text).toBe('over');
      expect(one.call.termination()).toBe(await left);
    });

    test('ends a wait, with the end before it', async () => {
      const one = await page().reach('connected');
      await one.play('ws.close 1006');
      const left = one.call.leave();
      await one.pass(60_000);
      expect(one.text).toBe('over');
      expect(await left).toMatchObject({ kind: 'websocket-closed' });
      expect(one.call.step()).toMatchObject({ kind: 'over', attempts: 1 });
      expect(one.fake.sockets).toHaveLength(1);
    });

    test('is not undone by a policy that would come back from everything', async () => {
      const one = await page({
        inject: () => injectCall(() => ({ channelId: 'room' }), { ...STEADY, decide: () => 'at-once' }),
      }).reach('connected');
      void one.call.leave();
      await one.play('ws.close 1000');
      await one.pass(60_000);
      expect(one.text).toBe('over');
      expect(one.fake.sockets).toHaveLength(1);
    });

    test('after the end gives the end, and without a call null', async () => {
      const room = signal<string | null>('room');
      const one = await page({ inject: () => injectCall(() => (room() === null ? null : { channelId: 'room' })) }).reach('connected');
      await one.play('ws.close 1000');
      expect(await one.call.leave()).toMatchObject({ kind: 'server-close' });
      room.set(null);
      await one.pass();
      expect(await one.call.leave()).toBeNull();
    });

    test('is followed by another call when the options change', async () => {
      const room = signal('one');
      const one = await page({ inject: () => injectCall(() => ({ channelId: room() })) }).reach('connected');
      void one.call.leave();
      await one.play('ws.close 1000');
      room.set('two');
      await one.reach('connected');
      expect(one.text).toBe('connected');
    });
  });

  describe('what a session has', () => {
    const channel: SoraOptions = { dataChannels: [{ label: '#chat', direction: 'sendrecv' }] };
    const decoded = (one: CallPage): string[] =>
      one.call
        .messages('#chat')()
        .map(({ data }) => new TextDecoder().decode(data));

    test('remote streams are there while a session stands', async () => {
      const one = await page({ template: '{{ call.remoteStreams().length }}' }).reach('connected');
      const track = new FakeMediaStreamTrack('video');
      one.sora.peerConnection.remote.track(track, [new FakeMediaStream([track], 'SOMEBODY')]);
      await one.pass();
      expect(one.text).toBe('1');
      expect(one.call.remoteStreams()[0]?.connectionId).toBe('SOMEBODY');
      await one.play('ws.close 1006');
      expect(one.text).toBe('0');
    });

    test('the roster is there while a session stands', async () => {
      const one = await page({ template: '{{ call.roster().members.length }}' }).reach('connected');
      one.sora.send({ type: 'notify', event_type: 'connection.created', connection_id: 'SOMEBODY', role: 'sendrecv' });
      await one.pass();
      expect(one.text).toBe('1');
      await one.play('ws.close 1006');
      expect(one.text).toBe('0');
    });

    test('messages of a label are kept, the last of them, through the sessions of a call', async () => {
      const one = await page({ mode: 'M', defaults: channel, template: '{{ call.messages("#chat", 2)().length }}' }).reach('switched');
      for (const words of ['one', 'two', 'three']) one.sora.send(words, '#chat');
      await one.pass();
      expect(decoded(one)).toEqual(['two', 'three']);
      await one.play('ws.close 1006');
      await one.pass(1000);
      await one.reach('switched');
      one.sora.send('four', '#chat');
      await one.pass();
      expect(decoded(one)).toEqual(['three', 'four']);
    });

    test('another call begins without the messages of the one before', async () => {
      const room = signal('one');
      const inject = () => injectCall(() => ({ channelId: room() }));
      const one = await page({ mode: 'M', defaults: channel, inject, template: '{{ call.messages("#chat")().length }}' }).reach('switched');
      one.sora.send('one', '#chat');
      await one.pass();
      expect(one.text).toBe('1');
      room.set('two');
      await one.reach('switched');
      expect(one.text).toBe('0');
    });

    test('the health is there while a session stands, as one signal', async () => {
      const one = page({ template: '{{ call.state() }}' });
      const health = healthOf(one.call);
      await one.reach('connected');
      expect(health()).toMatchObject({ state: 'good' });
      expect(healthOf(one.call)).toBe(health);
      await one.play('ws.close 1006');
      expect(health()).toBeNull();
      one.destroy();
    });

    test('any stream of a session is a signal', async () => {
      const one = page();
      const seconds = one.call.follow(() => interval(1000).pipe(map((index) => index + 1)), null);
      await one.reach('connected');
      await one.pass(3000);
      expect(seconds()).toBe(3);
      await one.play('ws.close 1006');
      expect(seconds()).toBeNull();
    });

    test('send() sends over the session that stands', async () => {
      const one = await page({ mode: 'M', defaults: channel }).reach('switched');
      await one.call.send('#chat', 'hello');
      expect(one.fake.sent.filter(({ label }) => label === '#chat').map(({ data }) => data)).toEqual([new TextEncoder().encode('hello')]);
    });

    test('send() rejects while no session stands', async () => {
      const one = await page().reach('connected');
      await one.play('ws.close 1006');
      await expect(one.call.send('#chat', 'hello')).rejects.toThrow(new SoraSendError('not-connected', '#chat'));
    });
  });

  describe('change detection', () => {
    test('does not run for messages that no signal shows', async () => {
      const one = await page({ mode: 'M', defaults: { dataChannels: [{ label: '#chat', direction: 'sendrecv' }] } }).reach('switched');
      const { ticks } = one;
      const { length } = one.rendered;
      for (let count = 0; count < 1000; count += 1) one.sora.send('hello', '#chat');
      await one.pass(1000);
      expect(one.rendered).toHaveLength(length);
      expect(one.ticks).toBe(ticks);
    });

    test('runs once for many messages of one instant', async () => {
      const template = '{{ call.messages("#chat")().length }}';
      const defaults: SoraOptions = { dataChannels: [{ label: '#chat', direction: 'sendrecv' }] };
      const one = await page({ mode: 'M', defaults, template }).reach('switched');
      const { length } = one.rendered;
      for (let count = 0; count < 50; count += 1) one.sora.send('hello', '#chat');
      await one.pass();
      expect(one.text).toBe('50');
      expect(one.rendered).toHaveLength(length + 1);
    });
  });

  describe('injectSession()', () => {
    test('is over with its session, also where trying again makes sense', async () => {
      const one = await page({ inject: () => injectSession(() => ({ channelId: 'room' })) }).reach('connected');
      expect(one.call.step()).toMatchObject({ kind: 'session', attempt: 1, previous: null });
      await one.play('ws.close 1006');
      expect(one.text).toBe('over');
      expect(one.call.termination()).toMatchObject({ kind: 'websocket-closed', retry: 'yes' });
      await one.pass(60_000);
      expect(one.fake.sockets).toHaveLength(1);
    });

    test('connects again when told', async () => {
      const one = await page({ inject: () => injectSession(() => ({ channelId: 'room' })) }).reach('connected');
      await one.play('ws.close 1006');
      one.call.retryNow();
      await one.reach('connected');
      expect(one.text).toBe('connected');
      expect(one.fake.sockets).toHaveLength(2);
    });

    test('is left by leave()', async () => {
      const one = await page({ inject: () => injectSession(() => ({ channelId: 'room' })) }).reach('connected');
      const left = one.call.leave();
      await one.play('ws.close 1000');
      expect(await left).toMatchObject({ kind: 'client-disconnect' });
      expect(one.text).toBe('over');
    });
  });

  describe('injectLatest()', () => {
    /** A component that shows the latest of a stream, with what became of the subscriptions. */
    const latest = (stream: () => Observable<number> | null): { readonly one: CallPage; readonly signal: () => Signal<number | null> } => {
      let shown: Signal<number | null> | undefined;
      const one = page({
        inject: () => {
          shown = injectLatest(stream, null);
          return injectCall(() => null);
        },
      });
      return { one, signal: () => shown! };
    };

    test('subscribes after the first render, and leaves with the component', async () => {
      let subscribers = 0;
      const { one, signal: shown } = latest(
        () =>
          new Observable((subscriber) => {
            subscribers += 1;
            subscriber.next(subscribers);
            return () => (subscribers -= 1);
          }),
      );
      expect(shown()()).toBe(withZone ? 1 : null);
      await one.pass();
      expect(shown()()).toBe(1);
      one.destroy();
      expect(subscribers).toBe(0);
      expect(shown()()).toBe(1);
    });

    test('follows the signals that the function reads: another stream begins with the initial value, null is none', async () => {
      const which = signal<number | null>(1);
      const { one, signal: shown } = latest(() => {
        const factor = which();
        return factor === null ? null : interval(1000).pipe(map((index) => (index + 1) * factor));
      });
      await one.pass(2500);
      expect(shown()()).toBe(2);
      which.set(10);
      await one.pass();
      expect(shown()()).toBeNull();
      await one.pass(1000);
      expect(shown()()).toBe(10);
      which.set(null);
      await one.pass();
      expect(shown()()).toBeNull();
      one.destroy();
    });

    test('throws the error of the stream where it is read', async () => {
      const { one, signal: shown } = latest(() => throwError(() => new Error('no camera')));
      await one.pass();
      expect(() => shown()()).toThrow('no camera');
    });
  });

  describe('the end of the component', () => {
    test('leaves the call in a session', async () => {
      const one = await page().reach('connected');
      const { termination$ } = one.call.session()!;
      const ends: unknown[] = [];
      termination$.subscribe(({ kind, ...rest }) => ends.push({ kind, trigger: 'trigger' in rest && rest.trigger }));
      one.destroy();
      await one.pass(5000);
      expect(ends).toEqual([{ kind: 'client-disconnect', trigger: 'unsubscribe' }]);
      expect(one.fake.leaks()).toEqual(NOTHING);
    });

    test('leaves the call in a wait, and no attempt follows', async () => {
      const one = await page().reach('connected');
      await one.play('ws.close 1006');
      one.destroy();
      await one.pass(60_000);
      expect(one.fake.sockets).toHaveLength(1);
      expect(one.fake.leaks()).toEqual(NOTHING);
    });

    test('keeps the last value of every signal', async () => {
      const one = await page().reach('connected');
      const { state, step } = one.call;
      expect(state()).toBe('connected');
      one.destroy();
      expect(state()).toBe('connected');
      expect(step()).toMatchObject({ kind: 'session' });
    });
  });
}
