import { Channel, type ChannelOptions } from './channel.ts';

/** The channels of a lab, common to all its nodes. A channel exists while a connection is in it or on its way. */
export class ChannelRegistry {
  readonly #channels = new Map<string, Channel>();
  readonly #options: ChannelOptions;

  constructor(options: ChannelOptions) {
    this.#options = options;
  }

  get all(): readonly Channel[] {
    return [...this.#channels.values()];
  }

  find(channelId: string): Channel | undefined {
    return this.#channels.get(channelId);
  }

  /** The channel of this id, a new session where there is none. */
  enter(channelId: string): Channel {
    const found = this.#channels.get(channelId);
    if (found !== undefined) return found;
    const channel = new Channel(channelId, this.#options);
    this.#channels.set(channelId, channel);
    return channel;
  }

  /** Forgets a channel that nobody is in any more: the next connection begins a new session. */
  release(channel: Channel): void {
    if (!channel.occupied && this.#channels.get(channel.id) === channel) this.#channels.delete(channel.id);
  }
}
