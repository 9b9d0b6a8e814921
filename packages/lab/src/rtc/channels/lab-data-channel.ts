import { AsyncSubject, ReplaySubject, Subject } from 'rxjs';
import type { Observable } from 'rxjs';
import type { RtcDataChannel, RtcDataChannelOptions, RtcDataChannelState } from '../data-channel.ts';
import type { OutboundMessage } from '../sctp/outbound.ts';
import { decodeMessage, encodeMessage, payload, serializeOpen } from './dcep.ts';

export interface LabDataChannelOptions extends RtcDataChannelOptions {
  readonly label: string;
  readonly id: number;
  readonly send: (message: OutboundMessage) => void;
  readonly resetStream: () => void;
  /** What the client takes, from its answer; 0 for any size. */
  readonly maxMessageBytes: () => number;
  /** Called once, before `close$` fires. */
  readonly onClosed: () => void;
}

/** One channel; the association tells it what happened through the methods that {@link RtcDataChannel} does not have. */
export class LabDataChannel implements RtcDataChannel {
  readonly label: string;
  readonly protocol: string;
  readonly ordered: boolean;
  readonly maxRetransmits: number | undefined;
  readonly maxPacketLifeTime: number | undefined;
  readonly id: number;
  readonly #options: LabDataChannelOptions;
  readonly #openSubject = new AsyncSubject<void>();
  readonly #messageSubject = new Subject<string | Uint8Array>();
  readonly #errorSubject = new ReplaySubject<Error>(1);
  readonly #closeSubject = new AsyncSubject<void>();
  readonly #drainSubject = new Subject<void>();
  readonly open$: Observable<void> = this.#openSubject.asObservable();
  readonly message$: Observable<string | Uint8Array> = this.#messageSubject.asObservable();
  readonly error$: Observable<Error> = this.#errorSubject.asObservable();
  readonly close$: Observable<void> = this.#closeSubject.asObservable();
  readonly drain$: Observable<void> = this.#drainSubject.asObservable();
  #state: RtcDataChannelState = 'connecting';
  #bufferedAmount = 0;
  #incomingReset = false;
  #outgoingReset = false;

  constructor(options: LabDataChannelOptions) {
    this.#options = options;
    this.label = options.label;
    this.protocol = options.protocol ?? '';
    this.ordered = options.ordered ?? true;
    this.maxRetransmits = options.maxRetransmits;
    this.maxPacketLifeTime = options.maxPacketLifeTime;
    this.id = options.id;
    options.send({ streamId: this.id, protocolId: payload.dcep, data: serializeOpen(options.label, options), ordered: true });
  }

  get readyState(): RtcDataChannelState {
    return this.#state;
  }

  get bufferedAmount(): number {
    return this.#bufferedAmount;
  }

  send(data: string | Uint8Array): void {
    if (this.#state === 'closing' || this.#state === 'closed') throw new Error(`DataChannel ${this.label} is ${this.#state}`);
    const message = encodeMessage(data);
    const limit = this.#options.maxMessageBytes();
    if (limit > 0 && message.data.length > limit) {
      throw new Error(`a message of ${message.data.length} bytes on DataChannel ${this.label} exceeds the client's limit of ${limit}`);
    }
    const bytes = message.data.length;
    this.#bufferedAmount += bytes;
    this.#options.send({
      ...message,
      streamId: this.id,
      // RFC 8832 section 6: until the client has acknowledged the channel it may not know that the stream is unordered.
      ordered: this.ordered || this.#state === 'connecting',
      maxRetransmits: this.maxRetransmits,
      expiresAtMs: this.maxPacketLifeTime === undefined ? undefined : performance.now() + this.maxPacketLifeTime,
      onLeft: () => {
        this.#bufferedAmount -= bytes;
        if (this.#bufferedAmount === 0) this.#drainSubject.next();
      },
    });
  }

  close(): void {
    if (this.#state === 'closing' || this.#state === 'closed') return;
    this.#state = 'closing';
    this.#options.resetStream();
  }

  /** The client acknowledged the open message. */
  acknowledged(): void {
    if (this.#state !== 'connecting') return;
    this.#state = 'open';
    this.#openSubject.next();
    this.#openSubject.complete();
  }

  /** A message came in; false when its kind is unknown. Late messages of a channel that is closing still count, as in browsers. */
  received(protocolId: number, data: Buffer): boolean {
    const message = decodeMessage(protocolId, data);
    if (message === undefined || this.#state === 'closed') return false;
    // A client that talks has seen the open message; its acknowledgement may be on a later packet when the channel is unordered.
    this.acknowledged();
    this.#messageSubject.next(message);
    return true;
  }

  /** The client closed its side; ours follows. */
  incomingReset(): void {
    this.#incomingReset = true;
    this.close();
    this.#closeIfReset();
  }

  outgoingReset(): void {
    this.#outgoingReset = true;
    this.#closeIfReset();
  }

  /** Closed at once, with an error when the association broke. */
  end(error?: Error): void {
    if (this.#state === 'closed') return;
    this.#state = 'closed';
    this.#options.onClosed();
    this.#openSubject.complete();
    this.#messageSubject.complete();
    this.#drainSubject.complete();
    if (error !== undefined) this.#errorSubject.next(error);
    this.#errorSubject.complete();
    this.#closeSubject.next();
    this.#closeSubject.complete();
  }

  #closeIfReset(): void {
    if (this.#incomingReset && this.#outgoingReset) this.end();
  }
}
