import type { Agreement } from '../agreement.ts';
import { sourceKey, type MediaSource } from '../channel/media-source.ts';
import type { RtcForwarding, RtcPeer, RtcReceiver, RtcSender, SimulcastLayer } from '../rtc/endpoint.ts';
import { withoutUndefined } from '../wire/json.ts';
import type { MediaKind, RequestedRid } from '../wire/words.ts';
import { opusCodec, videoCodec } from './codecs.ts';

/** One source that is forwarded to a connection. */
export interface Forwarded {
  readonly source: MediaSource;
  readonly sender: RtcSender;
  readonly forwarding: RtcForwarding;
}

const layersOf = (agreement: Agreement): readonly SimulcastLayer[] =>
  agreement.encodings.map((encoding, index) => ({
    rid: typeof encoding['rid'] === 'string' ? encoding['rid'] : `r${index}`,
    active: encoding['active'] !== false,
  }));

/** The media of one connection: what it sends, and what is forwarded to it. */
export class ConnectionMedia {
  readonly #agreement: Agreement;
  readonly #peer: RtcPeer;
  readonly #receivers = new Map<MediaKind, RtcReceiver>();
  readonly #forwarded = new Map<string, Forwarded>();

  /** Creates the sections for what the client sends; they are in the first offer. */
  constructor(peer: RtcPeer, agreement: Agreement) {
    this.#peer = peer;
    this.#agreement = agreement;
    if (agreement.role !== 'recvonly') this.#addReceivers();
  }

  /** `offer.mid`: the sections on which the client sends. */
  get mid(): { readonly audio?: string; readonly video?: string } {
    return withoutUndefined({ audio: this.#receivers.get('audio')?.mid, video: this.#receivers.get('video')?.mid });
  }

  /** What the client sends according to its answer. */
  get sources(): readonly MediaSource[] {
    const { connectionId, clientId } = this.#agreement;
    return [...this.#receivers]
      .filter(([, receiver]) => receiver.sending)
      .map(([kind, receiver]) => ({ connectionId, clientId, kind, receiver }));
  }

  get forwarded(): readonly Forwarded[] {
    return [...this.#forwarded.values()];
  }

  /** Whether the client wants to receive this kind of media. */
  wants(kind: MediaKind): boolean {
    return this.#agreement.role !== 'sendonly' && this.#agreement[kind] !== false;
  }

  /** Forwards exactly these sources; returns the new ones. Sections change with the next offer. */
  forwardOnly(sources: readonly MediaSource[]): readonly Forwarded[] {
    const wanted = new Map(sources.map((source) => [sourceKey(source), source]));
    for (const [key, forwarded] of this.#forwarded) {
      if (wanted.get(key)?.receiver !== forwarded.source.receiver) this.#stop(key, forwarded);
    }
    return [...wanted].filter(([key]) => !this.#forwarded.has(key)).map(([key, source]) => this.#start(key, source));
  }

  /** Selects a layer of a source: `none` for no video, undefined for the best one. */
  selectLayer(forwarded: Forwarded, rid: RequestedRid | undefined): void {
    forwarded.forwarding.pause(rid === 'none');
    if (rid !== 'none' && forwarded.source.receiver.rids.length > 0) forwarded.forwarding.selectRid(rid ?? 'r2');
  }

  requestKeyFrame(): void {
    for (const receiver of this.#receivers.values()) if (receiver.kind === 'video') receiver.requestKeyFrame();
  }

  get receivers(): readonly RtcReceiver[] {
    return [...this.#receivers.values()];
  }

  dispose(): void {
    for (const forwarded of this.#forwarded.values()) forwarded.forwarding.stop();
    this.#forwarded.clear();
  }

  #addReceivers(): void {
    const { audio, video, simulcast } = this.#agreement;
    const suffix = this.#agreement.connectionId.slice(-6).toLowerCase();
    if (audio !== false) {
      this.#receivers.set('audio', this.#peer.addReceiver({ kind: 'audio', mid: `audio_${suffix}`, codecs: [opusCodec(audio)] }));
    }
    if (video !== false) {
      this.#receivers.set(
        'video',
        this.#peer.addReceiver({
          kind: 'video',
          mid: `video_${suffix}`,
          codecs: [videoCodec(video)],
          ...(simulcast ? { simulcast: layersOf(this.#agreement) } : {}),
          ...(video.bitRate === undefined ? {} : { maxBitrateBps: video.bitRate * 1000 }),
        }),
      );
    }
  }

  #start(key: string, source: MediaSource): Forwarded {
    const sender = this.#peer.addSender({
      kind: source.kind,
      streamId: source.connectionId,
      trackId: `${source.kind}-${source.connectionId}`,
      codec: source.receiver.codec,
    });
    const forwarded: Forwarded = { source, sender, forwarding: sender.forward(source.receiver) };
    this.#forwarded.set(key, forwarded);
    return forwarded;
  }

  #stop(key: string, forwarded: Forwarded): void {
    forwarded.forwarding.stop();
    forwarded.sender.remove();
    this.#forwarded.delete(key);
  }
}
