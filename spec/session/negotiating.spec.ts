import { describe, expect, test } from 'vitest';
import type { FakeRecord } from '../../src/testing/fake-world.ts';
import { FakeMediaStream, FakeMediaStreamTrack } from '../../src/testing/fake-media.ts';
import type { Platform } from '../../src/platform/platform.ts';
import type { FakePeerConnection } from '../../src/testing/fake-peer-connection.ts';
import { SyncThenable } from '../../src/testing/sync-thenable.ts';
import { writeFakeSdp } from '../../src/testing/fake-sdp.ts';
import { type SessionRig, elapse, outcome, rig, useVirtualTime } from '../support/session-rig.ts';
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

describe('what may overlap overlaps', () => {
  test('throw-away offer, certificate and metadata are under way while the socket opens, and nobody waits for another', () => {
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
    const held = {
      certificate: r.fake.scripts.peerConnection.hold('generateCertificate'),
      offer: r.fake.scripts.peerConnection.hold('createOffer'),
    };
    r.connect();
    expect([held.certificate.called, held.offer.called, asked, r.fake.sockets.length]).toEqual([true, true, ['metadata'], 1]);
    // The message waits for what goes into it, and for nothing else.
    r.play('ws.open');
    expect(r.sent()).toEqual([]);
    held.offer.release();
    expect(r.sent('connect')).toHaveLength(1);
    r.play('rx.offer');
    expect(r.fake.peerConnection).toBeNull();
    held.certificate.release();
    expect(r.fake.peerConnection).not.toBeNull();
    expect(r.sent('answer')).toHaveLength(1);
  });

  test('all that is ready before the socket is open goes out in the tick in which it opens', () => {
    const r = rig({ start: 'opening' });
    expect(r.sent()).toEqual([]);
    r.play('ws.open');
    expect(r.traffic).toEqual(['websocket connect']);
  });

  test('the throw-away peer connection is closed again', () => {
    const r = rig({ start: 'opening' });
    expect(r.fake.peerConnections.map(({ isThrowAway, closeCalls }) => [isThrowAway, closeCalls.length])).toEqual([[true, 1]]);
  });

  test('without a throw-away offer connect is said without sdp', () => {
    const r = rig({
      start: 'signaling',
      before: ({ fake }) => fake.scripts.peerConnection.next('createOffer', { rejects: new Error('no offer') }),
    });
    expect(r.sent('connect')[0]).not.toHaveProperty('sdp');
  });
});

describe('the peer connection', () => {
  test('gets the offer’s configuration and a fresh certificate', () => {
    const config = { iceServers: [{ urls: ['turn:turn.test'], username: 'u', credential: 'c' }], iceTransportPolicy: 'relay', other: 1 };
    const r = rig({ start: 'negotiating', sora: { offer: { config } } });
    expect(r.sora.peerConnection.configuration).toMatchObject({ ...config, certificates: [expect.anything()] });
  });

  test('does without a certificate where none can be made', () => {
    const r = rig({
      start: 'negotiating',
      before: ({ fake }) => fake.scripts.peerConnection.next('generateCertificate', { rejects: new Error('FIPS') }),
    });
    expect(r.sora.peerConnection.configuration).not.toHaveProperty('certificates');
    expect(r.sent('answer')).toHaveLength(1);
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

describe('the first answer', () => {
  test('description, tracks, direction, answer, in this order; the answer goes out when it is set', () => {
    const r = rig({ start: 'negotiating', options: sending });
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
      message: 'Failed to parse. a=ice-pwd:[redacted]',
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

  test('forceStereoOutput works beside it', () => {
    const r = simulcast({ options: { ...sending, forceStereoOutput: true } });
    expect(r.sent('answer')).toHaveLength(1);
  });
});

describe('Firefox', () => {
  const released = 'm=video 0 UDP/TLS/RTP/SAVPF 120';
  const offer = { sdp: writeFakeSdp([{ kind: 'video', mid: 'v', direction: 'inactive' }]).replace('m=video 9', 'm=video 0') };

  test('released media lines look alive', () => {
    const r = rig({ start: 'negotiating', sora: { offer }, fake: { userAgent: 'Mozilla/5.0 (X11) Gecko/20100101 Firefox/145.0' } });
    expect(r.sora.peerConnection.remoteDescription!.sdp).not.toContain(released);
    expect(r.sora.peerConnection.remoteDescription!.sdp).toContain('m=video 9 ');
  });

  test('elsewhere they are left as they are', () => {
    const r = rig({ start: 'negotiating', sora: { offer } });
    expect(r.sora.peerConnection.remoteDescription!.sdp).toContain(released);
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
    expect(r.termination).toMatchObject({ kind: 'internal-error', where: 'deflate' });
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
