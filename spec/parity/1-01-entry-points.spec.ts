import { expect } from 'vitest';
import { connect, createSession, version } from '../../src/index.ts';
import type { Session } from '../../src/session/session.ts';
import { createFakePlatform } from '../../src/testing/fake-platform.ts';
import { outcome, pass, rig, useVirtualTime } from '../support/session-rig.ts';
import { parity } from './parity.ts';

useVirtualTime();

parity(
  '1.1 entry points and roles',
  'factory from one signaling URL or several',
  { official: '`Sora.connection(url or url[])`', here: '`connect(options)` as a cold Observable, `createSession(options)` as an object' },
  () => {
    const { platform, sockets } = createFakePlatform();
    const sessions: Session[] = [];
    connect({ signalingUrl: 'wss://a.test/signaling', channelId: 'c', role: 'sendrecv', platform })
      .subscribe((session) => sessions.push(session))
      .unsubscribe();
    expect([sessions.length, sockets.length]).toEqual([1, 1]);
    const session = createSession({
      signalingUrl: ['wss://a.test/signaling', 'wss://b.test/signaling'],
      channelId: 'c',
      role: 'sendrecv',
      platform,
    });
    expect(sockets).toHaveLength(1);
    void outcome(session.connect());
    expect(sockets.slice(1).map(({ url }) => url)).toEqual(['wss://a.test/signaling', 'wss://b.test/signaling']);
  },
);

parity(
  '1.1 entry points and roles',
  'role sendrecv, sendonly, recvonly',
  { official: 'one factory per role', here: 'the option `role`' },
  () => {
    const roles = (['sendrecv', 'sendonly', 'recvonly'] as const).map(
      (role) => rig({ start: 'signaling', options: { role } }).sent('connect')[0]!['role'],
    );
    expect(roles).toEqual(['sendrecv', 'sendonly', 'recvonly']);
  },
);

parity(
  '1.1 entry points and roles',
  'messaging-only connection',
  { official: '`messaging()`, role fixed to sendonly', here: '`audio: false, video: false, dataChannelSignaling: true`, with any role' },
  async () => {
    const r = rig({
      mode: 'D',
      start: 'switched',
      options: { role: 'recvonly', audio: false, video: false, dataChannels: [{ label: '#chat', direction: 'sendrecv' }] },
      sora: { labels: ['#chat'], offer: { mid: undefined, audio: false, video: false } },
    });
    expect(r.sent('connect')[0]).toMatchObject({ audio: false, video: false, data_channel_signaling: true });
    await r.session.send('#chat', 'hello');
    expect(r.traffic.at(-1)).toMatch(/^#chat /);
  },
);

parity(
  '1.1 entry points and roles',
  'connect while already connected',
  {
    official: 'disconnects first, then connects anew',
    here: 'by contract a session lives once: a second `connect()` returns the first promise, and rejects with the reason after the end',
  },
  async () => {
    const r = rig();
    const first = r.session.connect();
    expect(r.session.connect()).toBe(first);
    expect(r.fake.sockets).toHaveLength(1);
    r.play('pc failed');
    expect(await outcome(r.session.connect())).toMatchObject({ name: 'SoraTerminatedError', termination: r.termination });
    const again = rig({ start: 'idle' });
    void outcome(again.session.disconnect());
    await pass(1);
    expect(await outcome(again.session.connect())).toMatchObject({ name: 'SoraTerminatedError', termination: again.termination });
  },
);

parity('1.1 entry points and roles', 'version of the SDK', { official: '`Sora.version()`', here: 'the string `version`' }, () => {
  expect(version).toMatch(/^\d+\.\d+\.\d+/);
});

parity(
  '1.1 entry points and roles',
  'identity on the wire',
  { official: '`sora_client` and `environment`', here: 'the same members' },
  () => {
    expect(rig({ start: 'signaling' }).sent('connect')[0]).toMatchObject({
      sora_client: `rx-sora ${version}`,
      environment: 'rx-sora/testing',
    });
  },
);
