import type { RtcDataChannel, RtcDataChannelOptions } from '../data-channel.ts';
import { Association } from '../sctp/association.ts';
import type { InboundMessage } from '../sctp/inbound.ts';
import { dcepMessage, payload } from './dcep.ts';
import { LabDataChannel } from './lab-data-channel.ts';

export interface DataChannelsOptions {
  readonly sctpPort: number;
  /** Largest message the client may send. */
  readonly maxIncomingBytes: number;
  readonly sendPacket: (packet: Buffer) => void;
  readonly onDropped: () => void;
}

const maxStreamId = 65533;

/** The channels of one peer, and the SCTP association below them. */
export class DataChannels {
  readonly #options: DataChannelsOptions;
  readonly #association: Association;
  readonly #channels = new Map<number, LabDataChannel>();
  #nextId = 1;
  /** From the client's answer; the default is that of RFC 8841. */
  maxOutgoingBytes = 65536;

  constructor(options: DataChannelsOptions) {
    this.#options = options;
    this.#association = new Association({
      port: options.sctpPort,
      maxMessageBytes: options.maxIncomingBytes,
      send: options.sendPacket,
      onEstablished: () => undefined,
      onMessage: (message) => this.#message(message),
      onIncomingReset: (streamIds) => {
        for (const id of streamIds) this.#channels.get(id)?.incomingReset();
      },
      onOutgoingReset: (streamIds) => {
        for (const id of streamIds) this.#channels.get(id)?.outgoingReset();
      },
      onLost: (error) => this.#end(error),
    });
  }

  get list(): readonly RtcDataChannel[] {
    return [...this.#channels.values()];
  }

  /** DTLS is up. */
  start(): void {
    this.#association.start();
  }

  /** @throws Error when there are no more stream ids, RangeError when the options contradict each other. */
  create(label: string, options: RtcDataChannelOptions): RtcDataChannel {
    if (options.maxRetransmits !== undefined && options.maxPacketLifeTime !== undefined) {
      throw new RangeError('a DataChannel has maxRetransmits or maxPacketLifeTime, not both');
    }
    // We are the DTLS server: odd ids are ours (RFC 8832 section 6).
    const id = this.#nextId;
    if (id > maxStreamId) throw new Error('no SCTP stream is left');
    this.#nextId += 2;
    const channel = new LabDataChannel({
      ...options,
      label,
      id,
      send: (message) => this.#association.send(message),
      resetStream: () => this.#association.resetStream(id),
      maxMessageBytes: () => this.maxOutgoingBytes,
      onClosed: () => this.#channels.delete(id),
    });
    this.#channels.set(id, channel);
    return channel;
  }

  receive(packet: Buffer): void {
    if (!this.#association.receive(packet)) this.#options.onDropped();
  }

  abort(): void {
    this.#association.abort('aborted by the lab');
    this.#end(new Error('SCTP: aborted by the lab'));
  }

  /** Ends everything without a word to the client. */
  close(error?: Error): void {
    this.#association.close();
    this.#end(error);
  }

  #message({ streamId, protocolId, data }: InboundMessage): void {
    const channel = this.#channels.get(streamId);
    if (protocolId !== payload.dcep) {
      if (channel?.received(protocolId, data) !== true) this.#options.onDropped();
    } else if (data[0] === dcepMessage.acknowledge) channel?.acknowledged();
    else if (data[0] === dcepMessage.open && channel === undefined) {
      // Sora opens every channel itself; one that a client opens is closed again.
      this.#association.resetStream(streamId);
      this.#options.onDropped();
    } else this.#options.onDropped();
  }

  #end(error?: Error): void {
    for (const channel of [...this.#channels.values()]) channel.end(error);
  }
}
