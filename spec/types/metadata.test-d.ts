import { expectTypeOf } from 'vitest';
import type { ConnectOptions } from '../../src/index.ts';

interface Token {
  readonly accessToken: string;
  readonly scopes?: readonly string[];
}
declare const token: Token;
declare const options: Pick<ConnectOptions, 'signalingUrl' | 'channelId' | 'role'>;

// TypeScript does not take a value of an interface type for a type with an index signature, so metadata is wider than JSON.
expectTypeOf({ ...options, metadata: token }).toExtend<ConnectOptions>();
expectTypeOf({ ...options, metadata: () => token }).toExtend<ConnectOptions>();
expectTypeOf({ ...options, metadata: () => Promise.resolve(token) }).toExtend<ConnectOptions>();
expectTypeOf({ ...options, signalingNotifyMetadata: token }).toExtend<ConnectOptions>();
expectTypeOf({ ...options, metadata: null }).toExtend<ConnectOptions>();
expectTypeOf({ ...options, metadata: () => undefined }).toExtend<ConnectOptions>();

// @ts-expect-error -- a symbol is not JSON
expectTypeOf({ ...options, metadata: Symbol('token') }).toExtend<ConnectOptions>();
// @ts-expect-error -- a bigint is not JSON
expectTypeOf({ ...options, signalingNotifyMetadata: 10n }).toExtend<ConnectOptions>();
