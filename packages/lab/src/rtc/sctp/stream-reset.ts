import { parameterType, parseParameters, serializeParameter } from './parameters.ts';
import { tsnAfter, tsnPlus } from './serial.ts';

/** Results of RFC 6525 section 4.4 that matter here. */
const performed = 1;
const denied = 2;
const inProgress = 6;

const fixedBytes = 12;
const maxStreamsPerRequest = 100;

export interface StreamResetOptions {
  readonly initialTsn: number;
  readonly remoteInitialTsn: number;
  /** Sends a RE-CONFIG chunk with this value. */
  readonly send: (value: Buffer) => void;
  readonly lastSentTsn: () => number;
  readonly receivedTsn: () => number;
  /** Whether data of the stream waits for its first transmission: then the stream cannot be reset yet. */
  readonly hasQueued: (streamId: number) => boolean;
  /** The other side has reset its outgoing streams. */
  readonly onIncomingReset: (streamIds: readonly number[]) => void;
  /** The other side has confirmed the reset of our outgoing streams. */
  readonly onOutgoingReset: (streamIds: readonly number[]) => void;
}

interface IncomingRequest {
  readonly sequence: number;
  readonly lastTsn: number;
  readonly streamIds: readonly number[];
}

/** Closes streams one way at a time (RFC 6525): one own request at a time, and the other side's in order. */
export class StreamReset {
  readonly #options: StreamResetOptions;
  #nextRequest: number;
  #nextExpected: number;
  #lastResult = performed;
  readonly #wanted = new Set<number>();
  #pending: { readonly sequence: number; readonly streamIds: readonly number[]; readonly value: Buffer } | undefined;
  #deferred: IncomingRequest | undefined;

  constructor(options: StreamResetOptions) {
    this.#options = options;
    this.#nextRequest = options.initialTsn;
    this.#nextExpected = options.remoteInitialTsn;
  }

  /** Whether a request waits for its answer and is to be repeated after the retransmission time-out. */
  get pending(): boolean {
    return this.#pending !== undefined;
  }

  reset(streamId: number): void {
    this.#wanted.add(streamId);
  }

  /** Sends a request when one is due: called after everything that may have emptied the queue. True when one was sent. */
  flush(): boolean {
    if (this.#pending !== undefined) return false;
    const streamIds = [...this.#wanted].filter((id) => !this.#options.hasQueued(id)).slice(0, maxStreamsPerRequest);
    if (streamIds.length === 0) return false;
    for (const id of streamIds) this.#wanted.delete(id);
    const sequence = this.#nextRequest;
    this.#nextRequest = tsnPlus(sequence, 1);
    const fixed = Buffer.alloc(fixedBytes + 2 * streamIds.length);
    fixed.writeUInt32BE(sequence, 0);
    fixed.writeUInt32BE(tsnPlus(this.#nextExpected, -1), 4);
    fixed.writeUInt32BE(this.#options.lastSentTsn(), 8);
    for (const [index, id] of streamIds.entries()) fixed.writeUInt16BE(id, fixedBytes + 2 * index);
    this.#pending = { sequence, streamIds, value: serializeParameter({ type: parameterType.outgoingReset, value: fixed }) };
    this.repeat();
    return true;
  }

  repeat(): void {
    if (this.#pending !== undefined) this.#options.send(this.#pending.value);
  }

  /** @throws RangeError when the chunk is cut off. */
  receive(value: Buffer): void {
    for (const parameter of parseParameters(value)) {
      if (parameter.type === parameterType.outgoingReset) this.#request(parameter.value);
      else if (parameter.type === parameterType.reconfigResponse) this.#response(parameter.value);
      // Resets of our streams and new streams on request (RFC 6525 sections 4.2 to 4.6): WebRTC does not use them.
      else this.#answer(parameter.value.readUInt32BE(0), denied);
    }
  }

  /** Data came in: a request that waited for it may be due. */
  received(): void {
    const request = this.#deferred;
    if (request === undefined || tsnAfter(request.lastTsn, this.#options.receivedTsn())) return;
    this.#deferred = undefined;
    this.#lastResult = performed;
    this.#answer(request.sequence, performed);
    this.#options.onIncomingReset(request.streamIds);
  }

  #request(value: Buffer): void {
    const sequence = value.readUInt32BE(0);
    if (sequence === tsnPlus(this.#nextExpected, -1)) {
      this.#answer(sequence, this.#deferred === undefined ? this.#lastResult : inProgress);
      return;
    }
    if (sequence !== this.#nextExpected || this.#deferred !== undefined) return;
    this.#nextExpected = tsnPlus(sequence, 1);
    const count = (value.length - fixedBytes) >> 1;
    this.#deferred = {
      sequence,
      lastTsn: value.readUInt32BE(8),
      streamIds: Array.from({ length: count }, (_, index) => value.readUInt16BE(fixedBytes + 2 * index)),
    };
    this.received();
  }

  #response(value: Buffer): void {
    const pending = this.#pending;
    if (pending === undefined || value.readUInt32BE(0) !== pending.sequence || value.readUInt32BE(4) === inProgress) return;
    this.#pending = undefined;
    // A refusal closes the stream here all the same: there is nothing else to try.
    this.#options.onOutgoingReset(pending.streamIds);
  }

  #answer(sequence: number, result: number): void {
    const value = Buffer.alloc(8);
    value.writeUInt32BE(sequence, 0);
    value.writeUInt32BE(result, 4);
    this.#options.send(serializeParameter({ type: parameterType.reconfigResponse, value }));
  }
}
