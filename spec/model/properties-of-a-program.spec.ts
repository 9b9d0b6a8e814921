import { describe, expect, test } from 'vitest';
import { createSession } from '../../src/index.ts';
import type { Session } from '../../src/session/session.ts';
import { scenario } from '../../src/testing/scenario.ts';
import { sessionLife } from './pending-connect.ts';
import { unchangedBy } from './properties-of-a-program.ts';
import type { ScenarioRow } from './scenario-row.ts';
import { sessionRun } from './session-run.ts';
import { type Native, natives, withThrowing } from './throwing-natives.ts';

const row = (start: ScenarioRow['start'], ...timeline: string[]): ScenarioRow => ({ id: 'a row', mode: 'M', start, options: {}, timeline });

const withConnect =
  (connect: (session: Session) => Promise<never>) =>
  (options: Parameters<typeof createSession>[0]): Session => {
    const session = createSession(options);
    return new Proxy(session, {
      get: (target, name) => (name === 'connect' ? () => connect(target) : (Reflect.get(target, name) as unknown)),
    });
  };

describe('P20 sees', () => {
  test('a connect() that stays pending', async () => {
    const forgetful = withConnect((session) => {
      session.connect().catch(() => undefined);
      return new Promise<never>(() => undefined);
    });
    expect(await sessionLife(row('signaling', '0 disconnect'), forgetful)).toMatchObject({
      pendingConnect: 'connect() is pending, expected rejected',
    });
  });

  test('a connect() that rejects with something else', async () => {
    const vague = withConnect((session) =>
      session.connect().then(
        () => Promise.reject(new Error('connected')),
        () => Promise.reject(new Error('no idea')),
      ),
    );
    expect(await sessionLife(row('signaling', '0 disconnect'), vague)).toMatchObject({
      pendingConnect: 'connect() rejects with something else than the termination',
    });
  });
});

test('P20 sees a connect() that resolves after the end of a session that was connected (Q88)', async () => {
  const again = row('idle', '0 connect', '0 ws.open', '0 rx.offer', '0 pc connected', '1 pc failed', '2 connect');
  expect(await sessionLife(again)).toMatchObject({ pendingConnect: null });

  let first: Promise<unknown> | null = null;
  const oldAnswer = withConnect((session) => (first ??= session.connect()) as Promise<never>);
  expect(await sessionLife(again, oldAnswer)).toMatchObject({ pendingConnect: 'connect() is resolved, expected rejected' });
});

test('P21 sees an observer that alters the run', () => {
  const seen = row('connected', '0 rx.switched F');
  const given = { row: seen, observation: sessionRun(seen), run: sessionRun };
  const meddling = (session: Session): void => {
    session.switched$.subscribe(() => void session.disconnect());
  };

  expect(unchangedBy(given, 'meddle', meddling)).toMatch(/^with observers that meddle: .*client-disconnect/u);
  expect(unchangedBy(given, 'look', () => undefined)).toBeNull();
});

describe('P22: a native call really throws', () => {
  const story = (broken: readonly Native[], seen: ScenarioRow): object => {
    const { termination, sent, errors } = scenario(seen, withThrowing(broken, seen.start));
    return { termination, sent, errors };
  };
  // One row for each call in which it makes a difference.
  const telling: Readonly<Record<Native, ScenarioRow>> = {
    'socket.send': row('connected', '0 disconnect'),
    'socket.close': row('connected', '0 pc failed'),
    'socket.readyState': row('connected', '0 disconnect'),
    'channel.send': row('switched', '0 disconnect'),
    'channel.close': row('switched', '0 pc failed'),
    'channel.readyState': row('switched', '0 disconnect'),
    'peerConnection.close': row('connected', '0 ws.close 1006'),
    'peerConnection.connectionState': row('connected', '0 pc~ failed', '1 rx.unknown'),
    'peerConnection.iceConnectionState': { ...row('connected', '0 ice failed'), options: { csDefined: false } },
  };

  test.each(natives)('%s', (native) => {
    expect(story([native], telling[native])).not.toEqual(story([], telling[native]));
  });
});
