import { EMPTY, NEVER, Observable, Subject, defer, throwError } from 'rxjs';
import { describe, expect, test } from 'vitest';
import type { CheckedRpcResponse, RpcRequest } from '../../src/wire/rpc.ts';
import { type RpcCall, SoraRpcError, rpcCall } from '../../src/rpc/rpc-error.ts';
import type { Termination } from '../../src/termination/reason.ts';
import { runInVirtualTime } from '../../src/testing/virtual-time.ts';

const call: RpcCall = { method: 'm', params: { rid: 'r0' }, id: 7, timeoutMs: 1000, notification: false };

interface Rig {
  readonly told: unknown[];
  readonly sent: RpcRequest[];
  readonly answer: (response: CheckedRpcResponse) => void;
  readonly isListening: () => boolean;
}

/** Starts a call; what it tells is written down, an error as it is. */
function begin(changes: Partial<RpcCall> = {}, sending$: Observable<never> = EMPTY): Rig {
  const responses = new Subject<CheckedRpcResponse>();
  const told: unknown[] = [];
  const sent: RpcRequest[] = [];
  const send = (request: RpcRequest): Observable<never> => {
    sent.push(request);
    return sending$;
  };
  rpcCall({ ...call, ...changes }, responses, send).subscribe({
    next: (value) => told.push(value),
    error: (error: unknown) => told.push(error),
    complete: () => told.push('|'),
  });
  return {
    told,
    sent,
    answer: (response) => {
      responses.next(response);
    },
    isListening: () => responses.observed,
  };
}

describe('a call', () => {
  test('goes out with its id, and without parameters where it has none', () => {
    expect(begin().sent).toEqual([{ jsonrpc: '2.0', id: 7, method: 'm', params: { rid: 'r0' } }]);
    expect(begin({ params: undefined }).sent).toStrictEqual([{ jsonrpc: '2.0', id: 7, method: 'm' }]);
  });

  test('is answered by the result with its id, once; other answers are not for it', () => {
    const { told, answer, isListening } = begin();
    answer({ kind: 'result', id: 8, result: 'other' });
    answer({ kind: 'result', id: '7', result: 'other' });
    answer({ kind: 'error', id: 8, error: { code: 1, message: 'other' } });
    answer({ kind: 'invalid', what: 'parse', detail: 'not JSON' });
    expect(told).toEqual([]);
    answer({ kind: 'result', id: 7, result: null });
    expect(told).toEqual([null, '|']);
    expect(isListening()).toBe(false);
  });

  test('an answer that comes while the request is being handed over is not missed', () => {
    const responses = new Subject<CheckedRpcResponse>();
    const told: unknown[] = [];
    const send = (): Observable<never> =>
      defer(() => {
        responses.next({ kind: 'result', id: 7, result: 1 });
        return NEVER;
      });
    rpcCall(call, responses, send).subscribe((value) => told.push(value));
    expect(told).toEqual([1]);
  });

  test('nothing goes out before it is subscribed', () => {
    const sent: unknown[] = [];
    rpcCall(call, NEVER, (request) => {
      sent.push(request);
      return EMPTY;
    });
    expect(sent).toEqual([]);
  });

  test('that the server refuses fails with what the server says', () => {
    const { told, answer } = begin();
    answer({ kind: 'error', id: 7, error: { code: -32_601, message: 'Method not found', data: { hint: 1 } } });
    expect(told).toHaveLength(1);
    expect(told[0]).toBeInstanceOf(SoraRpcError);
    expect(told[0]).toMatchObject({ name: 'SoraRpcError', method: 'm', code: -32_601, message: 'Method not found', data: { hint: 1 } });
  });

  test('that cannot be sent fails with the reason', () => {
    const error = new Error('no');
    expect(
      begin(
        {},
        throwError(() => error),
      ).told,
    ).toEqual([error]);
  });

  test('that is not answered in time fails, and an answer after that comes too late', () => {
    const toldAt: [number, unknown][] = [];
    runInVirtualTime(
      [],
      5000,
      (time) => {
        rpcCall(call, NEVER, () => EMPTY).subscribe({ error: (error: unknown) => toldAt.push([time.nowMs, error]) });
      },
      () => undefined,
    );
    expect(toldAt).toHaveLength(1);
    expect(toldAt[0]).toMatchObject([1000, { code: 'timeout', method: 'm', message: 'm was not answered within 1000 ms' }]);
  });
});

describe('a notification', () => {
  test('goes out without an id and is over once it is sent', () => {
    const { told, sent, isListening } = begin({ notification: true });
    expect(sent).toStrictEqual([{ jsonrpc: '2.0', method: 'm', params: { rid: 'r0' } }]);
    expect(told).toEqual([undefined, '|']);
    expect(isListening()).toBe(false);
  });

  test('is not over before that', () => {
    expect(begin({ notification: true }, NEVER).told).toEqual([]);
  });

  test('that cannot be sent in time fails', () => {
    const told: unknown[] = [];
    runInVirtualTime(
      [],
      1000,
      () => {
        rpcCall({ ...call, notification: true }, NEVER, () => NEVER).subscribe({ error: (error: unknown) => told.push(error) });
      },
      () => undefined,
    );
    expect(told).toMatchObject([{ code: 'timeout', message: 'm was not sent within 1000 ms' }]);
  });
});

describe('a request that has not gone out', () => {
  test.each([
    ['a call', false],
    ['a notification', true],
  ])('is given up with %s that times out', (_, notification) => {
    let unsent = 0;
    const sending$ = new Observable<never>(() => () => (unsent += 1));
    runInVirtualTime(
      [],
      1000,
      () => {
        rpcCall({ ...call, notification }, NEVER, () => sending$).subscribe({ error: () => undefined });
        expect(unsent).toBe(0);
      },
      () => undefined,
    );
    expect(unsent).toBe(1);
  });
});

test('a call that ended with the session says why the session ended', () => {
  const termination = { kind: 'ice-failed' } as unknown as Termination;
  expect(new SoraRpcError('m', 'ended', 'the session has ended', { termination })).toMatchObject({ code: 'ended', termination });
  const bare = new SoraRpcError('m', 'timeout', 'late');
  expect([bare.data, bare.termination]).toEqual([undefined, undefined]);
});
