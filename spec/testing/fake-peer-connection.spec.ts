import { describe, expect, test } from 'vitest';
import { FakeMediaStreamTrack } from '../../src/testing/fake-media.ts';
import { FakePeerConnection } from '../../src/testing/fake-peer-connection.ts';
import { readFakeSdp, writeFakeSdp } from '../../src/testing/fake-sdp.ts';
import { fromPeerConnection } from '../../src/transports/peer-connection.ts';

const offer = (sections: Parameters<typeof writeFakeSdp>[0]) => ({ type: 'offer', sdp: writeFakeSdp(sections) }) as const;
const audio = { kind: 'audio', mid: 'a', direction: 'recvonly' } as const;
const data = { kind: 'application', mid: 'd', direction: 'sendrecv' } as const;
const remoteVideo = { kind: 'video', mid: 'v', direction: 'sendonly', msid: { stream: 'PEER', track: 'camera' } } as const;

const answered = (peerConnection: FakePeerConnection, sections: Parameters<typeof writeFakeSdp>[0]): string => {
  let sdp = '';
  peerConnection.setRemoteDescription(offer(sections)).then(() =>
    peerConnection.createAnswer().then((answer) => {
      sdp = answer.sdp;
      return peerConnection.setLocalDescription(answer);
    }),
  );
  return sdp;
};

describe('FakePeerConnection', () => {
  test('tells its states and channels as a browser does', () => {
    const peerConnection = new FakePeerConnection();
    const seen: string[] = [];
    fromPeerConnection(peerConnection, () => 0).subscribe((event) => {
      if (event.kind === 'connectionstatechange') seen.push(event.connectionState);
      else if (event.kind === 'iceconnectionstatechange') seen.push(`ice ${event.iceConnectionState}`);
      else if (event.kind === 'datachannel') seen.push(`${event.channel.label} ${event.channel.readyState}`);
      else seen.push(event.kind);
    });
    peerConnection.remote.connect();
    peerConnection.remote.dataChannel('signaling');
    peerConnection.remote.dataChannel('notify', {}, 'later');
    peerConnection.remote.iceCandidate(null);
    peerConnection.remote.connectionState('failed', true);
    expect(seen).toEqual([
      'ice checking',
      'connecting',
      'ice connected',
      'connected',
      'signaling open',
      'notify connecting',
      'icecandidate',
    ]);
    expect(peerConnection.connectionState).toBe('failed');
  });

  test('has no connectionState where the runtime has none', () => {
    const peerConnection = new FakePeerConnection({}, { connectionStateDefined: false });
    const seen: string[] = [];
    peerConnection.onconnectionstatechange = () => seen.push('event');
    peerConnection.remote.connect();
    expect([peerConnection.connectionState, peerConnection.iceConnectionState, seen]).toEqual([undefined, 'connected', []]);
  });

  test('answers an offer line by line', () => {
    const peerConnection = new FakePeerConnection();
    expect(readFakeSdp(answered(peerConnection, [audio, remoteVideo, data]))).toEqual([
      { ...audio, direction: 'inactive' },
      { kind: 'video', mid: 'v', direction: 'recvonly' },
      data,
    ]);
    expect(peerConnection.signalingState).toBe('stable');
    peerConnection.addTrack(new FakeMediaStreamTrack('audio'));
    expect(readFakeSdp(answered(peerConnection, [audio]))).toEqual([{ ...audio, direction: 'sendonly' }]);
    expect(peerConnection.getTransceivers().map(({ mid }) => mid)).toEqual(['a', 'v']);
  });

  test('gives a track when the far end begins to send, and takes it from its stream when it stops', () => {
    const peerConnection = new FakePeerConnection();
    const seen: string[] = [];
    peerConnection.addEventListener('track', ({ track, streams }: { track: FakeMediaStreamTrack; streams: { id: string }[] }) => {
      seen.push(`${track.kind} ${streams.map(({ id }) => id).join()}`);
    });
    answered(peerConnection, [remoteVideo]);
    answered(peerConnection, [remoteVideo]);
    const stream = peerConnection.getTransceivers()[0]!.remoteStream!;
    stream.onremovetrack = () => seen.push('removetrack');
    answered(peerConnection, [{ ...remoteVideo, direction: 'inactive' }]);
    expect(seen).toEqual(['video PEER', 'removetrack']);
    expect(stream.getTracks()).toEqual([]);
  });

  test('rejects what its signaling state does not allow', () => {
    const peerConnection = new FakePeerConnection();
    const invalid = { name: 'InvalidStateError' };
    expect(peerConnection.createAnswer().reason).toMatchObject(invalid);
    expect(peerConnection.setLocalDescription({ type: 'answer', sdp: '' }).reason).toMatchObject(invalid);
    expect(peerConnection.setRemoteDescription({ type: 'answer', sdp: '' }).reason).toMatchObject(invalid);
    peerConnection.close();
    expect(peerConnection.setRemoteDescription(offer([audio])).reason).toMatchObject(invalid);
    expect(() => peerConnection.addTrack(new FakeMediaStreamTrack('audio'))).toThrow('closed');
  });

  test('is a throw-away one until it is given a remote description', () => {
    const peerConnection = new FakePeerConnection();
    expect(peerConnection.isThrowAway).toBe(true);
    peerConnection.addTransceiver('video', { direction: 'recvonly' });
    const written: string[] = [];
    peerConnection.createOffer().then(({ sdp }) => written.push(...readFakeSdp(sdp).map(({ kind }) => kind)));
    expect([peerConnection.isThrowAway, written]).toEqual([true, ['video', 'application']]);
    peerConnection.setRemoteDescription(offer([audio]));
    expect(peerConnection.isThrowAway).toBe(false);
  });

  test('closes without an event, its channels as well', () => {
    const peerConnection = new FakePeerConnection();
    const channel = peerConnection.remote.dataChannel('signaling');
    const seen: string[] = [];
    channel.onclose = () => seen.push('close');
    peerConnection.onconnectionstatechange = () => seen.push('connectionstatechange');
    peerConnection.close();
    expect([peerConnection.connectionState, peerConnection.iceConnectionState, channel.readyState, seen]).toEqual([
      'closed',
      'closed',
      'closed',
      [],
    ]);
  });

  test('hands over no channel once it is closed', () => {
    const peerConnection = new FakePeerConnection();
    peerConnection.close();
    const seen: string[] = [];
    peerConnection.ondatachannel = () => seen.push('datachannel');
    expect(peerConnection.remote.dataChannel('late').readyState).toBe('closed');
    expect([peerConnection.channels, seen]).toEqual([[], []]);
  });

  test('holds a call until it is told, or fails it', () => {
    const peerConnection = new FakePeerConnection();
    const held = peerConnection.script.hold('setRemoteDescription');
    peerConnection.setRemoteDescription(offer([audio]));
    expect(peerConnection.remoteDescription).toBeNull();
    held.release();
    expect(peerConnection.remoteDescription?.type).toBe('offer');
  });

  test('keeps the parameters of its senders', () => {
    const peerConnection = new FakePeerConnection();
    const sender = peerConnection.addTrack(new FakeMediaStreamTrack('video'));
    const parameters = sender.getParameters();
    parameters.encodings = [{ rid: 'r0', active: false }];
    sender.setParameters(parameters);
    expect(sender.getParameters().encodings).toEqual([{ rid: 'r0', active: false }]);
    sender.replaceTrack(null);
    expect(sender.track).toBeNull();
  });

  test('gives the statistics it was given', () => {
    const peerConnection = new FakePeerConnection();
    peerConnection.stats = [{ id: 'T', type: 'transport' }];
    const ids: string[] = [];
    peerConnection.getStats().then((report) => ids.push(...report.keys()));
    expect(ids).toEqual(['T']);
  });
});
