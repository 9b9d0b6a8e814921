import { createSession, type RemoteStream } from 'rx-sora';
import { startLab, type Lab } from 'rx-sora-lab';
import { filter, firstValueFrom, interval, type Observable, ReplaySubject } from 'rxjs';
import { MediaStream, MediaStreamTrack, RTCPeerConnection, RtpHeader, RtpPacket } from 'werift';
import { WebSocket } from 'ws';
import { afterAll, beforeAll, expect, test } from 'vitest';

let lab: Lab;

beforeAll(async () => {
  lab = await startLab({ lingerMs: 200 });
});
afterAll(() => lab.close());

const platform = { RTCPeerConnection, WebSocket };

/** A packet of sound every 20 ms. */
const talkInto = (track: MediaStreamTrack): { unsubscribe(): void } =>
  interval(20).subscribe((index) => {
    const header = new RtpHeader({ payloadType: 96, sequenceNumber: index, timestamp: index * 960, ssrc: track.ssrc ?? 1 });
    track.writeRtp(new RtpPacket(header, Buffer.from([0xf8, 0xff, 0xfe])));
  });

/** The streams as soon as one of this connection is among them, or no longer is. */
const until = (streams$: Observable<readonly RemoteStream[]>, id: string, isThere: boolean): Promise<readonly RemoteStream[]> =>
  firstValueFrom(streams$.pipe(filter((streams) => streams.some(({ connectionId }) => connectionId === id) === isThere)));

// werift fires neither `removetrack` nor a second `track` for a line that is used again.
test.each([
  ['left alone', false],
  ['stopped by the application', true],
])('werift: each sender that follows another is announced, heard and removed; tracks of those who left are %s', async (how, stops) => {
  const signalingUrl = lab.url;
  const channelId = `comers ${how}`;
  const viewer = createSession({ signalingUrl, channelId, role: 'recvonly', platform });
  const told: string[] = [];
  const heardSubject = new ReplaySubject<string>(Infinity);
  viewer.track$.subscribe(({ track, connectionId }) => {
    told.push(`${connectionId} came with ${track.kind}`);
    (track as unknown as MediaStreamTrack).onReceiveRtp.subscribe(() => heardSubject.next(connectionId));
  });
  viewer.removeTrack$.subscribe(({ track, connectionId }) => {
    told.push(`${connectionId} left`);
    if (stops) track.stop();
  });
  await viewer.connect();
  const expected: string[] = [];
  for (let comer = 0; comer < 3; comer += 1) {
    const track = new MediaStreamTrack({ kind: 'audio' });
    const stream = new MediaStream([track]) as unknown as globalThis.MediaStream;
    const sender = createSession({ signalingUrl, channelId, role: 'sendonly', video: false, stream, platform });
    const { connectionId } = await sender.connect();
    const talking = talkInto(track);
    expect(await until(viewer.remoteStreams$, connectionId, true)).toHaveLength(1);
    await firstValueFrom(heardSubject.pipe(filter((id) => id === connectionId)));
    talking.unsubscribe();
    await sender.disconnect();
    expect(await until(viewer.remoteStreams$, connectionId, false)).toEqual([]);
    expected.push(`${connectionId} came with audio`, `${connectionId} left`);
  }
  expect(told).toEqual(expected);
  await viewer.disconnect();
});
