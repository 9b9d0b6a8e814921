import { take } from 'rxjs';
import { describe, expect, test } from 'vitest';
import { FakeMediaStream, FakeMediaStreamTrack } from '../../src/testing/fake-media.ts';
import { type TimelineEntry, timeline } from '../../src/timeline/timeline.ts';
import { type SessionRig, elapse, pass, rig, useVirtualTime } from '../support/session-rig.ts';

useVirtualTime();

const entriesOf = (r: SessionRig): TimelineEntry[] => r.collect(timeline(r.session));
const words = (entries: readonly TimelineEntry[]): string[] => entries.map(({ source, what }) => `${source} ${what}`);

/** A session in which something of every source happens. */
function lived(r: SessionRig): void {
  const { remote } = r.sora.peerConnection;
  const stream = new FakeMediaStream([], 'ALICE');
  remote.track(new FakeMediaStreamTrack('video'), [stream]);
  remote.iceCandidate({ candidate: 'candidate:1 1 udp 1 10.1.2.3 5 typ host', sdpMid: '0' });
  remote.iceCandidate(null);
  r.sora.channel('#chat')!.remote.message('hello');
  r.play('rx.notify', 'rx.unknown signaling', 'dc.error stats', 'ws.close 1000');
  elapse();
}

const setup = { mode: 'M', start: 'switched', sora: { labels: ['#chat'] } } as const;

describe('timeline()', () => {
  test('replays everything from the beginning, whenever it is called: before, during and after the session', () => {
    const r = rig({ ...setup, start: 'idle' });
    const before = entriesOf(r);
    r.connect();
    r.sora.reach('switched', elapse);
    const during = entriesOf(r);
    lived(r);
    const after = entriesOf(r);
    expect(words(before).slice(0, 4)).toEqual(['session idle', 'session opening', 'websocket open', 'signaling connect']);
    expect(words(before).at(-1)).toBe('session ended');
    expect(during).toEqual(before);
    expect(after).toEqual(before);
  });

  test('each subscription replays anew, and completes with the session, also after it', () => {
    const r = rig(setup);
    const stream$ = timeline(r.session);
    const completions: string[] = [];
    const early = r.collect(stream$);
    stream$.subscribe({ complete: () => completions.push('early') });
    lived(r);
    expect(r.collect(stream$)).toEqual(early);
    stream$.subscribe({ complete: () => completions.push('late') });
    expect(completions).toEqual(['early', 'late']);
  });

  test('every source has its typed entries', () => {
    const r = rig(setup);
    lived(r);
    const entries = entriesOf(r);
    const url = 'wss://one.sora.test/signaling';
    const at = 0;
    for (const expected of [
      { at, source: 'session', what: 'connected' },
      { at, source: 'websocket', what: 'open', detail: { url } },
      { at, source: 'websocket', what: 'close', detail: { url, code: 1000, reason: '', wasClean: true } },
      { at, source: 'datachannel', what: 'open', detail: { label: '#chat' } },
      { at, source: 'datachannel', what: 'message', detail: { label: '#chat', bytes: 5 } },
      { at, source: 'datachannel', what: 'error', detail: { label: 'stats', errorDetail: 'sctp-failure', sctpCauseCode: 12 } },
      { at, source: 'peer-connection', what: 'connectionstatechange', detail: { state: 'connected' } },
      { at, source: 'peer-connection', what: 'track', detail: { kind: 'video', connectionId: 'ALICE' } },
      { at, source: 'peer-connection', what: 'icecandidate', detail: { end: false } },
      { at, source: 'peer-connection', what: 'icecandidate', detail: { end: true } },
      { at, source: 'peer-connection', what: 'datachannel', detail: { label: '#chat' } },
    ]) {
      expect(entries).toContainEqual(expected);
    }
    expect(entries.find(({ what }) => what === 'notify')).toMatchObject({
      source: 'signaling',
      detail: { direction: 'received', transport: 'datachannel', label: 'notify', message: { type: 'notify' } },
    });
    expect(entries.find(({ what }) => what === 'not-known-yet')).toMatchObject({ source: 'signaling', detail: { ignored: true } });
  });

  test('a failure of the SDK and a disconnect of the application are entries', () => {
    const failed = rig({ start: 'signaling' });
    failed.fake.scripts.peerConnection.next('setRemoteDescription', { rejects: new Error('bad SDP') });
    failed.play('rx.offer');
    expect(entriesOf(failed)).toContainEqual({
      at: 0,
      source: 'sdk',
      what: 'failure',
      detail: { where: 'set-remote-description', name: 'Error', message: 'bad SDP' },
    });
    const left = rig();
    void left.session.disconnect();
    expect(entriesOf(left)).toContainEqual({ at: 0, source: 'sdk', what: 'disconnect', detail: { trigger: 'api' } });
  });

  test('sockets that failed and sockets that lost are told apart from the one that counts', () => {
    const signalingUrl = ['a', 'b', 'c'].map((host) => `wss://user:pass@${host}.test/signaling?token=SECRET`);
    const r = rig({ start: 'opening', options: { signalingUrl } });
    r.fake.sockets[0]!.remote.close(1006);
    r.fake.sockets[1]!.remote.open();
    r.fake.sockets[2]!.remote.close(1006);
    const sockets = entriesOf(r).filter(({ source }) => source === 'websocket');
    expect(sockets).toContainEqual({
      at: 0,
      source: 'websocket',
      what: 'close',
      detail: { url: 'wss://a.test/signaling', standing: 'failed' },
    });
    expect(sockets).toContainEqual({ at: 0, source: 'websocket', what: 'open', detail: { url: 'wss://b.test/signaling' } });
    expect(sockets).toContainEqual({
      at: 0,
      source: 'websocket',
      what: 'close',
      detail: { url: 'wss://c.test/signaling', standing: 'other' },
    });
  });

  test('a URL that no socket can be made for, and one that was too slow, are entries', () => {
    const refused = rig({
      start: 'idle',
      before: ({ fake }) => fake.scripts.webSocket.next('new', { throws: new Error('no') }),
    });
    refused.connect();
    expect(entriesOf(refused)).toContainEqual({
      at: 0,
      source: 'websocket',
      what: 'refused',
      detail: { url: 'wss://one.sora.test/signaling' },
    });
    const slow = rig({ start: 'opening', options: { signalingUrl: ['wss://a.test/', 'wss://b.test/'] } });
    elapse(3000);
    expect(entriesOf(slow)).toContainEqual({ at: 3000, source: 'websocket', what: 'timeout', detail: { url: 'wss://b.test/' } });
  });

  test('what the server wrote carries no secret: metadata, credentials, candidates and URLs are redacted', () => {
    const r = rig({
      options: { signalingUrl: 'wss://one.sora.test/signaling?token=SECRET', metadata: { access_token: 'SECRET' } },
      sora: { offer: { metadata: 'SECRET', config: { iceServers: [{ urls: 'turn:t.test', username: 'SECRET', credential: 'SECRET' }] } } },
    });
    r.receive({ type: 'notify', event_type: 'connection.created', authn_metadata: 'SECRET', data: [{ metadata: 'SECRET' }] });
    r.sora.socket.remote.close(4490, 'see wss://user:SECRET@sora.test/?token=SECRET');
    const text = JSON.stringify(entriesOf(r));
    expect(text).not.toContain('SECRET');
    expect(text).not.toContain('fakefakefake');
    expect(text).toContain('4490');
  });

  test('a message is redacted when its detail is read, once', () => {
    const seen: unknown[] = [];
    const redaction = (value: unknown): unknown => {
      if (typeof value === 'object') seen.push(value);
      return value;
    };
    const r = rig({ options: { redaction } });
    const entry = entriesOf(r).find(({ what }) => what === 'offer');
    expect(seen).toEqual([]);
    expect(entry?.detail).toBe(entry?.detail);
    expect(seen).toHaveLength(1);
  });

  test('of messages of the application only label and size are kept', () => {
    const r = rig(setup);
    r.sora.channel('#chat')!.remote.message('SECRET');
    expect(JSON.stringify(entriesOf(r))).not.toContain('SECRET');
  });

  test.each<[string, (r: SessionRig, data: string) => void]>([
    ['over the WebSocket', (r, data) => r.receive({ type: 'push', data })],
    ['over a channel', (r, data) => r.receive({ type: 'push', data }, 'push')],
    ['as answers of rpc', (r, data) => r.receive(data, 'rpc')],
  ])('keeps fewer where messages are large, %s', (_, send) => {
    const r = rig({ mode: 'M', start: 'connected', sora: { labels: ['rpc'] } });
    for (let index = 0; index < 20; index += 1) send(r, 'x'.repeat(1024 * 1024));
    expect(entriesOf(r).length).toBeLessThanOrEqual(8);
  });

  test('keeps the latest 1000 entries, however long the session lives', () => {
    const r = rig({ ...setup, start: 'switched' });
    for (let count = 0; count < 5000; count += 1) r.sora.channel('#chat')!.remote.message(`${count}`);
    const entries = entriesOf(r);
    expect(entries).toHaveLength(1000);
    expect(entries.at(-1)).toMatchObject({ what: 'message', detail: { bytes: 4 } });
    r.sora.channel('#chat')!.remote.message('x'.repeat(77));
    expect(entries.at(-1)).toMatchObject({ what: 'message', detail: { bytes: 77 } });
  });

  test('a subscriber that causes new entries while it receives old ones gets them once and behind those', async () => {
    const r = rig(setup);
    const entries: TimelineEntry[] = [];
    let isFirst = true;
    timeline(r.session).subscribe((entry) => {
      entries.push(entry);
      if (!isFirst) return;
      isFirst = false;
      r.play('rx.ping');
    });
    expect(words(entries)).toEqual(words(entriesOf(r)));
    expect(words(entries).slice(-2)).toEqual(['signaling ping', 'signaling pong']);
    void r.session.disconnect();
    await pass(3001);
    expect(words(entries)).toEqual(words(entriesOf(r)));
  });

  test('a subscriber that ends the session while it receives old entries gets the end and the completion', () => {
    const r = rig({ ...setup, options: { disconnectPolicy: 'immediate' } });
    const seen: string[] = [];
    timeline(r.session).subscribe({
      next: ({ source, what }) => {
        if (seen.length === 0) void r.session.disconnect();
        seen.push(`${source} ${what}`);
      },
      complete: () => seen.push('|'),
    });
    expect(seen.slice(-3)).toEqual(['session ending', 'signaling disconnect', 'session ended', '|'].slice(-3));
    expect(seen.filter((each) => each === '|')).toHaveLength(1);
  });

  test('take() ends the replay', () => {
    const r = rig(setup);
    expect(words(r.collect(timeline(r.session).pipe(take(2))))).toEqual(['session idle', 'session opening']);
  });
});
