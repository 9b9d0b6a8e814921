import type { SrtpKeyMaterial } from '../srtp/key-material.ts';
import { DtlsFailure, alert, alertFragment } from './alert.ts';
import { createHandshakeAssembler } from './handshake-assembler.ts';
import { fragmentHandshake, parseFragments } from './handshake-message.ts';
import { contentType, parseRecords, serializeRecord } from './record.ts';
import type { DtlsRecord } from './record.ts';
import { ServerHandshake } from './server-handshake.ts';
import type { Flight, ServerHandshakeOptions } from './server-handshake.ts';

export interface DtlsServerOptions extends ServerHandshakeOptions {
  readonly send: (datagram: Buffer) => void;
  readonly onConnected: (srtpKeys: SrtpKeyMaterial | undefined) => void;
  readonly onData: (data: Buffer) => void;
  /** The client sent close_notify (no error), or the handshake failed. */
  readonly onClosed: (error: Error | undefined) => void;
}

/** Datagrams stay below what every path carries. */
const maxDatagramBytes = 1200;
const maxFragmentBytes = 1000;
const firstRetransmissionMs = 250;
const maxRetransmissions = 6;
/** A timer that is later than this has been held up by this very process, and the answer of a client with it. */
const maxLateMs = 50;
/** A repetition that comes sooner after the flight has crossed it; if the flight was lost, there will be another. */
const minRepetitionMs = 100;
/** Encrypted records that may come before the key exchange that opens them. */
const maxEarlyRecords = 4;
/** The whole of a ChangeCipherSpec (RFC 5246 section 7.1). */
const changeCipherSpec = Buffer.from([1]);

interface Outgoing {
  readonly type: number;
  readonly epoch: number;
  readonly fragment: Buffer;
}

/** A DTLS 1.2 server for one peer, above an unreliable datagram transport. */
export class DtlsServer {
  readonly #options: DtlsServerOptions;
  readonly #handshake: ServerHandshake;
  readonly #assembler = createHandshakeAssembler();
  readonly #nextSequence: [number, number] = [0, 0];
  #early: DtlsRecord[] = [];
  #flight: readonly Outgoing[] = [];
  #timer: ReturnType<typeof setTimeout> | undefined;
  #transmittedAt = 0;
  #closed = false;

  constructor(options: DtlsServerOptions) {
    this.#options = options;
    this.#handshake = new ServerHandshake(options);
  }

  get connected(): boolean {
    return this.#handshake.done && !this.#closed;
  }

  /** False when the datagram, or a part of it, could not be used. Never throws. */
  receive(datagram: Buffer): boolean {
    if (this.#closed) return false;
    const records = parseRecords(datagram);
    let used = records.length > 0;
    for (const record of records) {
      try {
        if (!this.#record(record)) used = false;
      } catch (error) {
        used = false;
        // RangeError and TypeError come from fields that point beyond the data or from impossible keys: dropped like any other noise.
        if (error instanceof DtlsFailure) this.#fail(error);
      }
    }
    return used;
  }

  /** Encrypts and sends application data; dropped while not connected. */
  send(data: Buffer): void {
    if (this.connected) this.#sendRecord({ type: contentType.applicationData, epoch: 1, fragment: data });
  }

  /** Idempotent; no callback is called any more. */
  close(notify: boolean): void {
    if (this.#closed) return;
    if (notify && this.#handshake.done) this.#sendAlert(alert.closeNotify);
    this.#closed = true;
    this.#stopTimer();
    this.#early = [];
  }

  #record(record: DtlsRecord): boolean {
    if (record.epoch === 0) {
      if (record.type === contentType.handshake) return this.#handshakeRecord(record.fragment);
      // A client that repeats its last flight repeats this in the clear; nothing else is expected there once connected.
      return !this.connected || (record.type === contentType.changeCipherSpec && record.fragment.equals(changeCipherSpec));
    }
    const keys = this.#handshake.keys;
    if (record.epoch !== 1) return false;
    if (keys === undefined) {
      if (this.#early.length < maxEarlyRecords) this.#early.push(record);
      return true;
    }
    // No replay window: SCTP and the handshake drop duplicates themselves, and some clients (werift) give the Finished message a sequence
    // number that one of their later records has again.
    const fragment = keys.incoming.open(record);
    if (fragment === undefined) return false;
    switch (record.type) {
      case contentType.handshake:
        return this.#handshakeRecord(fragment);
      case contentType.applicationData:
        if (!this.#handshake.done) return false;
        this.#options.onData(fragment);
        return true;
      case contentType.alert:
        this.#alert(fragment);
        return true;
      default:
        return false;
    }
  }

  #handshakeRecord(bytes: Buffer): boolean {
    const fragments = parseFragments(bytes);
    if (fragments.some((fragment) => this.#assembler.isRepeated(fragment)) && performance.now() - this.#transmittedAt >= minRepetitionMs) {
      this.#transmit();
    }
    // There is no renegotiation: whoever sends new messages now, in the clear perhaps, must not disturb the session.
    if (this.#handshake.done) return fragments.length > 0;
    for (const fragment of fragments) {
      for (const message of this.#assembler.push(fragment)) {
        const flight = this.#handshake.handle(message);
        if (flight !== undefined) this.#startFlight(flight);
      }
    }
    // Not before: a Finished that came early must not overtake messages that one late fragment has set free together.
    this.#openEarly();
    return fragments.length > 0;
  }

  #openEarly(): void {
    if (this.#handshake.keys === undefined) return;
    const early = this.#early;
    this.#early = [];
    for (const record of early) this.#record(record);
  }

  #alert(fragment: Buffer): void {
    const [level, description] = fragment;
    if (description !== alert.closeNotify && level !== 2) return;
    this.close(false);
    this.#options.onClosed(
      description === alert.closeNotify ? undefined : new Error(`the client sent the DTLS alert ${description ?? 'unknown'}`),
    );
  }

  #startFlight({ messages, last }: Flight): void {
    const epoch = last ? 1 : 0;
    const pieces = messages.flatMap((message) => fragmentHandshake(message, maxFragmentBytes));
    this.#flight = [
      ...(last ? [{ type: contentType.changeCipherSpec, epoch: 0, fragment: changeCipherSpec }] : []),
      ...pieces.map((fragment) => ({ type: contentType.handshake, epoch, fragment })),
    ];
    this.#stopTimer();
    // First the timer, then what may stop it.
    if (!last) this.#armTimer(firstRetransmissionMs, maxRetransmissions);
    this.#transmit();
    if (last) this.#options.onConnected(this.#handshake.srtpKeys);
  }

  /** The flight as it stands, in as few datagrams as it fits. A repeated message gets a new record number. */
  #transmit(): void {
    this.#transmittedAt = performance.now();
    let waiting: Buffer[] = [];
    let bytes = 0;
    const flush = (): void => {
      if (bytes > 0) this.#options.send(Buffer.concat(waiting));
      waiting = [];
      bytes = 0;
    };
    for (const outgoing of this.#flight) {
      const record = this.#seal(outgoing);
      if (bytes + record.length > maxDatagramBytes) flush();
      waiting.push(record);
      bytes += record.length;
    }
    flush();
  }

  #armTimer(afterMs: number, left: number): void {
    const due = performance.now() + afterMs;
    this.#timer = setTimeout(() => {
      if (performance.now() - due > maxLateMs) {
        this.#armTimer(afterMs, left);
        return;
      }
      if (left === 0) {
        this.#fail(new DtlsFailure(alert.handshakeFailure, 'the client does not answer the DTLS handshake'));
        return;
      }
      this.#transmit();
      this.#armTimer(afterMs * 2, left - 1);
    }, afterMs);
  }

  #stopTimer(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
  }

  #fail(failure: DtlsFailure): void {
    if (this.#closed) return;
    this.#sendAlert(failure.description);
    this.close(false);
    this.#options.onClosed(failure);
  }

  #sendAlert(description: number): void {
    this.#sendRecord({ type: contentType.alert, epoch: this.#handshake.done ? 1 : 0, fragment: alertFragment(description) });
  }

  #sendRecord(outgoing: Outgoing): void {
    this.#options.send(this.#seal(outgoing));
  }

  #seal({ type, epoch, fragment }: Outgoing): Buffer {
    const index = epoch === 0 ? 0 : 1;
    const record = { type, epoch, sequence: this.#nextSequence[index]++, fragment };
    const keys = this.#handshake.keys;
    return serializeRecord(epoch === 0 || keys === undefined ? record : { ...record, fragment: keys.outgoing.seal(record) });
  }
}
