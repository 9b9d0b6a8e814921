import { describe, expect, test } from 'vitest';
import { createSession } from '../../src/session/create-session.ts';
import { type ConnectOptions, checkOptions } from '../../src/session/options.ts';
import type { SignalingUrlPolicy } from '../../src/signaling/url-policy.ts';
import { timeline } from '../../src/timeline/timeline.ts';
import { roster } from '../../src/roster/roster.ts';
import { elapse, outcome, rig, useVirtualTime } from '../support/session-rig.ts';

/* Mistakes that an application may make: each names itself, or does no harm. */

useVirtualTime();

const required = { signalingUrl: 'wss://one.sora.test/signaling', channelId: 'sora', role: 'recvonly' } as const;
const wrong = (options: object): unknown => {
  try {
    return checkOptions({ ...required, ...options });
  } catch (error) {
    return error;
  }
};

describe('what JSON would write as {}', () => {
  test.each<[string, object, string]>([
    ['a Promise', { metadata: Promise.resolve('token') }, 'metadata'],
    ['a Promise in it', { metadata: { token: Promise.resolve('token') } }, 'metadata.token'],
    ['a Map', { signalingNotifyMetadata: new Map([['name', 'ann']]) }, 'signalingNotifyMetadata'],
    ['a Set', { metadata: [new Set([1])] }, 'metadata.0'],
    ['bytes', { metadata: { key: new Uint8Array(2) } }, 'metadata.key'],
  ])('%s is refused', (_, options, path) => {
    expect(wrong(options)).toMatchObject({ name: 'SoraOptionsError', path, message: `option ${path} must be JSON` });
  });

  test('a Promise in what a function returns ends the session before anything is sent', () => {
    const r = rig({ start: 'opening', options: { metadata: () => ({ token: Promise.resolve('token') }) } });
    expect(r.termination).toMatchObject({ kind: 'internal-error', where: 'metadata' });
    expect(r.traffic).toEqual([]);
  });

  test('instances of classes, and what says itself how it is written, are JSON', () => {
    class User {
      readonly name = 'ann';
    }
    expect(wrong({ metadata: { user: new User(), at: new Date(0), bare: Object.create(null) as object } })).toMatchObject({
      channelId: 'sora',
    });
  });
});

describe('what is no text', () => {
  test.each<[string, object, string]>([
    ['a URL object', { signalingUrl: new URL('wss://one.sora.test/') }, 'signalingUrl'],
    ['a URL object in a list', { signalingUrl: [new URL('wss://one.sora.test/')] }, 'signalingUrl[0]'],
    ['a list in a list', { signalingUrl: [['wss://one.sora.test/']] }, 'signalingUrl[0]'],
    ['a label', { dataChannels: [{ label: ['#a'], direction: 'sendrecv' }] }, 'dataChannels[0].label'],
    ['a hole', { dataChannels: Array(1) }, 'dataChannels[0]'],
    ['a page', { platform: { page: 5 } }, 'platform.page'],
  ])('%s is refused', (_, options, path) => {
    expect(wrong(options)).toMatchObject({ name: 'SoraOptionsError', path });
  });

  test('no page at all is none', () => {
    expect(wrong({ platform: { page: null } })).toMatchObject({ platform: { page: null } });
  });

  test('a label of send() is unknown', async () => {
    const r = rig({ mode: 'D' });
    expect(await outcome(r.session.send(undefined as never, 'x'))).toMatchObject({ name: 'SoraSendError', code: 'unknown-label' });
  });
});

test('options that cannot be read are an error with their cause, and without its words', () => {
  const cause = new Error('a secret');
  const options = Object.defineProperty({}, 'metadata', {
    enumerable: true,
    get: () => {
      throw cause;
    },
  });
  const proxy = new Proxy({}, { ownKeys: () => expect.fail('a secret') });
  expect(wrong(Object.defineProperties({}, {}))).toMatchObject({ channelId: 'sora' });
  for (const each of [options, proxy]) {
    expect(() => checkOptions(each as ConnectOptions)).toThrow(
      expect.objectContaining({ code: 'invalid-option', message: 'options cannot be read' }),
    );
  }
});

describe('a signaling URL policy of one’s own', () => {
  const urls = ['wss://one.sora.test/signaling', 'wss://two.sora.test/signaling'];
  const with_ = (signalingUrlPolicy: SignalingUrlPolicy): ReturnType<typeof rig> =>
    rig({ start: 'opening', options: { signalingUrl: urls, signalingUrlPolicy } });

  test('that leaves URLs out ends with the last of those it names (Q49)', () => {
    const r = with_(([, two]) => ({ waves: [[], [two as string]], headStartMs: null }));
    expect(r.fake.sockets.map(({ url }) => url)).toEqual([urls[1]]);
    r.fake.sockets[0]!.remote.fail();
    expect(r.termination).toMatchObject({ kind: 'websocket-error' });
  });

  test.each<[string, SignalingUrlPolicy]>([
    ['throws', () => expect.fail('a secret')],
    ['names no URL', () => ({ waves: [[]], headStartMs: null })],
    ['returns nothing', () => undefined as never],
  ])('that %s ends the session at once', (_, policy) => {
    const r = with_(policy);
    expect(r.termination).toMatchObject({
      kind: 'internal-error',
      where: 'signaling-url-policy',
      message: 'signalingUrlPolicy gave no URL to open',
      phase: 'opening',
    });
    expect(r.fake.sockets).toEqual([]);
  });

  test.each(['connected', 'signaling'] as const)('whose report throws changes nothing, while %s', (start) => {
    const report = (): void => expect.fail('made to fail');
    const r = rig({ start, options: { signalingUrlPolicy: (all) => ({ waves: [all], headStartMs: null, report }) } });
    expect(r.terminations).toEqual([]);
    void r.session.disconnect();
    r.play('ws.close 1000');
    expect(r.termination).toMatchObject({ kind: 'client-disconnect', outcome: 'acknowledged' });
    expect(r.fake.leaks()).toEqual({ listeners: 0, sockets: 0, peerConnections: 0, channels: 0 });
  });
});

describe('user and password in a URL', () => {
  test.each(['wss:/user:secret@one.sora.test/x', 'wss:user:secret@one.sora.test/x', 'wss:\\\\user:secret@one.sora.test\\x'])(
    '%s are told nowhere, however many slashes stand before them',
    (first) => {
      const r = rig({ start: 'opening', options: { signalingUrl: [first, 'wss://two.sora.test/'] } });
      const entries = r.collect(timeline(r.session));
      r.fake.sockets[0]!.remote.fail();
      void r.session.disconnect();
      expect(r.termination.trailing[0]!.detail).toMatch(/^wss:\/\/one\.sora\.test[/\\]x$/);
      expect(JSON.stringify([r.termination, entries])).not.toContain('secret');
    },
  );
});

describe('what reads to no bytes', () => {
  test.each([undefined, 5, 'text'])('%s is not sent as zero bytes', async (read) => {
    const r = rig({ mode: 'D', sora: { labels: ['#chat'] } });
    const sent = outcome(r.session.send('#chat', { arrayBuffer: () => Promise.resolve(read) } as never));
    elapse();
    expect(await sent).toMatchObject({ name: 'SoraSendError', code: 'not-sendable' });
  });
});

test('a session behind the Proxy of a framework is a session', () => {
  const deep = (target: object): object =>
    new Proxy(target, {
      get(each, name, receiver) {
        const value: unknown = Reflect.get(each, name, receiver);
        return typeof value === 'object' && value !== null ? deep(value) : value;
      },
    });
  const r = rig();
  const session = deep(r.session) as typeof r.session;
  expect(() => session.notify$.subscribe()).not.toThrow();
  expect(r.collect(roster(session))).toHaveLength(1);
  expect(createSession(required).state$).toBeDefined();
});
