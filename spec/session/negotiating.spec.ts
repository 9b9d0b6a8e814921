import { describe, expect, test } from 'vitest';
import type { FakeRecord } from '../../src/testing/fake-world.ts';
import { FakeMediaStream, FakeMediaStreamTrack } from '../../src/testing/fake-media.ts';
import type { Platform } from '../../src/platform/platform.ts';
import type { FakePeerConnection } from '../../src/testing/fake-peer-connection.ts';
import { SyncThenable } from '../../src/testing/sync-thenable.ts';
import { writeFakeSdp } from '../../src/testing/fake-sdp.ts';
import { type RigSetup, type SessionRig, elapse, outcome, rig, useVirtualTime } from '../support/session-rig.ts';
import { encodingsOf, layers, simulcastBrowser, simulcastOffer } from '../support/simulcast-browser.ts';

useVirtualTime();

/** What was done to the peer connection that counts, in order. */
const steps = (r: SessionRig, from = 0): string[] => {
  const name = String(r.fake.peerConnections.indexOf(r.sora.peerConnection) + 1);
  const done = (record: FakeRecord): boolean =>
    record.sort === 'peer-connection' && record.name === name && record.what !== 'event' && record.what !== 'new';
  return r.fake.records
    .slice(from)
    .filter(done)
    .map(({ what }) => what);
};
const localStream = () => new FakeMediaStream([new FakeMediaStreamTrack('audio'), new FakeMediaStreamTrack('video')]);
const camera = (stream: FakeMediaStream): MediaStream => stream as unknown as MediaStream;
const sending = { stream: camera(localStream()) };
const audio = (): FakeMediaStreamTrack => new FakeMediaStreamTrack('audio');
const video = (): FakeMediaStreamTrack => new FakeMediaStreamTrack('video');

/** An offer that means the second of its video lines. */
const secondVideo = {
  sdp: writeFakeSdp([
    { kind: 'audio', mid: 'audio_fake', direction: 'recvonly' },
    { kind: 'video', mid: 'other', direction: 'sendonly' },
    { kind: 'video', mid: 'video_fake', direction: 'recvonly' },
  ]),
};

/** A runtime whose peer connections have no `setConfiguration`, as werift. */
function withoutSetConfiguration(platform: Partial<Platform>): Partial<Platform> {
  const Base = platform.RTCPeerConnection as unknown as new (configuration?: object) => object;
  function RTCPeerConnection(configuration?: object): object {
    return new Base(configuration);
  }
  return { ...platform, RTCPeerConnection: RTCPeerConnection as never };
}

const refusesConfiguration = ({ fake }: SessionRig): void =>
  fake.scripts.peerConnection.always('setConfiguration', { throws: new Error('InvalidModificationError') });
const refusesTrack = ({ fake }: SessionRig): void => fake.scripts.peerConnection.next('addTrack', { throws: new Error('no') });

describe('what is prepared while the WebSocket opens', () => {
  const made = (r: SessionRig): string[] =>
    r.fake.records
      .filter(({ what }) => ['new', 'addTrack', 'createOffer', 'send'].includes(what))
      .map(({ sort, name, what }) => `${sort} ${name} ${what}`);

  /** What was made in the call of `connect()`, and after the WebSocket had opened. */
  const inTheCallAndAfter = (options: RigSetup['options'], wrap?: RigSetup['wrap']): [string[], string[]] => {
    const r = rig({ start: 'idle', ...(options && { options }), ...(wrap && { wrap }) });
    r.connect();
    const inTheCall = made(r);
    r.play('ws.open');
    return [inTheCall, made(r).slice(inTheCall.length)];
  };

  test.each<[string, RigSetup['options'], number]>([
    ['nothing', {}, 0],
    ['one kind', { stream: camera(new FakeMediaStream([audio()])) }, 1],
    ['two tracks of one kind', { stream: camera(new FakeMediaStream([video(), video()])) }, 2],
    ['nothing, as the role says', { ...sending, role: 'recvonly' }, 0],
  ])(
    'connect() makes the socket first, then the throw-away offer; the early peer connection waits until connect was sent: %s to send',
    (_, options, tracks) => {
      expect(inTheCallAndAfter(options)).toEqual([
        ['websocket 1 new', 'peer-connection 1 new', 'peer-connection 1 createOffer'],
        ['websocket 1 send', 'peer-connection 2 new', ...Array<string>(tracks).fill('peer-connection 2 addTrack')],
      ]);
    },
  );

  test('with audio and video to send the throw-away offer is one of the early peer connection', () => {
    const addTrack = 'peer-connection 1 addTrack';
    expect(inTheCallAndAfter(sending)).toEqual([
      ['websocket 1 new', 'peer-connection 1 new', addTrack, addTrack, 'peer-connection 1 createOffer'],
      ['websocket 1 send'],
    ]);
  });

  test('but not where the answer will be a careful one', () => {
    expect(inTheCallAndAfter({ ...sending, simulcast: true })).toEqual([
      ['websocket 1 new', 'peer-connection 1 new', 'peer-connection 1 createOffer'],
      ['websocket 1 send'],
    ]);
  });

  test('where the SDP is known the early peer connection waits as well', () => {
    const first = rig({ start: 'signaling', options: sending });
    const mark = first.fake.records.length;
    const wrap = (platform: Partial<Platform>): Partial<Platform> => ({
      ...platform,
      RTCPeerConnection: first.fake.platform.RTCPeerConnection!,
    });
    expect(inTheCallAndAfter(sending, wrap)).toEqual([['websocket 1 new'], ['websocket 1 send']]);
    expect(first.fake.records.slice(mark).map(({ what }) => what)).toEqual(['new', 'addTrack', 'addTrack']);
  });

  test('an observer that ends the session when connect was sent leaves nothing open', () => {
    const r = rig({ start: 'opening', options: sending });
    r.session.state$.subscribe((state) => {
      if (state === 'signaling') void r.session.disconnect();
    });
    r.play('ws.open');
    r.play('ws.close 1000');
    expect(r.termination).toMatchObject({ kind: 'client-disconnect', phase: 'signaling' });
    expect(r.fake.leaks()).toEqual({ listeners: 0, sockets: 0, peerConnections: 0, channels: 0 });
  });

  test('with several signaling URLs every socket is made before the first peer connection', () => {
    const r = rig({ start: 'opening', options: { signalingUrl: ['wss://a.test/signaling', 'wss://b.test/signaling'] } });
    expect(r.fake.records.filter(({ what }) => what === 'new').map(({ sort }) => sort)).toEqual([
      'websocket',
      'websocket',
      'peer-connection',
    ]);
  });

  test('connect waits for the throw-away offer and for metadata, which do not wait for each other', () => {
    const asked: string[] = [];
    const r = rig({
      start: 'idle',
      options: {
        metadata: () => {
          asked.push('metadata');
          return null;
        },
      },
    });
    const offer = r.fake.scripts.peerConnection.hold('createOffer');
    r.connect();
    expect([offer.called, asked, r.fake.sockets.length]).toEqual([true, ['metadata'], 1]);
    r.play('ws.open');
    expect(r.sent()).toEqual([]);
    offer.release();
    expect(r.sent('connect')).toHaveLength(1);
  });

  test('connect is sent in the call in which the socket opens if everything is ready by then', () => {
    const r = rig({ start: 'opening' });
    expect(r.sent()).toEqual([]);
    r.play('ws.open');
    expect(r.traffic).toEqual(['websocket connect']);
  });

  test('the peer connection of the throw-away offer is closed in a task of its own once the session is connected', () => {
    const r = rig({ start: 'negotiating' });
    const [throwAway] = r.fake.peerConnections;
    r.play('ice connected', 'pc connected');
    expect([r.session.peerConnection?.connectionState, throwAway!.closeCalls.length]).toEqual(['connected', 0]);
    elapse();
    expect(throwAway!.closeCalls).toHaveLength(1);
  });

  test('or at the end, where it comes before', () => {
    const r = rig({ start: 'signaling' });
    r.play('ws.close 4490');
    expect(r.fake.peerConnections.map(({ closeCalls }) => closeCalls.length)).toEqual([1, 1]);
  });

  test('the SDP of the throw-away offer is made once for each constructor and sent by every session', () => {
    const first = rig({ start: 'signaling' });
    const [sdp] = first.sent('connect').map((message) => message['sdp']);
    const second = rig({
      start: 'signaling',
      wrap: (platform) => ({ ...platform, RTCPeerConnection: first.fake.platform.RTCPeerConnection! }),
    });
    const offers = first.fake.records.filter(({ what }) => what === 'createOffer');
    expect(offers).toHaveLength(1);
    expect(sdp).toMatch(/^v=0/);
    expect(second.sent('connect').map((message) => message['sdp'])).toEqual([sdp]);
  });

  test('where no throw-away offer can be made connect is sent without sdp, and the next session tries again', () => {
    const fails = ({ fake }: SessionRig): void => fake.scripts.peerConnection.next('createOffer', { rejects: new Error('no offer') });
    const r = rig({ start: 'signaling', before: fails });
    expect(r.sent('connect')[0]).not.toHaveProperty('sdp');
  });
});

describe('the early peer connection', () => {
  const early = (r: SessionRig): FakePeerConnection => r.fake.peerConnections[0]!;

  test('is adopted by setConfiguration, and nobody sees it before the offer', () => {
    const r = rig({ start: 'signaling', options: sending });
    const events = r.collect(r.session.peerConnection$);
    early(r).fire('negotiationneeded');
    early(r).remote.iceCandidate({ candidate: 'candidate:1' });
    expect([r.session.peerConnection, events]).toEqual([null, []]);
    r.play('rx.offer');
    expect(r.session.peerConnection).toBe(early(r));
    expect(r.fake.peerConnections).toHaveLength(1);
    expect(steps(r)).toContain('setConfiguration');
    expect(early(r).configuration).toEqual({ iceServers: [], iceTransportPolicy: 'relay' });
  });

  test('is closed once and without a word in the Termination when the session ends before the offer', () => {
    const r = rig({ start: 'signaling', options: sending });
    r.play('ws.close 4490');
    expect(r.termination.trailing).toEqual([]);
    expect(early(r).closeCalls).toHaveLength(1);
    expect(r.fake.leaks()).toEqual({ listeners: 0, sockets: 0, peerConnections: 0, channels: 0 });
  });

  test('is kept over a redirect and adopted by the offer of the other node', () => {
    const r = rig({ start: 'signaling', options: sending });
    r.play('rx.redirect', 'ws.open', 'rx.offer');
    expect(r.session.peerConnection).toBe(early(r));
  });

  test('is not made by an application that has aborted before connect()', () => {
    const abort = new AbortController();
    abort.abort();
    expect(rig({ start: 'idle', options: { ...sending, signal: abort.signal }, before: (r) => r.connect() }).fake.records).toEqual([]);
  });

  // How often each of those was closed that are not the one that counts.
  const closedEarly = [1];
  const keptThrowAway = [0];
  test.each<[string, RigSetup, number[]]>([
    ['simulcast is asked for', { options: { simulcast: true } }, keptThrowAway],
    ['forceStereoOutput is asked for', { options: { forceStereoOutput: true } }, keptThrowAway],
    ['the application has a beforeAnswer', { options: { beforeAnswer: () => undefined } }, keptThrowAway],
    ['the runtime has no setConfiguration', { wrap: withoutSetConfiguration }, keptThrowAway],
    ['a track cannot be added yet', { before: refusesTrack }, [...closedEarly, ...keptThrowAway]],
    ['the server wants simulcast although the client did not ask for it', { sora: { offer: { simulcast: true } } }, closedEarly],
    ['there is a track that the server does not want', { sora: { offer: { mid: { audio: 'audio_fake' } } } }, closedEarly],
    ['a kind has two tracks', { options: { stream: camera(new FakeMediaStream([audio(), audio(), video()])) } }, closedEarly],
    ['the line that the server means is not the first of its kind', { sora: { offer: secondVideo } }, closedEarly],
    ['setConfiguration throws, as it does for certificates', { before: refusesConfiguration }, closedEarly],
    [
      'the server wants a kind for which there is no track',
      { options: { stream: camera(new FakeMediaStream([audio()])) } },
      [...keptThrowAway, ...closedEarly],
    ],
  ])('is not used where %s: tracks are then added after the description, each step in its turn', (_, setup, closed) => {
    const r = rig({ start: 'negotiating', ...setup, options: { ...sending, ...setup.options } });
    expect(r.fake.peerConnections.slice(0, -1).map(({ closeCalls }) => closeCalls.length)).toEqual(closed);
    const [first, ...others] = steps(r);
    expect([first, others.includes('createAnswer'), r.sent('answer').length]).toEqual(['setRemoteDescription', true, 1]);
    r.play('ws.close 1000');
    expect(r.fake.leaks()).toEqual({ listeners: 0, sockets: 0, peerConnections: 0, channels: 0 });
  });

  test('is used where the session sends nothing and the server wants nothing', () => {
    const r = rig({ start: 'negotiating', options: { role: 'recvonly' }, sora: { offer: { mid: undefined } } });
    expect(r.session.peerConnection).toBe(r.fake.peerConnections[1]);
    expect(steps(r)).toEqual(['setConfiguration', 'setRemoteDescription', 'setLocalDescription']);
  });

  test('that cannot be closed ends nothing, and the rejection of its close() is not unhandled', () => {
    const r = rig({
      start: 'negotiating',
      options: sending,
      sora: { offer: { simulcast: true } },
      before: ({ fake }) => fake.scripts.peerConnection.always('close', { throws: new Error('no') }),
    });
    elapse();
    expect([r.terminations, r.sent('answer').length]).toEqual([[], 1]);
  });
});

describe('the quick answer', () => {
  test('sets both descriptions without waiting in between, in this order', () => {
    const r = rig({ start: 'signaling', options: sending });
    const held = r.fake.scripts.peerConnection.hold('setRemoteDescription');
    r.play('rx.offer');
    expect(steps(r).slice(-2)).toEqual(['setRemoteDescription', 'setLocalDescription']);
    expect(r.sent('answer')).toEqual([]);
    held.release();
    expect(r.sent('answer')).toHaveLength(1);
    expect(r.sent('answer')[0]!['sdp']).toBe(r.sora.peerConnection.localDescription!.sdp);
  });

  test.each([
    ['setRemoteDescription', 'set-remote-description'],
    ['setLocalDescription', 'set-local-description'],
  ] as const)('%s that is rejected ends the session with its own step (T26)', (method, where) => {
    const r = rig({ start: 'signaling', options: sending });
    r.fake.scripts.peerConnection.next(method, { rejects: new Error('Failed to parse. a=ice-pwd:SECRET') });
    r.play('rx.offer');
    expect(r.termination).toMatchObject({
      kind: 'internal-error',
      where,
      message: 'Failed to parse.[redacted]',
      sent: { reason: 'INTERNAL-ERROR', via: 'websocket', ok: true },
    });
    expect(r.fake.unhandledRejections).toEqual([]);
  });

  test('re-offers are answered in the same way, one after the other', () => {
    const r = rig({ options: sending });
    const mark = r.fake.records.length;
    const held = r.fake.scripts.peerConnection.hold('setRemoteDescription');
    r.play('rx.reoffer', 'rx.reoffer');
    expect(steps(r, mark)).toEqual(['setRemoteDescription', 'setLocalDescription']);
    held.release();
    expect(steps(r, mark)).toEqual(['setRemoteDescription', 'setLocalDescription', 'setRemoteDescription', 'setLocalDescription']);
    expect(r.sent('re-answer')).toHaveLength(2);
  });
});

describe('the peer connection', () => {
  test('gets the configuration of the offer, and no certificate of our own', () => {
    const config = { iceServers: [{ urls: ['turn:turn.test'], username: 'u', credential: 'c' }], iceTransportPolicy: 'relay', other: 1 };
    for (const options of [sending, {}]) {
      const r = rig({ start: 'negotiating', options, sora: { offer: { config } } });
      expect(r.sora.peerConnection.configuration).toEqual(config);
    }
  });

  test('the application has a last word on the configuration', () => {
    const r = rig({
      start: 'negotiating',
      options: { rtcConfiguration: (offered) => ({ ...offered, iceTransportPolicy: 'all', bundlePolicy: 'max-bundle' }) },
    });
    expect(r.sora.peerConnection.configuration).toMatchObject({ iceTransportPolicy: 'all', bundlePolicy: 'max-bundle', iceServers: [] });
  });

  test('a last word that throws ends the session, without what it said', () => {
    const r = rig({
      start: 'signaling',
      options: {
        rtcConfiguration: () => {
          throw new Error('SECRET');
        },
      },
    });
    r.play('rx.offer');
    expect(r.termination).toMatchObject({ kind: 'internal-error', where: 'rtc-configuration', message: 'rtcConfiguration threw' });
  });
});

describe('the careful answer', () => {
  test('description, tracks, direction, answer, in this order; the answer goes out when it is set', () => {
    const r = rig({ start: 'negotiating', options: { ...sending, beforeAnswer: () => undefined } });
    expect(steps(r)).toEqual(['setRemoteDescription', 'addTrack', 'addTrack', 'createAnswer', 'setLocalDescription']);
    expect(r.traffic).toEqual(['websocket connect', 'websocket answer']);
  });

  test('tracks go to the transceivers that the offer made', () => {
    const r = rig({ start: 'negotiating', options: sending });
    expect(r.sora.peerConnection.getTransceivers().map(({ mid, sender }) => [mid, sender.track?.kind])).toEqual([
      ['audio_fake', 'audio'],
      ['video_fake', 'video'],
    ]);
  });

  test('sections that the server expects media on can send without a track yet; others stay as they are', () => {
    const other = { kind: 'video', mid: 'other', direction: 'recvonly' } as const;
    const sdp = writeFakeSdp([{ kind: 'audio', mid: 'audio_fake', direction: 'recvonly' }, other]);
    const r = rig({ start: 'negotiating', sora: { offer: { sdp, mid: { audio: 'audio_fake' } } } });
    expect(r.sora.peerConnection.getTransceivers().map(({ mid, direction }) => [mid, direction])).toEqual([
      ['audio_fake', 'sendrecv'],
      ['other', 'recvonly'],
    ]);
  });

  test('recvonly adds no tracks, whatever stream is given', () => {
    const r = rig({ start: 'negotiating', options: { ...sending, role: 'recvonly' } });
    expect(steps(r)).not.toContain('addTrack');
  });

  test('the application is asked before the answer is made, and may take its time', () => {
    let finish = (): void => undefined;
    const seen: unknown[] = [];
    const beforeAnswer = (peerConnection: RTCPeerConnection): unknown => {
      seen.push(peerConnection.getTransceivers().length);
      return new SyncThenable<void>((resolve) => (finish = resolve));
    };
    const r = rig({ start: 'negotiating', options: { beforeAnswer } });
    expect([seen, r.sent('answer').length]).toEqual([[2], 0]);
    finish();
    expect(r.sent('answer')).toHaveLength(1);
    r.play('rx.reoffer');
    expect(seen).toHaveLength(2);
  });

  test('an application that fails there ends the session, without what it said', () => {
    const r = rig({ start: 'signaling', options: { beforeAnswer: () => Promise.reject(new Error('SECRET')) } });
    r.play('rx.offer');
    return Promise.resolve().then(() => {
      expect(r.termination).toMatchObject({ kind: 'internal-error', where: 'before-answer', message: 'beforeAnswer failed' });
    });
  });

  test.each([
    ['setRemoteDescription', 'set-remote-description'],
    ['createAnswer', 'create-answer'],
    ['setLocalDescription', 'set-local-description'],
  ] as const)('%s that is rejected ends the session with its step (T26)', (method, where) => {
    const r = rig({ start: 'signaling' });
    r.fake.scripts.peerConnection.next(method, { rejects: new Error('Failed to parse. a=ice-pwd:SECRET') });
    r.play('rx.offer');
    expect(r.termination).toMatchObject({
      kind: 'internal-error',
      where,
      message: 'Failed to parse.[redacted]',
      sent: { reason: 'INTERNAL-ERROR', via: 'websocket', ok: true },
    });
  });
});

describe('simulcast', () => {
  const simulcast = (setup: object = {}): SessionRig =>
    rig({
      wrap: simulcastBrowser,
      options: { ...sending, simulcast: true },
      mode: 'M',
      sora: { offer: simulcastOffer },
      start: 'negotiating',
      ...setup,
    });
  const wanted = [...layers].reverse();

  test('encodings are set before and after the description is set once more, in the browser’s own order', () => {
    const r = simulcast();
    expect(steps(r)).toEqual([
      'setRemoteDescription',
      'addTrack',
      'addTrack',
      'setRemoteDescription',
      'createAnswer',
      'setLocalDescription',
    ]);
    expect(encodingsOf(r.sora.peerConnection)).toEqual(wanted);
  });

  test('again on a re-offer, which brings none', () => {
    const r = simulcast({ start: 'switched' });
    r.play('rx.reoffer');
    expect(encodingsOf(r.sora.peerConnection)).toEqual(wanted);
    expect(r.sent('re-answer')).toHaveLength(1);
  });

  test('what counts is the offer, not the request', () => {
    expect(encodingsOf(simulcast({ options: sending }).sora.peerConnection)).toEqual(wanted);
    const refused = simulcast({ sora: { offer: { ...simulcastOffer, simulcast: false } } });
    expect(encodingsOf(refused.sora.peerConnection)).not.toEqual(wanted);
    const receiving = simulcast({ options: { ...sending, role: 'recvonly' } });
    expect(encodingsOf(receiving.sora.peerConnection)).not.toEqual(wanted);
  });

  test('the sender is found by mid, not by position', () => {
    const sdp = writeFakeSdp([
      { kind: 'video', mid: 'other', direction: 'recvonly' },
      { kind: 'video', mid: 'video_fake', direction: 'recvonly' },
    ]);
    const video = [new FakeMediaStreamTrack('video'), new FakeMediaStreamTrack('video')];
    const r = simulcast({
      options: { stream: camera(new FakeMediaStream(video)) },
      sora: { offer: { ...simulcastOffer, sdp, mid: { video: 'video_fake' } } },
    });
    const [other, meant] = r.sora.peerConnection.getTransceivers();
    expect(other!.sender.getParameters().encodings).not.toEqual(wanted);
    expect(meant!.sender.getParameters().encodings).toEqual(wanted);
  });

  test('without a mid a section that says video in its mid is the one', () => {
    const r = simulcast({ sora: { offer: { ...simulcastOffer, mid: {} } } });
    expect(encodingsOf(r.sora.peerConnection)).toEqual(wanted);
  });

  test('a browser that refuses a member gets the essential ones on a second attempt', () => {
    const encodings = layers.map((layer) => ({ ...layer, minBitrate: 1, scalabilityMode: 'L1T1' }));
    let attempts = 0;
    const r = simulcast({
      sora: { offer: { simulcast: true, encodings } },
      wrap: (platform: Partial<Platform>) => {
        const Base = simulcastBrowser(platform).RTCPeerConnection as unknown as typeof FakePeerConnection;
        class Picky extends Base {
          override addTrack(...parameters: Parameters<FakePeerConnection['addTrack']>) {
            const sender = super.addTrack(...parameters);
            const set = sender.setParameters.bind(sender);
            sender.setParameters = (wanted) => {
              if (wanted.encodings.some((encoding) => 'scalabilityMode' in encoding)) {
                attempts += 1;
                return SyncThenable.rejected(new Error('OperationError'));
              }
              return set(wanted);
            };
            return sender;
          }
        }
        return { ...platform, RTCPeerConnection: Picky as never };
      },
    });
    expect(attempts).toBe(2);
    expect(encodingsOf(r.sora.peerConnection)).toEqual(wanted);
    expect(r.sent('answer')).toHaveLength(1);
  });

  test('a browser that refuses those as well ends the session (T26)', () => {
    const r = simulcast({
      start: 'signaling',
      wrap: (platform: Partial<Platform>) => {
        const Base = simulcastBrowser(platform).RTCPeerConnection as unknown as typeof FakePeerConnection;
        class Refusing extends Base {
          override addTrack(...parameters: Parameters<FakePeerConnection['addTrack']>) {
            const sender = super.addTrack(...parameters);
            sender.script.always('setParameters', { rejects: new Error('InvalidModificationError') });
            return sender;
          }
        }
        return { ...platform, RTCPeerConnection: Refusing as never };
      },
    });
    r.play('rx.offer');
    expect(r.termination).toMatchObject({ kind: 'internal-error', where: 'set-parameters', message: 'InvalidModificationError' });
  });

  test('Firefox is given each description once: setting it again would remove every remote track and add it anew', () => {
    const r = simulcast({ fake: { userAgent: 'Mozilla/5.0 (X11) Gecko/20100101 Firefox/145.0' } });
    expect(steps(r).filter((what) => what === 'setRemoteDescription')).toHaveLength(1);
    expect(encodingsOf(r.sora.peerConnection)).toEqual(wanted);
  });

  test('forceStereoOutput works beside it', () => {
    const r = simulcast({ options: { ...sending, forceStereoOutput: true } });
    expect(r.sent('answer')).toHaveLength(1);
  });
});

describe('released media lines', () => {
  test('are passed to the browser as the server wrote them', () => {
    const sdp = writeFakeSdp([{ kind: 'video', mid: 'v', direction: 'inactive' }]).replace('m=video 9', 'm=video 0');
    for (const userAgent of ['rx-sora/testing', 'Mozilla/5.0 (X11) Gecko/20100101 Firefox/145.0']) {
      const r = rig({ start: 'negotiating', sora: { offer: { sdp } }, fake: { userAgent } });
      expect(r.sora.peerConnection.remoteDescription!.sdp).toBe(sdp);
    }
  });
});

describe('re-offers', () => {
  test('are served one after the other, however fast they come', () => {
    const r = rig();
    const mark = r.fake.records.length;
    const held = r.fake.scripts.peerConnection.hold('setRemoteDescription');
    r.play('rx.reoffer', 'rx.reoffer');
    expect(steps(r, mark)).toEqual(['setRemoteDescription']);
    held.release();
    expect(steps(r, mark)).toEqual([
      'setRemoteDescription',
      'createAnswer',
      'setLocalDescription',
      'setRemoteDescription',
      'createAnswer',
      'setLocalDescription',
    ]);
    expect(r.sent('re-answer')).toHaveLength(2);
    expect(r.terminations).toEqual([]);
  });

  test('one that comes while the first offer is being answered waits for it', () => {
    const r = rig({ start: 'signaling' });
    const held = r.fake.scripts.peerConnection.hold('createAnswer');
    r.play('rx.offer', 'rx.reoffer');
    expect(r.sent('re-answer')).toEqual([]);
    held.release();
    expect(r.traffic.slice(1)).toEqual(['websocket answer', 'websocket re-answer']);
  });

  test('are answered over the transport that they came by', () => {
    const r = rig({ mode: 'M', start: 'switched' });
    r.receive({ type: 're-offer', sdp: r.sora.offer()['sdp'] }, 'signaling').receive({ type: 're-offer', sdp: r.sora.offer()['sdp'] });
    expect(r.traffic.slice(-2)).toEqual(['signaling re-answer', 'websocket re-answer']);
  });

  test('an update of an old server is answered by an update', () => {
    const r = rig();
    r.play('rx.update');
    expect(r.traffic.at(-1)).toBe('websocket update');
  });

  test('an answer that cannot be sent ends the session (T26)', () => {
    const r = rig({ mode: 'M', start: 'switched' });
    r.sora.channel('signaling')!.script.next('send', { throws: new Error('InvalidStateError') });
    r.play('rx.reoffer');
    expect(r.termination).toMatchObject({ kind: 'internal-error', where: 'send-re-answer' });
  });

  test('one that cannot be compressed does so too', () => {
    const r = rig({ mode: 'M', start: 'switched', sora: { compress: true } });
    r.fake.scripts.compression.always('transform', { rejects: new Error('no memory') });
    r.receive({ type: 're-offer', sdp: r.sora.offer()['sdp'] }, 'signaling');
    expect(r.termination).toMatchObject({
      kind: 'internal-error',
      where: 'send-re-answer',
      name: 'CodecError',
      message: 'CompressionStream failed',
    });
  });

  test('an answer that comes too late is not sent (Q61)', async () => {
    const r = rig();
    const held = r.fake.scripts.peerConnection.hold('createAnswer');
    r.play('rx.reoffer');
    const disconnecting = outcome(r.session.disconnect());
    held.release();
    r.play('ws.close 1000');
    elapse();
    await disconnecting;
    expect(r.traffic.at(-1)).toBe('websocket disconnect');
  });
});

describe('after switched, with the ignore flag (Q12)', () => {
  test('the WebSocket is closed at once when nothing is open on it', () => {
    const r = rig({ mode: 'D' });
    r.play('rx.switched T');
    expect(r.sora.socket.closeCalls).toEqual([{ at: 0, code: 1000, reason: undefined, readyState: 1 }]);
  });

  test('a re-offer that came over it is answered on it first', () => {
    const r = rig({ mode: 'D' });
    const held = r.fake.scripts.peerConnection.hold('setRemoteDescription');
    r.receive({ type: 're-offer', sdp: r.sora.offer()['sdp'] });
    r.play('rx.switched T');
    expect(r.sora.socket.closeCalls).toEqual([]);
    held.release();
    expect(r.traffic.at(-1)).toBe('websocket re-answer');
    expect(r.sora.socket.closeCalls).toHaveLength(1);
  });

  test('waits for the channel signaling, at most ten seconds', () => {
    const r = rig({ mode: 'D', sora: { connecting: ['signaling'] } });
    r.play('rx.switched T');
    elapse(9999);
    expect(r.sora.socket.closeCalls).toEqual([]);
    elapse(1);
    expect(r.sora.socket.closeCalls).toHaveLength(1);
    expect(r.terminations).toEqual([]);
  });

  test('closes when the channel opens', () => {
    const r = rig({ mode: 'D', sora: { connecting: ['signaling'] } });
    r.play('rx.switched T', 'dc.open signaling');
    expect(r.sora.socket.closeCalls).toHaveLength(1);
  });

  test('without the flag the WebSocket stays', () => {
    const r = rig({ mode: 'M', start: 'switched' });
    elapse(20_000);
    expect(r.sora.socket.closeCalls).toEqual([]);
  });
});

describe('candidates', () => {
  const line = { candidate: 'candidate:1 1 udp 1 198.51.100.7 5 typ relay', sdpMid: '0', sdpMLineIndex: 0, usernameFragment: 'u' };
  const gathers = (r: SessionRig, candidate: object | null = line): void => r.sora.peerConnection.remote.iceCandidate(candidate);

  test('go over the WebSocket as they are gathered; the end of gathering does not', () => {
    const r = rig({ start: 'negotiating' });
    gathers(r);
    gathers(r, null);
    expect(r.sent('candidate')).toEqual([{ type: 'candidate', ...line }]);
  });

  test('none before the answer, in their order after it', () => {
    const r = rig({ start: 'signaling' });
    const held = r.fake.scripts.peerConnection.hold('setLocalDescription');
    r.play('rx.offer');
    gathers(r);
    gathers(r, { ...line, sdpMid: '1' });
    held.release();
    expect(r.sent().map(({ type, sdpMid }) => [type, sdpMid])).toEqual([
      ['connect', undefined],
      ['answer', undefined],
      ['candidate', '0'],
      ['candidate', '1'],
    ]);
  });

  test('none after switched, although the WebSocket is open', () => {
    const r = rig({ mode: 'M', start: 'switched' });
    gathers(r);
    expect(r.sent('candidate')).toEqual([]);
  });

  test('none over a DataChannel before switched, although it is open', () => {
    const r = rig({ mode: 'M' });
    gathers(r);
    expect(r.traffic.at(-1)).toBe('websocket candidate');
  });

  test('none where they are not wanted', () => {
    const r = rig({ start: 'negotiating', options: { skipIceCandidateEvent: true } });
    gathers(r);
    expect(r.sent('candidate')).toEqual([]);
  });

  test('one that cannot be sent ends nothing', () => {
    const r = rig({ start: 'negotiating' });
    r.fake.scripts.webSocket.next('send', { throws: new Error('no') });
    gathers(r);
    elapse();
    expect(r.terminations).toEqual([]);
  });
});
