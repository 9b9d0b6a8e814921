import { Channel, type ChannelOptions } from './channel.ts';

/** The channels of a lab, shared by all its nodes. A channel exists while it has connections, joined or accepted. */
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

  /** The channel of this id; starts a new session where there is none. */
  findOrCreate(channelId: string): Channel {
    const found = this.#channels.get(channelId);
    if (found !== undefined) return found;
    const channel = new Channel(channelId, this.#options);
    this.#channels.set(channelId, channel);
    return channel;
  }

  /** Removes a channel without connections: the next one starts a new session. */
  release(channel: Channel): void {
    if (!channel.occupied && this.#channels.get(channel.id) === channel) this.#channels.delete(channel.id);
  }
}
