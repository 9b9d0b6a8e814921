import './support/virtual-time.ts';
import 'zone.js';
import './support/test-bed.ts';
import { NgZone } from '@angular/core';
import { TestBed } from '@angular/core/testing';
import { Subject, interval, tap } from 'rxjs';
import { describe, expect, test } from 'vitest';
import { injectCall, injectLatest } from '../../src/angular/index.ts';
import { callSuite } from './call-suite.ts';
import { CallPage } from './support/call-page.ts';

callSuite(true);

describe('the zone of Angular', () => {
  /** Whether Angular's zone was current when something happened. */
  const probe = () => {
    const inside: boolean[] = [];
    return { inside, note: () => void inside.push(NgZone.isInAngularZone()) };
  };
  const zone = (): NgZone => TestBed.inject(NgZone);

  test('sees no socket and no session, in whatever attempt and whatever has caused it', async () => {
    const { inside, note } = probe();
    const nowSubject = new Subject<void>();
    const one = new CallPage({
      withZone: true,
      through: tap(note),
      defaults: { metadata: () => (note(), {}) },
      inject: () =>
        injectCall(() => ({ channelId: 'room' }), { decide: () => 'backoff', now$: nowSubject, initialDelayMs: 30_000, random: () => 1 }),
    });
    await one.pass();
    expect(inside.length).toBeGreaterThan(0);
    await one.play('ws.close 1006');
    const first = inside.length;
    zone().run(() => nowSubject.next());
    await one.pass();
    expect(inside.length).toBeGreaterThan(first);
    zone().run(() => void one.call.leave());
    await one.pass(5000);
    expect(one.text).toBe('over');
    const second = inside.length;
    zone().run(() => one.call.retryNow());
    await one.pass();
    expect(inside.length).toBeGreaterThan(second);
    expect(inside).not.toContain(true);
    one.destroy();
  });

  test('sees no timer: not of connecting, waiting, a signal that polls, leaving', async () => {
    const one = new CallPage({
      withZone: true,
      inject: () => (injectLatest(() => interval(1000), 0), injectCall(() => ({ channelId: 'room' }))),
    });
    const isBusy = (): boolean => zone().hasPendingMacrotasks;
    zone().run(() => one.call.follow(() => interval(1000), null));
    await one.reach('connected');
    expect(isBusy()).toBe(false);
    await one.play('ws.close 1006');
    expect(one.text).toBe('waiting');
    expect(isBusy()).toBe(false);
    zone().run(() => one.call.retryNow());
    await one.reach('connected');
    expect(isBusy()).toBe(false);
    zone().run(() => one.destroy());
    expect(isBusy()).toBe(false);
    await one.pass(5000);
    expect(one.fake.leaks()).toEqual({ listeners: 0, sockets: 0, peerConnections: 0, channels: 0 });
  });

  test('is stable while a call stands', async () => {
    const one = await new CallPage({ withZone: true, inject: () => injectCall(() => ({ channelId: 'room' })) }).reach('connected');
    expect(zone().isStable).toBe(true);
    expect(one.text).toBe('connected');
  });

  test('is told of what a signal shows', async () => {
    const one = await new CallPage({ withZone: true, inject: () => injectCall(() => ({ channelId: 'room' })) }).reach('connected');
    const { ticks } = one;
    await one.play('ws.close 1006');
    expect(one.ticks).toBeGreaterThan(ticks);
    expect(one.text).toBe('waiting');
  });
});
