import { lastValueFrom, toArray } from 'rxjs';
import { describe, expect, test } from 'vitest';
import { timeline } from '../../src/timeline/timeline.ts';
import { readFrame } from '../../src/testing/sent-message.ts';
import { CallRig } from '../support/call-rig.ts';
import { nothingLeft } from '../support/nothing-left.ts';
import { useVirtualTime } from '../support/session-rig.ts';

useVirtualTime();

const sentTokens = ({ fake }: CallRig): unknown[] =>
  fake.sent.map((frame) => readFrame(frame)).flatMap(({ type, metadata }) => (type === 'connect' ? [metadata] : []));

describe('a call over sessions of connect()', () => {
  test('the server goes away and comes back', () => {
    const rig = new CallRig().begin('connected').lose().pass(1250);
    for (const attempt of [2, 3]) {
      rig.play('ws.error', 'ws.close 1006').pass(250 * 2 ** (attempt - 1));
    }
    rig.reach('connected').pass(60_000);
    expect(rig.words).toEqual([
      'session 1',
      'backoff 1: 1250',
      'session 1 after websocket-closed',
      'backoff 2: 500',
      'session 2 after websocket-error',
      'backoff 3: 1000',
      'session 3 after websocket-error',
    ]);
    void rig.session.disconnect();
    rig.play('ws.close 1000').pass(1);
    expect(rig.words.at(-1)).toBe('over 3: client-disconnect');
    expect(rig.isComplete).toBe(true);
    nothingLeft(rig);
  });

  test('each attempt asks for a token of its own', () => {
    let tokens = 0;
    const metadata = (): { token: number } => ({ token: (tokens += 1) });
    const rig = new CallRig({ options: { metadata } })
      .begin('connected')
      .lose()
      .pass(1250)
      .reach('connected')
      .lose()
      .pass(1250)
      .reach('connected');
    expect(sentTokens(rig)).toEqual([{ token: 1 }, { token: 2 }, { token: 3 }]);
    rig.subscription.unsubscribe();
  });

  test('an expired token is renewed at once where a row says so, and a server that still refuses is not stormed', () => {
    const policy = {
      decide: { 'server-close': ({ code }: { readonly code: number | null }) => (code === 4490 ? 'at-once' : undefined) },
    } as const;
    const rig = new CallRig({ policy })
      .begin('signaling')
      .play('ws.close 4490')
      .pass(0)
      .reach('signaling')
      .play('ws.close 4490')
      .pass(5000);
    expect(rig.words).toEqual([
      'session 1',
      'backoff 2: 0',
      'session 2 after server-close',
      'backoff 3: 1000',
      'session 3 after server-close',
    ]);
    rig.subscription.unsubscribe();
    nothingLeft(rig);
  });

  test('a kick ends the call', () => {
    const rig = new CallRig().begin('connected').play('ws.close 1000').pass(60_000);
    expect(rig.words).toEqual(['session 1', 'over 1: server-close']);
    expect(rig.isComplete).toBe(true);
    nothingLeft(rig);
  });

  test('every session says in its timeline which attempt it is and what came before', async () => {
    const rig = new CallRig().begin('connected').lose().pass(1250).play('ws.error', 'ws.close 1006').pass(500);
    const gone = rig.steps[1];
    rig.subscription.unsubscribe();
    const notes = await Promise.all(
      rig.sessions.map(async (session) =>
        (await lastValueFrom(timeline(session).pipe(toArray()))).filter(({ what }) => what === 'attempt'),
      ),
    );
    const note = (detail: object): object => ({ at: 0, source: 'sdk', what: 'attempt', detail });
    const connectionId = gone?.kind === 'waiting' ? gone.previous.connectionId : null;
    expect(connectionId).toEqual(expect.any(String));
    expect(notes).toEqual([
      [note({ attempt: 1 })],
      [note({ attempt: 1, previous: { kind: 'websocket-closed', connectionId } })],
      [note({ attempt: 2, previous: { kind: 'websocket-error', connectionId: null } })],
    ]);
  });

  test('a page in the back-forward cache: the session ends in the event, the call comes back with the page', () => {
    const rig = new CallRig().begin('connected').play('pagehide-persisted').pass(3_600_000);
    expect(rig.words).toEqual(['session 1', 'backoff 1: 0']);
    rig.fake.page.fire('pageshow', { persisted: true });
    rig.reach('connected');
    expect(rig.words).toEqual(['session 1', 'backoff 1: 0', 'session 1 after client-disconnect']);
    rig.subscription.unsubscribe();
    nothingLeft(rig);
  });

  test('a signal that aborts ends the call, and one that aborts in a wait ends it with the next attempt, which opens nothing', () => {
    const abort = new AbortController();
    const rig = new CallRig({ options: { signal: abort.signal } }).begin('connected').lose();
    abort.abort();
    rig.pass(1250);
    expect(rig.words.slice(-2)).toEqual(['session 1 after websocket-closed', 'over 1: client-disconnect']);
    expect(rig.fake.sockets).toHaveLength(1);
    nothingLeft(rig);
  });

  test('a disconnect() in the receiver of the session is not lost', () => {
    const rig = new CallRig();
    rig.call$.subscribe((step) => {
      if (step.kind === 'session') void step.session.disconnect();
      rig.steps.push(step);
    });
    rig.pass(1);
    expect(rig.words).toEqual(['session 1', 'over 1: client-disconnect']);
    expect(rig.fake.sockets).toEqual([]);
    nothingLeft(rig);
  });

  test('a wrong option of connect() is an error, and no reason for another attempt', () => {
    const rig = new CallRig({ options: { channelId: '' } }).begin().pass(60_000);
    expect(rig.errors).toEqual([expect.objectContaining({ name: 'SoraOptionsError', path: 'channelId' })]);
    expect(rig.words).toEqual([]);
    nothingLeft(rig);
  });
});
