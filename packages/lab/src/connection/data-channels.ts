import { AsyncSubject, EMPTY, forkJoin, map, merge, Subject, Subscription, timer, type Observable } from 'rxjs';
import type { AgreedChannel } from '../agreement.ts';
import type { RtcDataChannel, RtcPeer } from '../rtc/endpoint.ts';
import { observe } from '../observe.ts';
import type { JsonObject } from '../wire/json.ts';
import { decodeFrame, encodeJson, encodeMessage, type Frame, type FrameFault } from '../wire/payload-codec.ts';

/** What a client sent on a DataChannel: its payload, or why it could not be decoded. */
export interface ChannelMessage {
  readonly channel: AgreedChannel;
  readonly wireBytes: number;
  readonly payload: Uint8Array | undefined;
  readonly fault?: FrameFault;
}

/** What became of a message: its size on the wire, or why it could not be sent. */
export type SendOutcome =
  | { readonly ok: true; readonly bytes: number }
  /** `not-open`: the channel does not exist or is closing. `buffer-full`: the client does not read. `too-large`: more than the client accepts. */
  | { readonly ok: false; readonly why: 'not-open' | 'buffer-full' | 'too-large' };

/** A client that does not read: beyond this amount in one channel's buffer further messages are dropped. */
const MAX_BUFFERED_BYTES = 256 * 1024 * 1024;

const sizeOf = (frame: Frame): number => (typeof frame === 'string' ? Buffer.byteLength(frame) : frame.byteLength);

export interface ChannelLimits {
  readonly maxMessageBytes: number;
  readonly maxInflatedBytes: number;
}

/** The DataChannels of one connection, by label: opens them, encodes and decodes their messages, and keeps track of which are open. */
export class DataChannels {
  readonly #peer: RtcPeer;
  readonly #agreed: ReadonlyMap<string, AgreedChannel>;
  readonly #limits: ChannelLimits;
  /** Channels that were created and are not closed. */
  readonly #channels = new Map<string, RtcDataChannel>();
  readonly #messageSubject = new Subject<ChannelMessage>();
  readonly #closedSubject = new Subject<string>();
  readonly #failedSubject = new Subject<{ readonly label: string; readonly error: Error }>();
  readonly #subscription = new Subscription();
  #slowMs = 0;

  /** Hot. */
  readonly message$: Observable<ChannelMessage> = this.#messageSubject.asObservable();
  /** Labels as they close, whoever closed them. Hot. */
  readonly closed$: Observable<string> = this.#closedSubject.asObservable();
  /** Labels that failed. Hot. */
  readonly failed$: Observable<{ readonly label: string; readonly error: Error }> = this.#failedSubject.asObservable();

  constructor(peer: RtcPeer, agreed: readonly AgreedChannel[], limits: ChannelLimits) {
    this.#peer = peer;
    this.#agreed = new Map(agreed.map((channel) => [channel.label, channel]));
    this.#limits = limits;
  }

  /** Opens every agreed channel but those named. Emits once when the client has acknowledged all of them. */
  openAll(except: readonly string[]): Observable<void> {
    const openedSubject = new AsyncSubject<void>();
    const channels = [...this.#agreed.values()]
      .filter((channel) => !except.includes(channel.label))
      .map((channel) => this.#openOne(channel));
    const all$ = channels.length === 0 ? EMPTY : forkJoin(channels.map((channel) => channel.open$.pipe(map(() => channel.label))));
    this.#subscription.add(
      observe(all$, () => {
        openedSubject.next();
        openedSubject.complete();
      }),
    );
    return openedSubject.asObservable();
  }

  /** Opens a label again, or one that was never agreed (faults). */
  openExtra(label: string): void {
    if (this.#peer.state !== 'closed') this.#openOne(this.#agreed.get(label) ?? unannounced(label));
  }

  agreed(label: string): AgreedChannel | undefined {
    return this.#agreed.get(label);
  }

  get labels(): readonly string[] {
    return [...this.#channels.keys()];
  }

  /** Sends a JSON message. */
  sendJson(label: string, message: JsonObject | readonly unknown[]): SendOutcome {
    const agreed = this.#agreed.get(label);
    return agreed === undefined ? NOT_OPEN : this.sendFrame(label, encodeJson(JSON.stringify(message), agreed.compress));
  }

  /** Sends a user message of another client. */
  sendMessage(label: string, payload: Uint8Array, senderConnectionId: string): SendOutcome {
    const agreed = this.#agreed.get(label);
    return agreed === undefined ? NOT_OPEN : this.sendFrame(label, encodeMessage(payload, senderConnectionId, agreed));
  }

  /**
   * Sends a frame as it is. A channel that the client has not acknowledged yet is no obstacle: the frame follows the open message in order
   * (RFC 8832 section 6).
   */
  sendFrame(label: string, frame: Frame): SendOutcome {
    const channel = this.#channels.get(label);
    if (channel === undefined || (channel.readyState !== 'open' && channel.readyState !== 'connecting')) return NOT_OPEN;
    if (channel.bufferedAmount > MAX_BUFFERED_BYTES) return { ok: false, why: 'buffer-full' };
    try {
      channel.send(frame);
      return { ok: true, bytes: sizeOf(frame) };
    } catch {
      return { ok: false, why: 'too-large' };
    }
  }

  /** Closes the channels named, or all; one after the other after {@link slowClose}. */
  close(labels: readonly string[] = this.labels): void {
    const channels = labels.map((label) => this.#channels.get(label)).filter((channel) => channel !== undefined);
    channels.forEach((channel, index) => {
      if (this.#slowMs === 0) channel.close();
      else this.#subscription.add(observe(timer(this.#slowMs * (index + 1)), () => channel.close()));
    });
  }

  slowClose(ms: number): void {
    this.#slowMs = ms;
  }

  /** Drops every channel; what the client still sends is ignored. */
  dispose(): void {
    this.#subscription.unsubscribe();
    this.#messageSubject.complete();
    this.#closedSubject.complete();
    this.#failedSubject.complete();
    this.#channels.clear();
  }

  #openOne(agreed: AgreedChannel): RtcDataChannel {
    const { label, ordered, maxRetransmits, maxPacketLifeTime, protocol } = agreed;
    const channel = this.#peer.createDataChannel(label, {
      ordered,
      protocol,
      ...(maxRetransmits === undefined ? {} : { maxRetransmits }),
      ...(maxPacketLifeTime === undefined ? {} : { maxPacketLifeTime }),
    });
    this.#channels.set(label, channel);
    this.#subscription.add(
      observe(
        merge(
          channel.message$.pipe(map((frame) => () => this.#receive(agreed, frame))),
          channel.error$.pipe(map((error) => () => this.#failedSubject.next({ label, error }))),
          channel.close$.pipe(map(() => () => this.#forget(label, channel))),
        ),
        (act) => act(),
      ),
    );
    return channel;
  }

  #receive(channel: AgreedChannel, frame: Frame): void {
    const wireBytes = sizeOf(frame);
    if (wireBytes > this.#limits.maxMessageBytes) {
      this.#messageSubject.next({ channel, wireBytes, payload: undefined, fault: 'too-large' });
      return;
    }
    const decoded = decodeFrame(frame, channel.compress, this.#limits.maxInflatedBytes);
    this.#messageSubject.next(
      decoded.ok ? { channel, wireBytes, payload: decoded.bytes } : { channel, wireBytes, payload: undefined, fault: decoded.fault },
    );
  }

  #forget(label: string, channel: RtcDataChannel): void {
    // A channel of the same label that was opened later has taken its place.
    if (this.#channels.get(label) !== channel) return;
    this.#channels.delete(label);
    this.#closedSubject.next(label);
  }
}

const NOT_OPEN: SendOutcome = { ok: false, why: 'not-open' };

const unannounced = (label: string): AgreedChannel => ({
  label,
  direction: 'sendrecv',
  ordered: true,
  compress: false,
  protocol: '',
  senderHeader: false,
  builtIn: false,
});
