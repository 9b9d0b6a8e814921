import { describe, expect, test } from 'vitest';
import type { ConnectOptions } from '../../src/session/options.ts';
import { version } from '../../src/version.ts';
import { SyncThenable } from '../../src/testing/sync-thenable.ts';
import { type SessionRig, elapse, rig, useVirtualTime } from '../support/session-rig.ts';

useVirtualTime();

const introduced = (options: Partial<ConnectOptions> = {}): Record<string, unknown> =>
  rig({ start: 'signaling', options }).sent('connect')[0]!;

describe('connect', () => {
  test('says what this client is', () => {
    expect(introduced()).toMatchObject({
      sora_client: `rx-sora ${version}`,
      environment: 'rx-sora/testing',
      sdp: expect.any(String) as string,
    });
  });

  test('metadata is absent where none is given, and null where null is', () => {
    expect(introduced()).not.toHaveProperty('metadata');
    expect(introduced({ metadata: null })).toMatchObject({ metadata: null });
    expect(introduced({ metadata: () => undefined })).not.toHaveProperty('metadata');
  });

  test('a function is asked once for each attempt, and a promise is waited for', () => {
    let asked = 0;
    const metadata = (): PromiseLike<{ attempt: number }> => {
      asked += 1;
      return new SyncThenable((resolve) => resolve({ attempt: asked }));
    };
    expect(introduced({ metadata })).toMatchObject({ metadata: { attempt: 1 } });
    expect(introduced({ metadata })).toMatchObject({ metadata: { attempt: 2 } });
  });

  test('a redirect is the same attempt', () => {
    let asked = 0;
    const r = rig({
      start: 'signaling',
      options: {
        metadata: () => {
          asked += 1;
          return { asked };
        },
      },
    });
    r.play('rx.redirect', 'ws.open');
    expect(r.sent('connect').map(({ metadata, redirect }) => [metadata, redirect])).toEqual([
      [{ asked: 1 }, undefined],
      [{ asked: 1 }, true],
    ]);
  });
});

describe('Q78: metadata that cannot be had', () => {
  const failing = (metadata: () => never): SessionRig => rig({ start: 'opening', options: { metadata } });

  test.each([
    [
      'a function that throws',
      () => {
        throw new Error('SECRET');
      },
    ],
    ['a promise that is rejected', () => SyncThenable.rejected(new Error('SECRET')) as never],
    ['a value that is no JSON', () => (() => undefined) as never],
    ['a number that is none', () => Number.NaN as never],
  ])('%s ends the session, with nothing sent and nothing told', (_, metadata) => {
    const r = failing(metadata);
    expect(r.termination).toMatchObject({
      kind: 'internal-error',
      where: 'metadata',
      message: 'the metadata function failed',
      phase: 'opening',
      sent: null,
    });
    expect(r.sent()).toEqual([]);
    expect(JSON.stringify(r.termination)).not.toContain('SECRET');
  });
});

test('a promise that is rejected when the socket has opened long since', () => {
  let reject: (error: Error) => void = () => undefined;
  const r = rig({ start: 'opening', options: { metadata: () => new SyncThenable<never>((_, fail) => (reject = fail)) } });
  r.play('ws.open');
  elapse(5000);
  reject(new Error('SECRET'));
  expect(r.termination).toMatchObject({ kind: 'internal-error', where: 'metadata', phase: 'opening', causeAt: 5000, sent: null });
  expect([r.sent(), r.sora.socket.closeCalls.length]).toEqual([[], 1]);
});

test('a socket that refuses connect ends the session', () => {
  const r = rig({
    start: 'opening',
    options: { metadata: { token: 'very-secret' } },
    before: ({ fake }) => fake.scripts.webSocket.next('send', { throws: new Error('cannot send {"metadata":{"token":"very-secret"}}') }),
  });
  r.play('ws.open');
  expect(r.termination).toMatchObject({
    kind: 'internal-error',
    where: 'send-connect',
    message: 'cannot send {"metadata":{"token":"[redacted]"}}',
  });
});
