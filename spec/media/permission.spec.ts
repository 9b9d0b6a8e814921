import { permission } from 'rx-sora/media';
import { SyncThenable } from 'rx-sora/testing';
import { describe, expect, test } from 'vitest';
import { marbles } from '../support/marbles.ts';
import {
  device,
  domError,
  FakeMediaDevices,
  FakePermissions,
  FakePermissionStatus,
  listenerCount,
  native,
  Requests,
} from './support/fake-media.ts';
import { during, observe } from './support/observed.ts';

const STATES = { p: 'prompt', g: 'granted', d: 'denied' } as const;

describe('permission()', () => {
  test(
    'the state now, then every change',
    marbles((m) => {
      const permissions = new FakePermissions({ camera: 'prompt', microphone: 'granted' });
      during(m, '--g--d', { g: () => permissions.set('camera', 'granted'), d: () => permissions.set('camera', 'denied') });
      m.expect(permission('camera', { permissions: native(permissions) })).toBeObservable('p-g--d', STATES);
    }),
  );

  test(
    'each subscriber gets the state of its own now',
    marbles((m) => {
      const permissions = new FakePermissions({ microphone: 'prompt' });
      during(m, '--g', { g: () => permissions.set('microphone', 'granted') });
      const state$ = permission('microphone', { permissions: native(permissions) });
      m.expect(state$, '^').toBeObservable('p-g', STATES);
      m.expect(state$, '----^').toBeObservable('----g', STATES);
    }),
  );

  test('a browser that never answers', () => {
    const queries = new Requests<FakePermissionStatus>();
    expect(observe(permission('camera', { permissions: native({ query: queries.call }) })).seen).toEqual([]);
  });

  test(
    'an event without a change is none',
    marbles((m) => {
      const permissions = new FakePermissions({ camera: 'granted' });
      during(m, '--g', { g: () => permissions.set('camera', 'granted') });
      m.expect(permission('camera', { permissions: native(permissions) })).toBeObservable('g', STATES);
    }),
  );

  test('a change that a subscriber brings about while it gets the first state is not lost', () => {
    const permissions = new FakePermissions({ camera: 'prompt' });
    const seen: string[] = [];
    permission('camera', { permissions: native(permissions) }).subscribe((state) => {
      seen.push(state);
      if (state === 'prompt') permissions.set('camera', 'granted');
    });
    expect(seen).toEqual(['prompt', 'granted']);
  });

  test('unsubscribing removes the listener', () => {
    const permissions = new FakePermissions({ camera: 'prompt' });
    const { subscription } = observe(permission('camera', { permissions: native(permissions) }));
    expect(permissions.attached).toBe(1);
    subscription.unsubscribe();
    expect(permissions.attached).toBe(0);
  });

  test('an answer that comes after the unsubscribe is not listened to', () => {
    const queries = new Requests<FakePermissionStatus>();
    const { seen, subscription } = observe(permission('camera', { permissions: native({ query: queries.call }) }));
    subscription.unsubscribe();
    const status = new FakePermissionStatus('granted');
    queries.latest.resolve(status);
    expect([seen, listenerCount(status, 'change')]).toEqual([[], 0]);
  });
});

describe('permission() where the Permissions API does not know the name', () => {
  const unknown = { permissions: native(new FakePermissions({})) };
  const hidden = [device('videoinput', ''), device('audioinput', '')];

  test(
    'readable labels of that kind are granted, anything else is prompt',
    marbles((m) => {
      const mediaDevices = new FakeMediaDevices(...hidden);
      during(m, '-m-c-n', {
        m: () => mediaDevices.change(device('videoinput', ''), device('audioinput', 'microphone')),
        c: () => mediaDevices.change(device('videoinput', 'camera'), device('audioinput', 'microphone')),
        n: () => mediaDevices.change(),
      });
      m.expect(permission('camera', { ...unknown, mediaDevices: native(mediaDevices) })).toBeObservable('p--g-p', STATES);
      m.expect(permission('microphone', { ...unknown, mediaDevices: native(mediaDevices) })).toBeObservable('pg---p', STATES);
    }),
  );

  test('the same where there is no Permissions API', () => {
    const mediaDevices = new FakeMediaDevices(device('videoinput', 'camera'));
    const { seen, subscription } = observe(permission('camera', { mediaDevices: native(mediaDevices) }));
    expect(seen).toEqual(['granted']);
    expect(mediaDevices.attached).toBe(2);
    subscription.unsubscribe();
    expect(mediaDevices.attached).toBe(0);
  });

  test('a page without devices is unsupported', () => {
    expect(observe(permission('camera', unknown)).seen).toEqual(['#unsupported']);
    expect(observe(permission('camera')).seen).toEqual(['#unsupported']);
  });

  test('a list that the browser refuses is an error', () => {
    const mediaDevices = new FakeMediaDevices();
    Object.assign(mediaDevices, { enumerateDevices: () => SyncThenable.rejected(domError('InvalidStateError')) });
    expect(observe(permission('camera', { ...unknown, mediaDevices: native(mediaDevices) })).seen).toEqual(['#failed']);
  });
});
