import { readFileSync } from 'node:fs';
import { lastValueFrom, toArray } from 'rxjs';
import { describe, expect, test } from 'vitest';
import { rpc } from '../../src/rpc/rpc.ts';
import { createSession } from '../../src/session/create-session.ts';
import type { ConnectOptions } from '../../src/session/options.ts';
import type { Session } from '../../src/session/session.ts';
import { record } from '../../src/testing/recorder.ts';
import type { Recording } from '../../src/testing/recording.ts';
import { replay } from '../../src/testing/replay.ts';
import type { ScenarioRow } from '../../src/testing/scenario-row.ts';
import { scenario, type ScenarioSettings } from '../../src/testing/scenario.ts';

const rows = JSON.parse(readFileSync(new URL('../fixtures/termination-scenarios.json', import.meta.url), 'utf8')) as ScenarioRow[];

const recorded = (row: ScenarioRow, settings: ScenarioSettings = {}) => {
  const recordings: Recording[] = [];
  const result = scenario(row, { ...settings, onSession: (session) => recordings.push(record(session)) });
  return { result, recording: recordings[0]! };
};

const replayedAsRecorded = (row: ScenarioRow, settings: ScenarioSettings = {}): void => {
  const { result, recording } = recorded(row, settings);
  const replayed = replay(String(recording));
  expect(replayed.differences).toEqual([]);
  expect(replayed.timeline).toEqual(result.timeline);
  expect(replayed.termination && { ...replayed.termination, at: result.termination?.at }).toEqual(result.termination);
  expect(replayed.errors).toEqual([]);
};

describe.each([false, true])('every row of the scenario data is replayed from its recording, compressed: %s', (compress) => {
  for (const row of rows) test(row.id ?? '', () => replayedAsRecorded(row, compress ? { compress } : {}));
});

describe('other sessions are replayed as well', () => {
  const chat: ScenarioSettings = {
    labels: ['#chat'],
    connectOptions: { dataChannels: [{ label: '#chat', direction: 'sendrecv', header: [{ type: 'sender_connection_id' }] }] },
  };
  test.each<[string, Partial<ScenarioRow>, ScenarioSettings?]>([
    ['aborted before it began', { start: 'idle', timeline: ['1 abort', '2 connect'] }],
    ['disconnected before it began', { start: 'idle', timeline: ['3 disconnect'] }],
    ['begun late', { start: 'idle', timeline: ['100 connect', '200 ws.error', '200 ws.close 1006'] }],
    ['disposed of', { timeline: ['5 dispose', '9 dc.close *'] }],
    ['let go of', { timeline: ['5 unsub'] }],
    ['let go of in the wait', { timeline: ['5 disconnect', '9 unsub'] }],
    ['left with its page', { timeline: ['5 pagehide'] }],
    ['failed by its metadata', { mode: 'W', start: 'opening', timeline: ['5 internal'] }],
    ['failed before the offer', { mode: 'W', start: 'signaling', timeline: ['5 internal'] }],
    ['re-negotiated', { timeline: ['5 rx.reoffer', '6 rx.reoffer-begin', '900 rx.reoffer-end', '950 dc.close signaling'] }],
    ['asked for statistics', { mode: 'M', timeline: ['5 rx.ping T', '6 rx.req-stats', '9 ws.close 1000'] }],
    ['told about others', { mode: 'M', timeline: ['5 rx.notify', '6 rx.push', '7 rx.unknown', '9 pc failed'] }],
    ['closed by a message without a code', { timeline: ['9 rx.close none'] }],
    [
      'with candidates',
      { mode: 'W', start: 'opening', options: { urls: 3 }, timeline: ['1 ws.error #1', '2 ws.open #2', '3 ws.close 1006'] },
    ],
    ['without a server', { mode: 'W', start: 'opening', options: { urls: 2 }, timeline: [] }],
    [
      'redirected',
      { mode: 'W', start: 'signaling', timeline: ['1 rx.redirect', '2 ws.open', '3 rx.offer', '4 pc connected', '5 ws.close 4000'] },
    ],
    [
      'with messages of the application',
      { timeline: [{ at: 4, kind: 'rx', message: 'x'.repeat(40), label: '#chat' }, '9 rx.close 1000'] },
      chat,
    ],
    [
      'with a message too short for its header',
      { timeline: [{ at: 4, kind: 'rx', message: 'x', label: '#chat' }, '9 rx.close 1000'] },
      chat,
    ],
    ['never ended', { mode: 'M', timeline: ['5 rx.notify'] }],
  ])('%s', (_, row, settings = {}) => {
    const whole: ScenarioRow = { mode: 'D', start: 'switched', timeline: [], ...row };
    replayedAsRecorded(whole, settings);
    if (whole.mode !== 'W') replayedAsRecorded(whole, { ...settings, compress: true });
  });
});

describe('what the application did is replayed', () => {
  /** A session that stands, in which the application calls `rpc()` at 1. */
  const calling = (call: (session: Session) => Promise<unknown>, ...timeline: ScenarioRow['timeline']): void => {
    let session: Session | undefined;
    const run = (): void => void call(session as Session).catch(() => undefined);
    replayedAsRecorded(
      { mode: 'D', start: 'switched', timeline: [{ at: 1, kind: 'call', name: 'rpc', run }, ...timeline] },
      { labels: ['rpc'], createSession: (options) => (session = createSession(options)) },
    );
  };
  const answer = { at: 9, kind: 'rx', label: 'rpc', message: '{"jsonrpc":"2.0","id":1,"result":true}' } as const;

  test('a call that was answered', () => {
    calling((session) => rpc(session, '2025.2.0/PutMetadata', { a: 1 }), answer, '20 rx.close 1000');
  });

  test('a call that was not, in time', () => {
    calling((session) => rpc(session, '2025.2.0/PutMetadata', { a: 1 }, { timeoutMs: 50 }), '90 rx.close 1000');
  });

  test('a call that nobody answers', () => {
    calling((session) => rpc(session, '2025.2.0/PutMetadata', {}, { notification: true }), '20 pc failed');
  });

  test.each<[string, ScenarioRow['timeline'], number]>([
    ['first', ['1 rx.offer'], 0],
    ['second', ['1 rx.offer', '2 pc connected', '9 rx.reoffer'], 1],
  ])('a beforeAnswer that failed before the %s answer', (_, timeline, passes) => {
    let calls = 0;
    const beforeAnswer = (): void => {
      calls += 1;
      if (calls > passes) throw new Error('made to fail');
    };
    replayedAsRecorded({ mode: 'W', start: 'signaling', timeline }, { connectOptions: { beforeAnswer } });
  });
});

describe('recordings of real sessions with the lab, in Node and in Chromium', () => {
  describe.each([
    ['web-socket-only-disconnect', 'client-disconnect'],
    ['mixed-websocket-cut', 'websocket-closed'],
    ['data-channel-only-channels-aborted', 'datachannel-closed'],
    ['chromium-mixed-websocket-cut', 'websocket-closed'],
    ['chromium-data-channel-only-server-close', 'server-close'],
  ])('%s', (name, kind) => {
    const text = readFileSync(new URL(`./recordings/${name}.jsonl`, import.meta.url), 'utf8');

    test('is replayed', () => {
      const { differences, termination, errors } = replay(text);
      expect([differences, errors, termination?.kind]).toEqual([[], [], kind]);
    });

    test('holds no credential and no candidate', () => {
      expect(text).not.toMatch(/ice-ufrag|ice-pwd|a=fingerprint|a=candidate|candidate:\d|access_token|S3CRET/u);
    });
  });
});

describe('a recording', () => {
  const row: ScenarioRow = { mode: 'M', start: 'switched', timeline: ['5 rx.notify', '9 ws.close 4000'] };

  test('is taken as an object, as text and as lines, whole or cut off', () => {
    const { recording } = recorded(row);
    for (const form of [recording, String(recording), recording.lines]) expect(replay(form).termination?.kind).toBe('server-close');
    const cut = replay(recording.lines.slice(0, -8));
    expect([cut.termination, cut.differences]).toEqual([null, []]);
  });

  test('gives its lines to whoever comes late, and ends with the session', async () => {
    const { recording } = recorded(row);
    expect(await lastValueFrom(recording.lines$.pipe(toArray()))).toEqual(recording.lines);
  });

  test('is refused where it is not one, or is of another format', () => {
    expect(() => replay('{"at":1}\n')).toThrow('not a recording');
    expect(() => replay('{"recording":1,"sdk":"rx-sora 0.1.0"}')).toThrow(
      'this recording has format 1, and this version of rx-sora reads format 2',
    );
    expect(() => replay('')).toThrow('not a recording');
    expect(() => replay('nothing')).toThrow(SyntaxError);
    expect(() => replay('1')).toThrow('line 1 is not a JSON object but 1');
    expect(() => replay('{"recording":2,"sdk":"0"}\n\n{"at":12,"inp')).toThrow('line 3 is not a JSON object but {"at":12,"inp');
  });

  test('shows where the code does something else than it did then', () => {
    const { recording } = recorded(row);
    const otherwise = String(recording).replaceAll('"code":4000', '"code":1000');
    const { differences } = replay(otherwise.replace('"severity":"error"', '"severity":"fatal"'));
    expect(differences).toEqual([expect.stringContaining('"severity":"fatal"')]);
  });

  test('holds no secret, wherever it was put', () => {
    const secret = 'S3CRET-CANARY';
    const jwt = `eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiJ${secret.replace('-', '')}.abc`;
    const connectOptions: Partial<ConnectOptions> = {
      signalingUrl: `wss://user:${secret}@sora.test/signaling?token=${secret}`,
      metadata: { access_token: secret, nested: [secret] },
      signalingNotifyMetadata: { name: secret },
    };
    const sdp = `v=0\r\na=ice-pwd:${secret}\r\na=candidate:1 1 udp 1 192.0.2.1 9 typ host ${secret}\r\na=fingerprint:sha-256 ${secret}\r\n`;
    const secrets: ScenarioRow['timeline'] = [
      { at: 1, kind: 'rx', message: { type: 're-offer', sdp } },
      { at: 2, kind: 'rx', message: { type: 'notify', event_type: 'connection.created', metadata: secret, authn_metadata: { secret } } },
      { at: 3, kind: 'rx', message: { type: 'push', data: { jwt, metadata: secret } } },
      { at: 4, kind: 'rx', message: { type: 'unknown-type', credential: secret, username: secret } },
      { at: 5, kind: 'rx', message: `{"type":"broken","metadata":"${secret}"`, label: '#chat' },
      { at: 6, kind: 'rx', message: `not json ${secret}` },
    ];
    const settings = {
      labels: ['#chat'],
      connectOptions: { ...connectOptions, dataChannels: [{ label: '#chat', direction: 'sendrecv' } as const] },
    };
    for (const compress of [false, true]) {
      const { recording, result } = recorded({ mode: 'M', start: 'connected', timeline: secrets }, { ...settings, compress });
      expect(result.termination?.kind).toBe('signaling-invalid');
      expect(String(recording)).toContain('re-offer');
      expect(String(recording)).not.toContain(secret);
      expect(String(recording)).not.toContain(secret.replace('-', ''));
      expect(replay(recording).differences).toEqual([]);
    }
  });
});
