import { utf8Bytes } from '../transports/bytes.ts';
import { CallScript } from './call-script.ts';
import { domError } from './dom-error.ts';
import { FakeEventTarget, type FakeListener } from './fake-event-target.ts';
import { frameData, wireData } from './fake-web-socket.ts';
import { fakeWorld, type FakeWorld } from './fake-world.ts';

/** The methods and getters of a DataChannel that can be scripted. */
export type FakeDataChannelMethod = 'send' | 'close' | 'readyState' | 'bufferedAmount';

/** What the far end decided about a channel when it made it. */
export interface FakeDataChannelInit {
  readonly ordered?: boolean;
  readonly protocol?: string;
  readonly maxPacketLifeTime?: number | null;
  readonly maxRetransmits?: number | null;
  /** The largest message the association takes. */
  readonly maxMessageSize?: number;
  /** Whether sent bytes stay in the buffer until `remote.drain()` is called. By default they leave at once. */
  readonly holdsBuffer?: boolean;
}

type State = 'connecting' | 'open' | 'closing' | 'closed';

const TYPES = ['open', 'message', 'bufferedamountlow', 'error', 'closing', 'close'];

/**
 * An RTCDataChannel whose far end is played by a test through {@link FakeDataChannel.remote}.
 *
 * Strict as a browser: `send` throws unless the channel is open, or when the message is too large; an error is followed by the close event,
 * which is fired once; no message after it.
 *
 * @source W3C WebRTC 6.2
 */
export class FakeDataChannel extends FakeEventTarget {
  readonly label: string;
  readonly id: number;
  readonly negotiated: boolean = false;
  readonly ordered: boolean;
  readonly protocol: string;
  readonly maxPacketLifeTime: number | null;
  readonly maxRetransmits: number | null;
  binaryType = 'arraybuffer';
  bufferedAmountLowThreshold = 0;
  onopen: FakeListener | null = null;
  onmessage: FakeListener | null = null;
  onbufferedamountlow: FakeListener | null = null;
  onerror: FakeListener | null = null;
  onclosing: FakeListener | null = null;
  onclose: FakeListener | null = null;
  /** How its methods behave next. */
  readonly script: CallScript<FakeDataChannelMethod>;
  /** Every call of `close()`: when, and the state that the call found. */
  readonly closeCalls: { readonly at: number; readonly readyState: string }[] = [];
  /** Whether the close event has been fired. */
  closeFired = false;
  /** Whether an error event has been fired: the far end has reset the stream. */
  errorFired = false;
  /** What the far end and the network do. */
  readonly remote: FakeDataChannelRemote;
  readonly #init: FakeDataChannelInit;
  #state: State = 'connecting';
  #bufferedAmount = 0;

  constructor(
    label: string,
    init: FakeDataChannelInit = {},
    world: FakeWorld = fakeWorld(),
    id = 0,
    sortScript: CallScript<FakeDataChannelMethod> | null = null,
  ) {
    super(world, 'datachannel', label, TYPES);
    this.script = new CallScript(world.unheard, sortScript);
    this.label = label;
    this.id = id;
    this.ordered = init.ordered ?? true;
    this.protocol = init.protocol ?? '';
    this.maxPacketLifeTime = init.maxPacketLifeTime ?? null;
    this.maxRetransmits = init.maxRetransmits ?? null;
    this.#init = init;
    this.remote = new FakeDataChannelRemote(this, (state) => {
      this.#state = state;
    });
    this.note('new');
  }

  get readyState(): State {
    return this.script.call('readyState', () => this.#state);
  }

  /** The state without a script in between. */
  get state(): State {
    return this.#state;
  }

  get bufferedAmount(): number {
    return this.script.call('bufferedAmount', () => this.#bufferedAmount);
  }

  send(data: string | ArrayBufferLike | ArrayBufferView): void {
    this.script.call('send', () => {
      if (this.#state !== 'open') throw domError('InvalidStateError', `the channel is ${this.#state}`);
      const frame = { at: this.world.now(), via: 'datachannel', label: this.label, data: frameData(data), delivered: true } as const;
      const bytes = typeof frame.data === 'string' ? utf8Bytes(frame.data).length : frame.data.length;
      if (bytes > (this.#init.maxMessageSize ?? 262_144)) throw new TypeError('the message is larger than the association takes');
      if (this.#init.holdsBuffer) this.#bufferedAmount += bytes;
      this.world.sent.push(frame);
      this.note('send', frame);
    });
  }

  close(): void {
    this.closeCalls.push({ at: this.world.now(), readyState: this.#state });
    this.note('close', { readyState: this.#state });
    this.script.call('close', () => {
      if (this.#state === 'connecting' || this.#state === 'open') this.#state = 'closing';
    });
  }

  /** Bytes leave the buffer. */
  drain(bytes: number): void {
    const before = this.#bufferedAmount;
    this.#bufferedAmount = Math.max(0, before - bytes);
    if (before > this.bufferedAmountLowThreshold && this.#bufferedAmount <= this.bufferedAmountLowThreshold) this.fire('bufferedamountlow');
  }
}

/** The other side of a {@link FakeDataChannel}. */
export class FakeDataChannelRemote {
  readonly #channel: FakeDataChannel;
  readonly #become: (state: State) => void;

  constructor(channel: FakeDataChannel, become: (state: State) => void) {
    this.#channel = channel;
    this.#become = become;
  }

  /** The channel is open; the event is fired unless `quietly`, as a browser does between the `datachannel` and the `open` event. */
  open(quietly = false): void {
    if (this.#channel.state === 'closing' || this.#channel.state === 'closed') return;
    this.#become('open');
    if (!quietly) this.#channel.fire('open');
  }

  /** A message arrives; an object that is no binary data is written as JSON. Possible until the channel is closed. */
  message(data: string | ArrayBufferLike | ArrayBufferView | object): void {
    if (this.#channel.state === 'connecting' || this.#channel.state === 'closed') return;
    this.#channel.fire('message', { data: wireData(data) });
  }

  /** The far end has begun to close; `readyState` changes, and the event is fired where asked for, which not every runtime does. */
  closing(withEvent = false): void {
    if (this.#channel.state === 'closing' || this.#channel.state === 'closed') return;
    this.#become('closing');
    if (withEvent) this.#channel.fire('closing');
  }

  /** The error event, with `readyState` closed already. The close event has to follow. */
  error(fields: { readonly errorDetail?: string; readonly sctpCauseCode?: number | null; readonly message?: string } = {}): void {
    if (this.#channel.closeFired || this.#channel.errorFired) return;
    this.#channel.errorFired = true;
    this.#become('closed');
    const { errorDetail = 'sctp-failure', sctpCauseCode = 12, message = 'User-Initiated Abort' } = fields;
    this.#channel.fire('error', { error: { name: 'OperationError', message, errorDetail, sctpCauseCode } });
  }

  /** The one close event. */
  close(): void {
    if (this.#channel.closeFired) return;
    this.#channel.closeFired = true;
    this.#become('closed');
    this.#channel.fire('close');
  }

  /** Error and close, as an SCTP abort gives them. */
  fail(fields: { readonly errorDetail?: string; readonly sctpCauseCode?: number | null; readonly message?: string } = {}): void {
    this.error(fields);
    this.close();
  }

  /** Bytes that the channel holds back leave the buffer; all of them by default. */
  drain(bytes: number = Number.MAX_SAFE_INTEGER): void {
    this.#channel.drain(bytes);
  }

  /** The peer connection was closed on this side: the state changes, no event is fired. @source W3C WebRTC 4.4.1.7, close() */
  gone(): void {
    this.#become('closed');
  }
}
