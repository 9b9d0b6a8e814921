import { describe, expect, test, vi } from 'vitest';
import { marbleDiagram } from '../../src/marble-diagram/marble-diagram.ts';
import { type TimelineEntry, timeline } from '../../src/timeline/timeline.ts';
import { rpc } from '../../src/rpc/rpc.ts';
import { replaceTrack } from '../../src/tracks/replace-track.ts';
import type { Session } from '../../src/session/session.ts';
import type { SoraTerminatedError } from '../../src/session/terminated-error.ts';
import { describeTermination } from '../../src/termination/describe-termination.ts';
import { redact } from '../../src/redaction/redact.ts';
import { writeFakeSdp } from '../../src/testing/fake-sdp.ts';
import { record } from '../../src/testing/recorder.ts';
import { Collected } from '../support/open-telemetry.ts';
import { type RigSetup, type SessionRig, elapse, outcome, pass, rig, useVirtualTime } from '../support/session-rig.ts';

/*
 * P29 and more: marked secrets go into every input, and no output of the session that is made to be looked at or kept may hold one of them.
 */

useVirtualTime();

const canary = (name: string): string => `CANARY-${name}`;

/** Every member of the signaling that holds a secret, each with a secret of its own. */
const sdp = writeFakeSdp([
  { kind: 'audio', mid: 'audio_fake', direction: 'recvonly' },
  { kind: 'video', mid: 'video_fake', direction: 'recvonly' },
  { kind: 'application', mid: 'data', direction: 'sendrecv' },
])
  .replaceAll('a=ice-pwd:fakefakefakefakefakefake', `a=ice-pwd:${canary('pwd')}`)
  .replaceAll('a=ice-ufrag:fake', `a=ice-ufrag:${canary('ufrag')}`)
  .replace(
    'a=mid:data',
    `a=candidate:1 1 udp 1 ${canary('address')} 5 typ host\r\na=fingerprint:sha-256 ${canary('fingerprint')}\r\na=mid:data`,
  );
const offer = {
  sdp,
  metadata: { token: canary('offer-metadata') },
  config: {
    iceServers: [{ urls: ['turn:turn.test?transport=udp'], username: canary('turn-user'), credential: canary('turn-password') }],
    iceTransportPolicy: 'relay',
  },
};
const labels = ['rpc', '#chat'];

const setup = (more: RigSetup = {}): RigSetup => ({
  mode: 'D',
  start: 'idle',
  ...more,
  options: {
    signalingUrl: `wss://${canary('user')}:${canary('url-password')}@one.sora.test/signaling?access_token=${canary('url-token')}`,
    metadata: () => ({ access_token: canary('metadata'), deep: [{ any_name: canary('deep-metadata') }] }),
    signalingNotifyMetadata: { nick: canary('notify-metadata') },
    forwardingFilters: [{ rules: [], metadata: canary('filter-metadata') }],
    dataChannels: [{ label: '#chat', direction: 'sendrecv' }],
    ...more.options,
  },
  sora: { labels, offer, ...more.sora },
});

interface Outputs {
  readonly rig: SessionRig;
  readonly collected: Collected;
  /** Everything that came out, as text. */
  readonly text: () => string;
}

/** A session that is listened to in every way that is made for logs, telemetry and recordings. */
function listened(more: RigSetup = {}): Outputs {
  const out: unknown[] = [];
  const lines: string[] = [];
  const entries: TimelineEntry[] = [];
  const collected = new Collected();
  const r = rig({
    ...setup(more),
    before: (made) => {
      const { session } = made;
      collected.observe(session, { identifiers: ['channel', 'client'] });
      timeline(session).subscribe((entry) => entries.push(entry));
      record(session).lines$.subscribe((line) => lines.push(line));
      session.termination$.subscribe((termination) => out.push(termination, describeTermination(termination)));
      session.state$.subscribe((state) => out.push(state));
      more.before?.(made);
    },
  });
  const promise = (what: Promise<unknown>): void => {
    what.then(undefined, (error: unknown) => out.push(...errorTexts(error)));
  };
  promise(r.session.connect());
  const diagrams = (): string[] => {
    const [termination] = r.terminations;
    return (['svg', 'text'] as const).map((format) => marbleDiagram(entries, { format, termination, width: 2000 }));
  };
  const told = (): string[] => [JSON.stringify([out, entries]), ...lines, ...diagrams(), collected.told()];
  return { rig: r, collected, text: () => told().join('\n') };
}

/** What an error says of itself, its causes and its stack included. */
function errorTexts(error: unknown): unknown[] {
  if (!(error instanceof Error)) return [String(error)];
  return [error.name, error.message, error.stack, Object.entries(error), ...(error.cause === undefined ? [] : errorTexts(error.cause))];
}

const reach = (r: SessionRig, start: 'signaling' | 'negotiating' | 'connected' | 'switched'): void => {
  // Metadata comes by a promise here, so the messages wait for nothing else.
  r.sora.reach(start, () => vi.advanceTimersByTime(0));
};

function clean(text: string): void {
  const [found] = /CANARY-[\w-]*/.exec(text) ?? [];
  expect(found, `a secret came out: ${found ?? ''}`).toBeUndefined();
}

describe('a whole life', () => {
  test('messages in both directions, a redirect, media, calls and the end', async () => {
    const { rig: r, collected, text } = listened();
    reach(r, 'signaling');
    r.play(`rx.redirect wss://two.sora.test/signaling?ticket=${canary('redirect-ticket')}`);
    reach(r, 'switched');
    const gathered = `candidate:1 1 udp 1 ${canary('candidate-address')} 5 typ relay`;
    r.sora.peerConnection.remote.iceCandidate({ candidate: gathered, usernameFragment: canary('fragment') });
    const metadata = { authn_metadata: canary('authn'), authz_metadata: [canary('authz')], metadata: { nick: canary('nick') } };
    r.receive({ type: 'notify', event_type: 'connection.created', connection_id: 'X', ...metadata, data: [metadata] }, 'notify');
    r.receive({ type: 'notify', event_type: 'connection.created', metadata_list: [canary('list')] }, 'notify');
    r.receive({ type: 're-offer', sdp }, 'signaling');
    r.receive({ type: 'new-message', metadata: canary('unknown-type'), secret: canary('secret') }, 'signaling');
    const call = outcome(rpc(r.session, '2025.2.0/PutSignalingNotifyMetadata', { metadata: { any: canary('rpc-params') } }));
    r.receive({ jsonrpc: '2.0', id: 1, result: { any: canary('rpc-result') } }, 'rpc');
    await call;
    await r.session.send('#chat', canary('message'));
    r.sora.channel('#chat')!.remote.message(canary('received-message'));
    r.play('pc failed');
    await pass(1);
    expect(r.terminations).toHaveLength(1);
    expect(text()).toContain('new-message');
    clean(text());
    clean(await collected.text());
    expect(collected.spans.length).toBeGreaterThan(5);
    expect(collected.records.map(({ eventName }) => eventName)).toContain('shiguredo.sora.connection.terminated');
  });

  test('the secrets did go in', () => {
    const { rig: r } = listened();
    reach(r, 'connected');
    const wire = JSON.stringify(r.sent());
    expect(wire).toContain(canary('metadata'));
    expect(wire).toContain(canary('deep-metadata'));
    expect(wire).toContain(canary('notify-metadata'));
    expect(r.sora.peerConnection.remoteDescription!.sdp).toContain(canary('pwd'));
    expect(JSON.stringify(r.sora.peerConnection.configuration)).toContain(canary('turn-password'));
  });
});

/** What a browser may say of a call that it refuses, before the offer has come and after: it can quote only what it was given. */
const earlyWords = [
  `Failed to parse SessionDescription. a=ice-pwd:${canary('pwd')} Invalid value`,
  `a=candidate:1 1 udp 1 ${canary('address')} 5 typ host is wrong`,
  `The URL 'wss://${canary('user')}:${canary('url-password')}@one.sora.test/signaling?access_token=${canary('url-token')}' is invalid`,
  `cannot send {"type":"connect","metadata":{"access_token":"${canary('metadata')}"}}`,
  canary('deep-metadata'),
  sdp,
];
const words = [...earlyWords, `TURN server refused ${canary('turn-user')} with ${canary('turn-password')}`];

describe('a policy of the application', () => {
  /** An application for which the name of a channel is a secret too. */
  const redaction = (value: unknown): unknown =>
    typeof value === 'string' && value.includes('PRIVATE')
      ? '[private]'
      : (JSON.parse(JSON.stringify(redact(value ?? null)).replaceAll(/PRIVATE-\w*/g, '[private]')) as unknown);

  test('is the one of every outlet', async () => {
    const {
      rig: r,
      collected,
      text,
    } = listened({
      options: { channelId: 'PRIVATE-room', clientId: 'PRIVATE-client', redaction },
      sora: { offer: { ...offer, channel_id: 'PRIVATE-room' } },
    });
    reach(r, 'switched');
    r.receive({ type: 'notify', event_type: 'connection.created', client_id: 'PRIVATE-other' }, 'notify');
    r.receive({ type: 'PRIVATE-type' }, 'signaling');
    r.fake.scripts.peerConnection.next('setRemoteDescription', { rejects: new Error('PRIVATE-words of a browser') });
    r.receive({ type: 're-offer', sdp }, 'signaling');
    await pass(1);
    expect(r.termination.kind).toBe('internal-error');
    // The Termination names the channel: it is a value of the application, and no outlet.
    const withoutEnd = text().replaceAll(/"channelId":"PRIVATE-room"/g, '');
    expect(withoutEnd).not.toContain('PRIVATE');
    expect(withoutEnd).toContain('[private]');
    expect(await collected.text()).not.toContain('PRIVATE');
    clean(text());
  });

  test('that throws lets nothing out', async () => {
    const { rig: r, text } = listened({
      options: {
        redaction: () => {
          throw new Error(canary('of-the-policy'));
        },
      },
    });
    reach(r, 'connected');
    r.play('pc failed');
    await pass(1);
    expect(r.terminations).toHaveLength(1);
    expect(text()).toContain('[redacted]');
    clean(text());
  });
});

describe('platform calls that are refused, with words that quote what they were given', () => {
  const failing = (script: (r: SessionRig, error: Error) => void): ((message: string) => Promise<string>) => {
    return async (message) => {
      const { rig: r, text } = listened({ before: (made) => script(made, new Error(message)) });
      for (const start of ['signaling', 'negotiating', 'connected'] as const) {
        try {
          reach(r, start);
        } catch {
          break; // it has ended
        }
      }
      await pass(1);
      expect(r.terminations).toMatchObject([{ kind: 'internal-error' }]);
      return text();
    };
  };

  test.each([
    ['new RTCPeerConnection', failing((r, throws) => r.fake.scripts.peerConnection.always('new', { throws })), words],
    ['setRemoteDescription', failing((r, rejects) => r.fake.scripts.peerConnection.next('setRemoteDescription', { rejects })), words],
    ['createAnswer', failing((r, rejects) => r.fake.scripts.peerConnection.next('createAnswer', { rejects })), words],
    ['setLocalDescription', failing((r, rejects) => r.fake.scripts.peerConnection.next('setLocalDescription', { rejects })), words],
    ['new WebSocket', failing((r, throws) => r.fake.scripts.webSocket.next('new', { throws })), earlyWords],
    ['WebSocket.send', failing((r, throws) => r.fake.scripts.webSocket.always('send', { throws })), earlyWords],
  ])('%s', async (_, run, quoted) => {
    for (const message of quoted) clean(await run(message));
  });

  test('functions of the application', async () => {
    const throwing = (): never => {
      throw new Error(canary('of-the-application'));
    };
    for (const options of [{ metadata: throwing }, { rtcConfiguration: throwing }, { beforeAnswer: throwing }]) {
      const { rig: r, text } = listened({ options });
      try {
        reach(r, 'negotiating');
      } catch {
        // It has ended.
      }
      await pass(1);
      expect(r.terminations).toMatchObject([{ kind: 'internal-error' }]);
      clean(text());
    }
  });

  test('closing calls', async () => {
    const { rig: r, text } = listened();
    reach(r, 'connected');
    for (const script of [r.fake.scripts.webSocket, r.fake.scripts.dataChannel, r.fake.scripts.peerConnection]) {
      (script as typeof r.fake.scripts.webSocket).always('close', { throws: new Error(canary('pwd')) });
    }
    r.play('ws.close 1006');
    await pass(1);
    expect(r.termination.trailing.length).toBeGreaterThan(0);
    clean(text());
  });
});

describe('errors that promises reject with', () => {
  const texts = async (what: (session: Session, r: SessionRig) => Promise<unknown>): Promise<string> => {
    const { rig: r } = listened();
    reach(r, 'switched');
    const failed = outcome(what(r.session, r));
    r.play('pc failed');
    await pass(1);
    return JSON.stringify(errorTexts(await failed));
  };

  test.each([
    ['send', (session: Session) => session.send('#other', canary('message'))],
    ['rpc', (session: Session) => rpc(session, '2025.2.0/PutSignalingNotifyMetadata', { metadata: canary('rpc-params') })],
    ['replaceTrack', (session: Session) => replaceTrack(session, 'video', null)],
  ])('%s', async (_, what) => {
    clean(await texts(what));
  });

  test('connect, in whose Termination there is nothing either', async () => {
    const { rig: r } = listened();
    reach(r, 'signaling');
    const failed = outcome(r.session.connect());
    r.play('ws.close 4490');
    await pass(1);
    const error = (await failed) as SoraTerminatedError;
    clean(JSON.stringify([errorTexts(error), error.termination]));
  });

  test('a wrong option, whose value is not told', () => {
    for (const options of [
      { clientId: `${canary('id')}${'x'.repeat(255)}` },
      { signalingUrl: `http://${canary('host')}` },
      { role: canary('role') },
    ]) {
      try {
        rig({ start: 'idle', options: options as never });
        expect.unreachable();
      } catch (error) {
        clean(JSON.stringify(errorTexts(error)));
      }
    }
    elapse();
  });
});

describe('URLs that failed', () => {
  test('stand in trailing without their tokens', async () => {
    const signalingUrl = ['one', 'two'].map((host) => `wss://${host}.sora.test/signaling?token=${canary(host)}`);
    const { rig: r, text } = listened({ options: { signalingUrl } });
    for (const socket of r.fake.sockets) socket.remote.close(1006);
    await pass(1);
    expect(r.termination.trailing).toMatchObject([{ detail: 'wss://one.sora.test/signaling' }]);
    clean(text());
  });
});
