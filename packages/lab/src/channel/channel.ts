import type { Agreement } from '../agreement.ts';
import type { MediaSource } from '../media/source.ts';
import type { IceStateChange } from '../rtc/endpoint.ts';
import { isForwarded, type ForwardingFilter } from '../wire/forwarding-filter.ts';
import { newIdentifier } from '../wire/identifiers.ts';
import type { JsonObject } from '../wire/json.ts';
import { connectionCreated, connectionDestroyed, connectionUpdated, type ChannelCounts } from '../wire/notify-message.ts';
import { iceStateChanged, spotlightChanged } from '../wire/notify-events.ts';
import type { MediaKind, Role } from '../wire/words.ts';
import { areStrangers, type Member } from './member.ts';
import { Spotlight, type FocusChange, type Loudness } from './spotlight.ts';

export interface ChannelOptions {
  /** `signaling_notify_metadata`. */
  readonly notifyMetadata: boolean;
  /** Unix milliseconds. */
  readonly now: () => number;
}

const receives = (direction: Role): boolean => direction !== 'sendonly';

/** The connections of one `channel_id`, from the first to the last: a session of Sora. */
export class Channel {
  readonly id: string;
  readonly sessionId: string = newIdentifier();
  readonly createdAt: number;
  readonly #options: ChannelOptions;
  readonly #members = new Map<string, Member>();
  readonly #pending = new Set<string>();
  #spotlight: Spotlight | undefined;
  #filters: readonly ForwardingFilter[] = [];

  constructor(id: string, options: ChannelOptions) {
    this.id = id;
    this.#options = options;
    this.createdAt = options.now();
  }

  /** Connections whose media path is up, in order of arrival. */
  get members(): readonly Member[] {
    return [...this.#members.values()];
  }

  /** Whether anybody is here or on the way. */
  get occupied(): boolean {
    return this.#members.size > 0 || this.#pending.size > 0;
  }

  get counts(): ChannelCounts {
    const roles = this.members.map((member) => member.agreement.role);
    const count = (role: Role): number => roles.filter((candidate) => candidate === role).length;
    return { connections: roles.length, sendrecv: count('sendrecv'), sendonly: count('sendonly'), recvonly: count('recvonly') };
  }

  /** Filters that hold for the whole channel. */
  get forwardingFilters(): readonly ForwardingFilter[] {
    return this.#filters;
  }

  setForwardingFilters(filters: readonly ForwardingFilter[]): void {
    this.#filters = filters;
    this.refreshMedia();
  }

  /** Who is in focus, where the session has spotlight. */
  get spotlight(): Spotlight | undefined {
    return this.#spotlight;
  }

  /** Whether a connection fits into the running session: spotlight is one for all. */
  fits(agreement: Agreement): boolean {
    return !this.occupied || (this.#spotlight !== undefined) === (agreement.spotlight !== false);
  }

  /** Announces a connection whose `connect` was accepted: it keeps the session alive and is not counted yet. */
  expect(agreement: Agreement): void {
    if (!this.occupied && agreement.spotlight !== false) {
      this.#spotlight = new Spotlight(agreement.spotlight.number, (change) => this.#focusChanged(change));
    }
    this.#pending.add(agreement.connectionId);
  }

  /** The media path of a connection is up: everybody is told, the newcomer with the list of those who were here. */
  join(newcomer: Member): void {
    const present = this.members;
    this.#pending.delete(newcomer.agreement.connectionId);
    this.#members.set(newcomer.agreement.connectionId, newcomer);
    const { counts } = this;
    const options = { metadata: this.#options.notifyMetadata, now: this.#options.now() };
    const others = present.filter((member) => areStrangers(member, newcomer));
    // A client usually gets the tracks of a newcomer before it is told about it, and loses them before it is told the end.
    this.refreshMedia();
    newcomer.notify(
      connectionCreated(
        newcomer.notifySubject,
        counts,
        options,
        others.map((member) => member.notifySubject),
      ),
    );
    for (const member of others) member.notify(connectionCreated(newcomer.notifySubject, counts, options));
    for (const connectionId of this.#spotlight?.focused ?? [])
      this.#tellFocus(newcomer, { connectionId, focused: true, fixed: this.#spotlight?.isFixed(connectionId) ?? false });
  }

  /** A connection is over, whether it had joined or not. */
  leave(member: Member): void {
    this.#pending.delete(member.agreement.connectionId);
    if (!this.#members.delete(member.agreement.connectionId)) return;
    this.#spotlight?.unfocus(member.agreement.connectionId);
    const options = { metadata: this.#options.notifyMetadata, now: this.#options.now() };
    this.refreshMedia();
    this.#tellOthers(member, connectionDestroyed(member.notifySubject, this.counts, options));
  }

  /** `connection.updated`: the member itself and all others. */
  update(member: Member): void {
    const message = connectionUpdated(member.notifySubject, this.counts, this.#options.now());
    member.notify(message);
    this.#tellOthers(member, message);
  }

  /** The ICE state of a member has changed: those are told that asked for it, the member itself among them. */
  iceChanged(subject: Member, { current, previous }: IceStateChange): void {
    const { clientId, bundleId, connectionId } = subject.agreement;
    if (!this.#members.has(connectionId)) return;
    const message = iceStateChanged({ clientId, bundleId, connectionId, current, previous }, this.#options.now());
    for (const member of this.members) {
      if (member.agreement.notifyIceState && (member === subject || areStrangers(member, subject))) member.notify(message);
    }
  }

  push(data: JsonObject, to: (member: Member) => boolean = () => true): number {
    const receivers = this.members.filter(to);
    for (const member of receivers) member.push(data);
    return receivers.length;
  }

  /** Hands a user message to every other member that has the label in a receiving direction; no echo, nothing within a bundle. */
  relay(sender: Member, label: string, payload: Uint8Array): number {
    let delivered = 0;
    for (const member of this.members) {
      if (!areStrangers(member, sender)) continue;
      const agreed = member.agreement.channels.find((channel) => channel.label === label);
      if (agreed === undefined || !receives(agreed.direction)) continue;
      if (member.deliver(label, payload, sender.agreement.connectionId)) delivered += 1;
    }
    return delivered;
  }

  /** Who sends, or what is let through, has changed. */
  refreshMedia(): void {
    for (const member of this.members) member.refreshMedia();
  }

  /** What of the others reaches a member: bundles and filters of the channel and of its own stand between. */
  sourcesFor(receiver: Member, wants: (kind: MediaKind) => boolean): readonly MediaSource[] {
    const filters = [...this.#filters, ...receiver.forwardingFilters];
    return this.members
      .filter((member) => areStrangers(member, receiver))
      .flatMap((member) => member.sources)
      .filter((source) => wants(source.kind) && isForwarded(filters, source));
  }

  /** Without spotlight nobody is out of focus. */
  isFocused(connectionId: string): boolean {
    return this.#spotlight?.isFocused(connectionId) ?? true;
  }

  /** A packet of a member was so loud. */
  heard(connectionId: string, loudness: Loudness): void {
    if (this.#members.has(connectionId)) this.#spotlight?.heard(connectionId, loudness);
  }

  #focusChanged(change: FocusChange): void {
    for (const member of this.members) {
      member.refreshMedia();
      this.#tellFocus(member, change);
    }
  }

  #tellFocus(receiver: Member, { connectionId, focused, fixed }: FocusChange): void {
    const agreement = this.#members.get(connectionId)?.agreement;
    if (agreement === undefined) return;
    const { clientId, audio, video } = agreement;
    const change = { focused, clientId, connectionId, audio: audio !== false, video: video !== false, fixed };
    receiver.notify(spotlightChanged(change, this.#options.now()));
  }

  #tellOthers(subject: Member, message: JsonObject): void {
    for (const member of this.members) if (areStrangers(member, subject)) member.notify(message);
  }
}
