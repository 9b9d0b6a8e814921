import { AsyncSubject, EMPTY, forkJoin, map, merge, Subject, Subscription, timer, type Observable } from 'rxjs';
import type { AgreedChannel } from '../agreement.ts';
import type { RtcDataChannel, RtcPeer } from '../rtc/endpoint.ts';
import { observe } from '../observe.ts';
import type { JsonObject } from '../wire/json.ts';
import { decodeFrame, encodeJson, encodeMessage, type Frame, type FrameFault } from '../wire/payload-codec.ts';

/** Something a client sent on a DataChannel: its payload, or why it was not understood. */
export interface ChannelMessage {
  readonly channel: AgreedChannel;
  readonly wireBytes: number;
  readonly payload: Uint8Array | undefined;
  readonly fault?: FrameFault;
}

/** More than this waiting for one client on one channel is dropped: it does not read, and the lab's memory is not its mailbox. */
const MAX_BUFFERED_BYTES = 256 * 1024 * 1024;

const sizeOf = (frame: Frame): number => (typeof frame === 'string' ? Buffer.byteLength(frame) : frame.byteLength);

export interface ChannelLimits {
  readonly maxMessageBytes: number;
  readonly maxInflatedBytes: number;
}

/** The DataChannels of one connection, by label: opens them, speaks each one's encoding, and knows which are open. */
export class DataChannels {
  readonly #peer: RtcPeer;
  readonly #agreed: ReadonlyMap<string, AgreedChannel>;
  readonly #limits: ChannelLimits;
  readonly #open = new Map<string, RtcDataChannel>();
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
    return [...this.#open.keys()];
  }

  isOpen(label: string): boolean {
    return this.#open.get(label)?.readyState === 'open';
  }

  /** Sends a JSON message; gives its size on the wire, or undefined where the channel cannot take it. */
  sendJson(label: string, message: JsonObject | readonly unknown[]): number | undefined {
    const agreed = this.#agreed.get(label);
    return agreed === undefined ? undefined : this.sendFrame(label, encodeJson(JSON.stringify(message), agreed.compress));
  }

  /** Sends a user message of another client. */
  sendMessage(label: string, payload: Uint8Array, senderConnectionId: string): number | undefined {
    const agreed = this.#agreed.get(label);
    return agreed === undefined ? undefined : this.sendFrame(label, encodeMessage(payload, senderConnectionId, agreed));
  }

  /** Sends a frame as it is; gives its size, or undefined where the channel cannot take it. */
  sendFrame(label: string, frame: Frame): number | undefined {
    const channel = this.#open.get(label);
    if (channel === undefined || (channel.readyState !== 'open' && channel.readyState !== 'connecting')) return undefined;
    if (channel.bufferedAmount > MAX_BUFFERED_BYTES) return undefined;
    try {
      channel.send(frame);
      return sizeOf(frame);
    } catch {
      // Larger than the client allows, or closing in this very moment.
      return undefined;
    }
  }

  /** Closes channels, all where none is named, one after the other where {@link slowClose} asked for it. */
  close(labels: readonly string[] = this.labels): void {
    const channels = labels.map((label) => this.#open.get(label)).filter((channel) => channel !== undefined);
    channels.forEach((channel, index) => {
      if (this.#slowMs === 0) channel.close();
      else this.#subscription.add(observe(timer(this.#slowMs * (index + 1)), () => channel.close()));
    });
  }

  slowClose(ms: number): void {
    this.#slowMs = ms;
  }

  /** Lets go of everything; what the client still sends is not heard. */
  dispose(): void {
    this.#subscription.unsubscribe();
    this.#messageSubject.complete();
    this.#closedSubject.complete();
    this.#failedSubject.complete();
    this.#open.clear();
  }

  #openOne(agreed: AgreedChannel): RtcDataChannel {
    const { label, ordered, maxRetransmits, maxPacketLifeTime, protocol } = agreed;
    const channel = this.#peer.createDataChannel(label, {
      ordered,
      protocol,
      ...(maxRetransmits === undefined ? {} : { maxRetransmits }),
      ...(maxPacketLifeTime === undefined ? {} : { maxPacketLifeTime }),
    });
    this.#open.set(label, channel);
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
    if (this.#open.get(label) !== channel) return;
    this.#open.delete(label);
    this.#closedSubject.next(label);
  }
}

const unannounced = (label: string): AgreedChannel => ({
  label,
  direction: 'sendrecv',
  ordered: true,
  compress: false,
  protocol: '',
  senderHeader: false,
  builtIn: false,
});
