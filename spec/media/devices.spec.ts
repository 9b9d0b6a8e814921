import { take } from 'rxjs';
import { type Devices, devices, userMedia } from 'rx-sora/media';
import { SyncThenable } from 'rx-sora/testing';
import { describe, expect, test } from 'vitest';
import { marbles } from '../support/marbles.ts';
import {
  device,
  domError,
  type FakeDevice,
  FakeMediaDevices,
  FakePermissions,
  FakeStream,
  FakeTrack,
  native,
  Requests,
} from './support/fake-media.ts';
import { during, observe } from './support/observed.ts';

const camera = device('videoinput', 'camera');
const microphone = device('audioinput', 'microphone');
const headset = device('audioinput', 'headset');
const speaker = device('audiooutput', 'speaker');
const defaultMicrophone = device('audioinput', 'default', 'Default: headset');
const hiddenCamera = device('videoinput', '');
const hiddenMicrophone = device('audioinput', '');

const granted = { camera: 'granted', microphone: 'granted' } as const;
const prompt = { camera: 'prompt', microphone: 'prompt' } as const;

function rig(permission: Readonly<Record<'camera' | 'microphone', PermissionState>>, ...list: readonly FakeDevice[]) {
  const mediaDevices = new FakeMediaDevices(...list);
  const permissions = new FakePermissions(permission);
  const devices$ = devices({ mediaDevices: native(mediaDevices), permissions: native(permissions) });
  return { mediaDevices, permissions, devices$, attached: () => mediaDevices.attached + permissions.attached };
}

/** A value as the devices of a marble say it; what is left out is empty. */
const value = (parts: Partial<Record<keyof Devices, unknown>>): Devices =>
  native({ cameras: [], microphones: [], speakers: [], added: [], removed: [], permission: granted, ...parts });

describe('devices()', () => {
  test(
    'by kind with permission: now, and every time that something is plugged in or out',
    marbles((m) => {
      const { mediaDevices, devices$ } = rig(granted, camera, microphone, speaker);
      during(m, '--i-o', {
        i: () => mediaDevices.change(camera, microphone, headset, speaker),
        o: () => mediaDevices.change(camera, microphone, speaker),
      });
      const all = { cameras: [camera], microphones: [microphone], speakers: [speaker] };
      m.expect(devices$).toBeObservable('n-i-o', {
        n: value(all),
        i: value({ ...all, microphones: [microphone, headset], added: [headset] }),
        o: value({ ...all, removed: [headset] }),
      });
    }),
  );

  test(
    'labels that become readable with the permission are neither added nor removed, and the same when they are hidden again',
    marbles((m) => {
      const { mediaDevices, permissions, devices$ } = rig(prompt, hiddenCamera, hiddenMicrophone);
      during(m, '--g-d', {
        g: () => {
          mediaDevices.list = [camera, hiddenMicrophone];
          permissions.set('camera', 'granted');
        },
        d: () => {
          mediaDevices.list = [hiddenCamera, hiddenMicrophone];
          permissions.set('camera', 'denied');
        },
      });
      const hidden = { cameras: [hiddenCamera], microphones: [hiddenMicrophone] };
      m.expect(devices$).toBeObservable('n-g-d', {
        n: value({ ...hidden, permission: prompt }),
        g: value({ ...hidden, cameras: [camera], permission: { ...prompt, camera: 'granted' } }),
        d: value({ ...hidden, permission: { ...prompt, camera: 'denied' } }),
      });
    }),
  );

  test(
    'the last device of a kind is unplugged: the names that Chromium has for it are no devices',
    marbles((m) => {
      const { mediaDevices, devices$ } = rig(granted, defaultMicrophone, headset);
      during(m, '--o-i', { o: () => mediaDevices.change(), i: () => mediaDevices.change(defaultMicrophone, headset) });
      const all = { microphones: [defaultMicrophone, headset] };
      m.expect(devices$).toBeObservable('n-o-i', {
        n: value(all),
        o: value({ removed: [headset] }),
        i: value({ ...all, added: [headset] }),
      });
    }),
  );

  test(
    'one id for a microphone and a speaker is two devices',
    marbles((m) => {
      const [one, other] = [device('audioinput', 'same'), device('audiooutput', 'same')];
      const { mediaDevices, devices$ } = rig(granted, one, other);
      during(m, '--o', { o: () => mediaDevices.change(other) });
      m.expect(devices$).toBeObservable('n-o', {
        n: value({ microphones: [one], speakers: [other] }),
        o: value({ speakers: [other], removed: [one] }),
      });
    }),
  );

  test(
    'a subscriber that comes late gets the list of its own now, with nothing added or removed',
    marbles((m) => {
      const { mediaDevices, devices$ } = rig(granted, camera);
      during(m, '--i', { i: () => mediaDevices.change(camera, headset) });
      m.expect(devices$, '----^').toBeObservable('----n', { n: value({ cameras: [camera], microphones: [headset] }) });
    }),
  );

  test(
    'an event without a change is none; a new label is one',
    marbles((m) => {
      const { mediaDevices, devices$ } = rig(granted, camera);
      const renamed = { ...camera, label: 'renamed' };
      during(m, '--s-r', { s: () => mediaDevices.change(camera), r: () => mediaDevices.change(renamed) });
      m.expect(devices$).toBeObservable('n---r', { n: value({ cameras: [camera] }), r: value({ cameras: [renamed] }) });
    }),
  );

  test('a device that userMedia() opens makes labels readable, although the browser says nothing', () => {
    const { mediaDevices, devices$ } = rig(prompt, hiddenCamera);
    const { seen } = observe(devices$);
    observe(userMedia({ video: true }, { mediaDevices: native(mediaDevices) }));
    mediaDevices.list = [camera];
    expect(seen).toHaveLength(1);
    mediaDevices.user.latest.resolve(new FakeStream(new FakeTrack('video')));
    expect(seen).toEqual([value({ cameras: [hiddenCamera], permission: prompt }), value({ cameras: [camera], permission: prompt })]);
  });

  test('of two readings under way the newer one counts', () => {
    const { mediaDevices, devices$ } = rig(granted);
    const readings = new Requests<readonly FakeDevice[]>();
    mediaDevices.enumerateDevices = readings.call;
    const { seen } = observe(devices$);
    mediaDevices.change();
    readings.all[0]!.resolve([]);
    expect(seen).toEqual([]);
    readings.all[1]!.resolve([camera]);
    expect(seen).toEqual([value({ cameras: [camera] })]);
  });

  test('a change that a subscriber brings about while it gets the first list is not lost', () => {
    const { mediaDevices, devices$ } = rig(granted, camera);
    const seen: number[] = [];
    devices$.subscribe(({ cameras, microphones }) => {
      seen.push(cameras.length + microphones.length);
      if (seen.length === 1) mediaDevices.change(camera, headset);
    });
    expect(seen).toEqual([1, 2]);
  });

  test('a permission that the browser never tells: nothing', () => {
    const permissions = { query: new Requests().call };
    const { seen, subscription } = observe(
      devices({ mediaDevices: native(new FakeMediaDevices(camera)), permissions: native(permissions) }),
    );
    subscription.unsubscribe();
    expect(seen).toEqual([]);
  });

  test('unsubscribing removes every listener', () => {
    const { devices$, attached } = rig(granted, camera);
    const { subscription } = observe(devices$);
    expect(attached()).toBeGreaterThan(2);
    subscription.unsubscribe();
    expect(attached()).toBe(0);
    observe(devices$.pipe(take(1)));
    expect(attached()).toBe(0);
  });

  test('a list that the browser refuses is an error, and no listener stays', () => {
    const { mediaDevices, devices$, attached } = rig(granted, camera);
    mediaDevices.enumerateDevices = () => SyncThenable.rejected(domError('InvalidStateError'));
    expect(observe(devices$).seen).toEqual(['#failed']);
    expect(attached()).toBe(0);
  });

  test('a page without devices is unsupported', () => {
    expect(observe(devices({ permissions: native(new FakePermissions(granted)) })).seen).toEqual(['#unsupported']);
    expect(observe(devices()).seen).toEqual(['#unsupported']);
  });
});
