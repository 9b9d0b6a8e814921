import { describe, expect, test } from 'vitest';
import { timeline } from '../../src/timeline/timeline.ts';
import { rpc } from '../../src/rpc/rpc.ts';
import { replaceTrack } from '../../src/tracks/replace-track.ts';
import { isNormal } from '../../src/termination/derived.ts';
import { FakeMediaStream, FakeMediaStreamTrack } from '../../src/testing/fake-media.ts';
import { fakeDeflate } from '../../src/testing/fake-compression.ts';
import type { ForwardingFilter } from '../../src/wire/connect-request.ts';
import { elapse, outcome, pass, rig, useVirtualTime } from '../support/session-rig.ts';
import { encodingsOf, layers, simulcastBrowser, simulcastOffer } from '../support/simulcast-browser.ts';

/*
 * Quirks of the official JavaScript SDK's interface that users meet, K01 to K14, one spec each. The comment says what the official SDK would
 * do.
 */

useVirtualTime();

const method = '2025.2.0/RequestSimulcastRid';

describe('K01', () => {
  // Official: calls `disconnect` three times.
  test('three causes that race are one value, the others are told beside it', () => {
    const r = rig({ mode: 'M', start: 'switched' });
    r.play('pc failed', 'ws.error', 'ws.close 1006', 'dc.close *');
    expect(r.termination).toMatchObject({ kind: 'peer-connection-failed' });
    expect(r.termination.trailing.map(({ source, what }) => `${source} ${what}`)).toContain('websocket error');
  });
});

describe('K02', () => {
  // Official: `Error("[object Object]")`.
  test('an error of the server in an RPC keeps code, message and data', async () => {
    const r = rig({ mode: 'D', start: 'switched', sora: { labels: ['rpc'] } });
    const call = outcome(rpc(r.session, method, { rid: 'r0' }));
    r.receive({ jsonrpc: '2.0', id: 1, error: { code: -32000, message: 'refused', data: { why: 'x' } } }, 'rpc');
    expect(await call).toMatchObject({ code: -32000, message: 'refused', data: { why: 'x' } });
  });
});

describe('K03', () => {
  // Official: never settles.
  test('an RPC without a limit is settled by the default one, and by the end', async () => {
    const r = rig({ mode: 'D', start: 'switched', sora: { labels: ['rpc'] } });
    const [unanswered, pending] = [
      outcome(rpc(r.session, method, { rid: 'r0' })),
      outcome(rpc(r.session, method, { rid: 'r1' }, { timeoutMs: 60_000 })),
    ];
    await pass(10_000);
    expect(await unanswered).toMatchObject({ code: 'timeout' });
    r.play('pc failed');
    await pass(1);
    expect(await pending).toMatchObject({ code: 'ended' });
  });
});

describe('K04', () => {
  // Official: "normal", whatever the code.
  test('`type: close` is judged by its code', () => {
    const r = rig({ mode: 'D', start: 'switched' });
    r.play('rx.close 4490');
    expect(r.termination).toMatchObject({ kind: 'server-close', code: 4490, severity: 'error' });
    expect(isNormal(r.termination)).toBe(false);
  });
});

describe('K05', () => {
  // Official: the code is lost.
  test('1006 that follows an error is in the value', () => {
    const r = rig();
    r.play('ws.error', 'ws.close 1006');
    expect(r.termination).toMatchObject({ kind: 'websocket-error', close: { code: 1006 } });
  });
});

describe('K06', () => {
  // Official: the second `on("push")` replaces the first without a word.
  test('every subscriber of push$ hears every push', () => {
    const r = rig();
    const [first, second] = [r.collect(r.session.push$), r.collect(r.session.push$)];
    r.play('rx.push');
    expect([first.length, second.length]).toEqual([1, 1]);
  });
});

describe('K07', () => {
  // Official: the disconnect callback stays silent.
  test('a connection that failed is told by termination$, with its phase', () => {
    const r = rig({ start: 'opening' });
    r.play('ws.close 1006');
    expect(r.termination).toMatchObject({ kind: 'websocket-closed', code: 1006, phase: 'opening' });
  });
});

describe('K08', () => {
  // Official: waits for the timer of 60 seconds.
  test('a peer connection that fails while connecting ends it at once', () => {
    const r = rig({ start: 'negotiating' });
    elapse(100);
    r.play('pc failed');
    expect(r.termination).toMatchObject({ kind: 'peer-connection-failed', causeAt: 100 });
  });
});

describe('K09', () => {
  // Official: follows for ever.
  test('a chain of redirects ends after five hops, a loop at once', () => {
    const chain = rig({ start: 'signaling' });
    for (let hop = 1; hop <= 6; hop += 1) {
      chain.play(`rx.redirect wss://node${hop}.sora.test/signaling`);
      if (chain.fake.sockets.length > hop) chain.play('ws.open');
    }
    expect(chain.termination).toMatchObject({ kind: 'signaling-invalid', what: 'unexpected-message' });
    expect(chain.sent('connect')).toHaveLength(6);
    const loop = rig({ start: 'signaling' });
    loop.play('rx.redirect known');
    expect(loop.termination).toMatchObject({ kind: 'signaling-invalid' });
  });
});

describe('K10', () => {
  const stream = (): never => new FakeMediaStream([new FakeMediaStreamTrack('video')]) as never;

  // Official: encodings may be lost.
  test('a replaced track keeps the encodings', async () => {
    const r = rig({ wrap: simulcastBrowser, sora: { offer: simulcastOffer }, options: { stream: stream() } });
    const { sender } = r.sora.peerConnection.getTransceivers()[1]!;
    await sender.setParameters({ encodings: ['r2', 'r1', 'r0'].map((rid) => ({ rid })) });
    await replaceTrack(r.session, 'video', new FakeMediaStreamTrack('video') as never);
    expect(encodingsOf(r.sora.peerConnection)).toEqual([...layers].reverse());
  });

  // Official: replaces the list, and the browser throws `InvalidModificationError`.
  test('a list of another length changes neither number nor order', () => {
    const offer = { simulcast: true, encodings: [...layers, { rid: 'r3' }] };
    const r = rig({ wrap: simulcastBrowser, sora: { offer }, options: { stream: stream() } });
    expect(encodingsOf(r.sora.peerConnection).map(({ rid }) => rid)).toEqual(['r2', 'r1', 'r0']);
    expect(r.terminations).toEqual([]);
  });
});

describe('K11', () => {
  // Official: no queue; large compressed messages are overtaken.
  test('messages leave in the order in which they were sent', async () => {
    const r = rig({ mode: 'D', start: 'switched', sora: { compress: true, labels: ['#chat'] } });
    const held = r.fake.scripts.compression.hold('transform');
    const sends = [r.session.send('#chat', 'large'), r.session.send('#chat', 'small')];
    held.release();
    await Promise.all(sends);
    expect(r.fake.sent.slice(-2).map(({ data }) => data)).toEqual([fakeDeflate('large'), fakeDeflate('small')]);
  });

  // Official: both are applied at once, which gives `InvalidStateError`.
  test('re-offers that overlap are served one after the other', () => {
    const r = rig();
    const held = r.fake.scripts.peerConnection.hold('setRemoteDescription');
    r.play('rx.reoffer', 'rx.reoffer');
    held.release();
    expect(r.sent('re-answer')).toHaveLength(2);
  });
});

describe('K12', () => {
  // Official: sent as they are, as null.
  test.each([
    ['audio.bitRate', { audio: { bitRate: Number.NaN } }],
    ['video.bitRate', { video: { bitRate: Number.POSITIVE_INFINITY } }],
    ['spotlight.number', { spotlight: { number: Number.NaN } }],
    ['timeouts.connectionMs', { timeouts: { connectionMs: Number.POSITIVE_INFINITY } }],
    ['dataChannels[0].maxRetransmits', { dataChannels: [{ label: '#a', direction: 'sendrecv', maxRetransmits: Number.NaN }] }],
  ] as const)('%s that is no number is refused by its name', (path, options) => {
    expect(() => rig({ start: 'idle', options })).toThrow(`option ${path} `);
  });
});

describe('K13', () => {
  // Official: the types allow exactly one rule and one value.
  test('a forwarding filter has as many rules and values as it takes', () => {
    const filter: ForwardingFilter = {
      action: 'block',
      rules: [
        [
          { field: 'client_id', operator: 'is_in', values: ['a', 'b'] },
          { field: 'kind', operator: 'is_in', values: ['video'] },
        ],
        [{ field: 'connection_id', operator: 'is_not_in', values: ['c'] }],
      ],
    };
    expect(rig({ start: 'signaling', options: { forwardingFilters: [filter, filter] } }).sent('connect')[0]).toMatchObject({
      forwarding_filters: [filter, filter],
    });
  });
});

describe('K14', () => {
  // Official: `timeline` and `signaling` carry tokens in clear.
  test('the timeline carries no tokens', () => {
    const r = rig({ options: { metadata: { access_token: 'SECRET-1' } }, sora: { offer: { metadata: 'SECRET-2' } } });
    r.receive({ type: 'notify', event_type: 'connection.created', authn_metadata: 'SECRET-3', data: [{ metadata: 'SECRET-4' }] });
    expect(JSON.stringify(r.collect(timeline(r.session)))).not.toContain('SECRET');
  });
});
