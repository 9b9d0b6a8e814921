import { Subscription } from 'rxjs';
import type { Agreement } from '../agreement.ts';
import type { Channel } from '../channel/channel.ts';
import { sourceKey, type MediaSource } from '../channel/media-source.ts';
import type { Member } from '../channel/member.ts';
import type { ActionFault } from '../faults/fault.ts';
import { observe } from '../observe.ts';
import type { RtcPeer, RtcReceiver } from '../rtc/endpoint.ts';
import type { JsonObject } from '../wire/json.ts';
import { networkStatus } from '../wire/notify-events.ts';
import type { MediaKind } from '../wire/words.ts';
import { ConnectionMedia } from './connection-media.ts';
import { LayerChoices } from './layer-choices.ts';
import { LayerReport } from './layer-report.ts';
import { unstableLevel } from './unstable-level.ts';

/** The media of a channel member: what it receives of the others, in which layer, and the notifications about it. */
export class MemberMedia {
  readonly layers: LayerChoices;
  readonly #agreement: Agreement;
  readonly #channel: Channel;
  readonly #notify: (message: JsonObject) => void;
  readonly #media: ConnectionMedia;
  readonly #reports = new Map<string, LayerReport>();
  readonly #listening = new Subscription();
  #level = 0;

  constructor(peer: RtcPeer, agreement: Agreement, channel: Channel, notify: (message: JsonObject) => void) {
    this.#agreement = agreement;
    this.#channel = channel;
    this.#notify = notify;
    this.layers = new LayerChoices(agreement.requestRid, agreement.spotlight);
    this.#media = new ConnectionMedia(peer, agreement);
    for (const receiver of this.#media.receivers) if (receiver.kind === 'audio') this.#listenTo(receiver);
  }

  get mid(): { readonly audio?: string; readonly video?: string } {
    return this.#media.mid;
  }

  get sources(): readonly MediaSource[] {
    return this.#media.sources;
  }

  /** Bytes of payload so far, by track. */
  get counters(): { readonly received: readonly JsonObject[]; readonly sent: readonly JsonObject[] } {
    return {
      received: this.#media.receivers.map(({ mid, kind, bytesReceived }) => ({ mid, kind, bytes: bytesReceived })),
      sent: this.#media.forwarded.map(({ source, sender }) => ({
        mid: sender.mid,
        kind: sender.kind,
        sender_connection_id: source.connectionId,
        bytes: sender.bytesSent,
      })),
    };
  }

  wants(kind: MediaKind): boolean {
    return this.#media.wants(kind);
  }

  /** Forwards what the channel holds for this member now. */
  refresh(member: Member): void {
    const added = this.#media.forwardOnly(this.#channel.sourcesFor(member, (kind) => this.wants(kind)));
    const current = new Set(this.#media.forwarded.map(({ source }) => sourceKey(source)));
    for (const [key, report] of this.#reports) {
      if (current.has(key)) continue;
      report.stop();
      this.#reports.delete(key);
    }
    for (const forwarded of added) {
      if (forwarded.source.receiver.rids.length === 0) continue;
      this.#reports.set(sourceKey(forwarded.source), new LayerReport(forwarded, this.#agreement.rpcRids, this.#notify));
    }
    this.applyLayers();
  }

  /** Brings the layers of what is received to what was asked for. */
  applyLayers(): void {
    for (const forwarded of this.#media.forwarded) {
      const { source } = forwarded;
      if (source.kind !== 'video') continue;
      const rid = this.layers.choose(source.connectionId, this.#channel.isFocused(source.connectionId));
      this.#media.selectLayer(forwarded, rid);
      this.#reports.get(sourceKey(source))?.requested(rid);
    }
  }

  requestKeyFrame(): void {
    this.#media.requestKeyFrame();
  }

  /** Sends `network.status` when a fault makes the media path worse or better. */
  reportNetwork(fault: ActionFault): void {
    const level = unstableLevel(fault);
    if (level === undefined || level === this.#level) return;
    this.#level = level;
    this.#notify(networkStatus(level, Date.now()));
  }

  dispose(): void {
    this.#listening.unsubscribe();
    for (const report of this.#reports.values()) report.stop();
    this.#reports.clear();
    this.#media.dispose();
  }

  #listenTo(receiver: RtcReceiver): void {
    this.#listening.add(observe(receiver.audioLevel$, (level) => this.#channel.onAudioLevel(this.#agreement.connectionId, level)));
  }
}
