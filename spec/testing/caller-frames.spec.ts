import { config, of } from 'rxjs';
import { TestScheduler } from 'rxjs/testing';
import { configure } from 'rxjs-marbles';
import { afterEach, describe, expect, test } from 'vitest';
import { calledFrom, framesAbove, pointingAt } from '../../src/testing/caller-frames.ts';
import { createSession } from '../../src/session/create-session.ts';
import { assertMarbles, createFakePlatform, driveMarbles, FakeSora, scenario } from '../../src/testing/index.ts';

const { onUnhandledError } = config;
afterEach(() => {
  config.onUnhandledError = onUnhandledError;
});

/** The lines of the stack of what was thrown. */
function framesOf(run: () => unknown): readonly string[] {
  try {
    run();
  } catch (error) {
    return ((error as Error).stack ?? '').split('\n').filter((line) => /^\s+at /.test(line));
  }
  return [];
}

/** Deep in the helpers of somebody's specs. */
const deep = (levels: number, run: () => unknown): unknown => (levels === 0 ? run() : deep(levels - 1, run));

const own = /caller-frames\.spec\.ts/;

describe('the stack of a failure has a frame of the spec', () => {
  test('where a diagram differs: the spec comes first', () => {
    const frames = framesOf(() =>
      new TestScheduler(assertMarbles).run(({ expectObservable }) => expectObservable(of(1)).toBe('(a|)', { a: 2 })),
    );
    expect(frames[0]).toMatch(own);
  });

  test('where it differs under a marble library', () => {
    const { marbles } = configure({ assertDeepEqual: assertMarbles, frameworkMatcher: true, run: true });
    const frames = framesOf(marbles((m) => m.expect(of(1)).toBeObservable('(a|)', { a: 2 })));
    expect(frames[0]).toMatch(own);
  });

  test('the message stands above it', () => {
    const error = (() => {
      try {
        assertMarbles({ a: 1 }, { a: 2 });
      } catch (thrown) {
        return thrown as Error;
      }
      return null;
    })();
    expect(error?.stack).toMatch(/^Error: \n✗ a is 1, 2 was expected\n\n\s+at .*caller-frames\.spec\.ts/);
  });

  test('where something cannot happen in virtual time, however deep', () => {
    // As without the hook of these specs: RxJS throws it out of the flush.
    config.onUnhandledError = null;
    const frames = framesOf(() =>
      new TestScheduler(assertMarbles).run((helpers) => {
        const fake = createFakePlatform();
        const sora = new FakeSora(fake, { mode: 'W' });
        const session = createSession({
          signalingUrl: 'wss://sora.test/signaling',
          channelId: 'room',
          role: 'recvonly',
          platform: fake.platform,
        });
        session.connect().catch(() => undefined);
        sora.reach('connected');
        deep(30, () => driveMarbles(helpers, sora, { dataChannel: { '#chat': '10ms c' } }));
      }),
    );
    expect(frames.some((frame) => own.test(frame))).toBe(true);
  });

  test('where a scenario cannot be', () => {
    const frames = framesOf(() => scenario({ mode: 'W', start: 'connected', timeline: ['0 dc.close #chat'] }));
    expect(frames.some((frame) => own.test(frame))).toBe(true);
  });
});

describe('frames', () => {
  test('of a runtime that does not tell them are none', () => {
    const before = Object.getOwnPropertyDescriptor(Error, 'captureStackTrace');
    try {
      Object.assign(Error, { captureStackTrace: undefined });
      expect(framesAbove(framesOf)).toEqual([]);
    } finally {
      if (before !== undefined) Object.defineProperty(Error, 'captureStackTrace', before);
    }
    const error = new Error('as it was');
    const { stack } = error;
    expect(pointingAt(error, []).stack).toBe(stack);
    expect((calledFrom(error, []) as Error).stack).toBe(stack);
  });

  test('are not added twice, nor to what is no error', () => {
    const error = new Error('once');
    error.stack = 'Error: once\n    at a';
    calledFrom(error, ['    at spec']);
    calledFrom(error, ['    at spec']);
    expect(error.stack).toBe('Error: once\n    at a\n    at spec');
    expect(calledFrom('text', ['    at spec'])).toBe('text');
  });

  test('leave the limit of the runtime as it was', () => {
    const { stackTraceLimit } = Error;
    framesAbove(framesOf);
    expect(Error.stackTraceLimit).toBe(stackTraceLimit);
  });
});
