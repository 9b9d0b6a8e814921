import type { Agreement } from '../agreement.ts';
import type { AudioLevel, IceStateChange } from '../rtc/endpoint.ts';
import { isForwarded, type ForwardingFilter } from '../wire/forwarding-filter.ts';
import { newIdentifier } from '../wire/identifiers.ts';
import type { JsonObject } from '../wire/json.ts';
import { connectionCreated, connectionDestroyed, connectionUpdated, type ChannelCounts } from '../wire/notify-message.ts';
import { iceStateChanged, spotlightChanged } from '../wire/notify-events.ts';
import type { MediaKind, Role } from '../wire/words.ts';
import type { MediaSource } from './media-source.ts';
import { areInDifferentBundles, type Member } from './member.ts';
import { Spotlight, type FocusChange } from './spotlight.ts';

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

  /** Whether it has members or accepted connections that have not joined yet. */
  get occupied(): boolean {
    return this.#members.size > 0 || this.#pending.size > 0;
  }

  get counts(): ChannelCounts {
    const roles = this.members.map((member) => member.agreement.role);
    const count = (role: Role): number => roles.filter((candidate) => candidate === role).length;
    return { connections: roles.length, sendrecv: count('sendrecv'), sendonly: count('sendonly'), recvonly: count('recvonly') };
  }

  /** Filters that apply to the whole channel. */
  get forwardingFilters(): readonly ForwardingFilter[] {
    return this.#filters;
  }

  setForwardingFilters(filters: readonly ForwardingFilter[]): void {
    this.#filters = filters;
    this.refreshMedia();
  }

  /** The focus, where the session uses spotlight. */
  get spotlight(): Spotlight | undefined {
    return this.#spotlight;
  }

  /** Whether a connection may join the running session: all of its connections use spotlight, or none does. */
  accepts(agreement: Agreement): boolean {
    return !this.occupied || (this.#spotlight !== undefined) === (agreement.spotlight !== false);
  }

  /** Announces a connection whose `connect` was accepted. It keeps the session alive and is not counted yet. */
  expect(agreement: Agreement): void {
    if (!this.occupied && agreement.spotlight !== false) {
      this.#spotlight = new Spotlight(agreement.spotlight.number, (change) => this.#focusChanged(change));
    }
    this.#pending.add(agreement.connectionId);
  }

  /** The media path of a connection is up: every member is notified, the newcomer with the list of the others. */
  join(newcomer: Member): void {
    const present = this.members;
    this.#pending.delete(newcomer.agreement.connectionId);
    this.#members.set(newcomer.agreement.connectionId, newcomer);
    const { counts } = this;
    const options = { metadata: this.#options.notifyMetadata, now: this.#options.now() };
    const others = present.filter((member) => areInDifferentBundles(member, newcomer));
    // Clients usually get a newcomer's tracks before `connection.created`, and lose them before `connection.destroyed`.
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
      this.#notifyFocus(newcomer, { connectionId, focused: true, fixed: this.#spotlight?.isFixed(connectionId) ?? false });
  }

  /** A connection has ended, whether it had joined or not. */
  leave(member: Member): void {
    this.#pending.delete(member.agreement.connectionId);
    if (!this.#members.delete(member.agreement.connectionId)) return;
    this.#spotlight?.unfocus(member.agreement.connectionId);
    const options = { metadata: this.#options.notifyMetadata, now: this.#options.now() };
    this.refreshMedia();
    this.#notifyOthers(member, connectionDestroyed(member.notifySubject, this.counts, options));
  }

  /** Sends `connection.updated` to the member itself and to all others. */
  update(member: Member): void {
    const message = connectionUpdated(member.notifySubject, this.counts, this.#options.now());
    member.notify(message);
    this.#notifyOthers(member, message);
  }

  /** The ICE state of a member has changed: notifies the members that asked for it, including the member itself. */
  iceChanged(subject: Member, { current, previous }: IceStateChange): void {
    const { clientId, bundleId, connectionId } = subject.agreement;
    if (!this.#members.has(connectionId)) return;
    const message = iceStateChanged({ clientId, bundleId, connectionId, current, previous }, this.#options.now());
    for (const member of this.members) {
      if (member.agreement.notifyIceState && (member === subject || areInDifferentBundles(member, subject))) member.notify(message);
    }
  }

  push(data: JsonObject, to: (member: Member) => boolean = () => true): number {
    const receivers = this.members.filter(to);
    for (const member of receivers) member.push(data);
    return receivers.length;
  }

  /** Sends a user message to every other member that receives on this label: no echo, nothing within a bundle. Returns how many got it. */
  relay(sender: Member, label: string, payload: Uint8Array): number {
    let delivered = 0;
    for (const member of this.members) {
      if (!areInDifferentBundles(member, sender)) continue;
      const agreed = member.agreement.channels.find((channel) => channel.label === label);
      if (agreed === undefined || !receives(agreed.direction)) continue;
      if (member.deliver(label, payload, sender.agreement.connectionId)) delivered += 1;
    }
    return delivered;
  }

  /** The sources, or the filters, have changed. */
  refreshMedia(): void {
    for (const member of this.members) member.refreshMedia();
  }

  /** The sources of other members that reach this one, after bundles and the filters of the channel and its own. */
  sourcesFor(receiver: Member, wants: (kind: MediaKind) => boolean): readonly MediaSource[] {
    const filters = [...this.#filters, ...receiver.forwardingFilters];
    return this.members
      .filter((member) => areInDifferentBundles(member, receiver))
      .flatMap((member) => member.sources)
      .filter((source) => wants(source.kind) && isForwarded(filters, source));
  }

  /** Without spotlight every connection counts as focused. */
  isFocused(connectionId: string): boolean {
    return this.#spotlight?.isFocused(connectionId) ?? true;
  }

  /** The audio level of one packet of a member. */
  onAudioLevel(connectionId: string, level: AudioLevel): void {
    if (this.#members.has(connectionId)) this.#spotlight?.onAudioLevel(connectionId, level);
  }

  #focusChanged(change: FocusChange): void {
    for (const member of this.members) {
      member.refreshMedia();
      this.#notifyFocus(member, change);
    }
  }

  #notifyFocus(receiver: Member, { connectionId, focused, fixed }: FocusChange): void {
    const agreement = this.#members.get(connectionId)?.agreement;
    if (agreement === undefined) return;
    const { clientId, audio, video } = agreement;
    const change = { focused, clientId, connectionId, audio: audio !== false, video: video !== false, fixed };
    receiver.notify(spotlightChanged(change, this.#options.now()));
  }

  #notifyOthers(subject: Member, message: JsonObject): void {
    for (const member of this.members) if (areInDifferentBundles(member, subject)) member.notify(message);
  }
}
