import type { Termination } from 'rx-sora';
import type { Mode } from '../e2e/support/modes.ts';

/** The name of every client at its lab; each has a lab of its own. */
export const CLIENT_ID = 'subject';

/** The call of the rows with a call. */
export const METHOD = '2025.2.0/PutSignalingNotifyMetadataItem';
export const PARAMS = { key: 'mood', value: 'good' } as const;

/** What a client told about its end. Plain data. */
export interface Told {
  /** One line per emission: what an application is told. */
  readonly lines: readonly string[];
  /** Unix milliseconds of the first one. */
  readonly at: number | null;
  /** Every value of `termination$`; empty for the official SDK. */
  readonly terminations: readonly Termination[];
  /** What was still open, or listened to, in the moment of the emission; not looked for at the official SDK. */
  readonly left: readonly string[];
}

/** One session of one SDK, wherever it runs. What it is waited for may never happen. */
export interface Subject {
  /** Whether it came up. */
  connect(): Promise<boolean>;
  switched(): Promise<unknown>;
  /** The first `push` has arrived. */
  pushed(): Promise<unknown>;
  disconnect(): Promise<unknown>;
  /** What came of a call of a method of the server. */
  rpc(): Promise<string>;
  /** The application has been told of an end. */
  ended(): Promise<unknown>;
  told(): Promise<Told>;
  /** Takes away what its runtime may still hold of it. What it was asked and has not answered stays unanswered. */
  close(): Promise<void>;
}

export interface OpenRequest {
  readonly url: string;
  readonly mode: Mode;
  /** The limit of the connection attempt; null leaves the SDK's own. */
  readonly connectionMs: number | null;
}

/** Makes the subjects of one SDK in one runtime. */
export interface Client {
  readonly name: string;
  /** How long after an end it is watched for another one; milliseconds. */
  readonly secondThoughtsMs: number;
  open(request: OpenRequest): Promise<Subject>;
}
