import { FakeMediaStream, FakeMediaStreamTrack } from './fake-media.ts';
import type { RecordedChannel } from './recorded-facts.ts';
import type { RecordedContent, RecordedInput } from './recording.ts';
import type { ReplayPlatform } from './replay-platform.ts';

/** The native objects of a replay, told by the recording what they tell. */
export class ReplayedNatives {
  readonly #platform: ReplayPlatform;
  readonly #channels: ReadonlyMap<string, RecordedChannel>;
  /** Compressed messages that were not inflated yet, by label. */
  readonly #tickets = new Map<string, number[]>();

  constructor(platform: ReplayPlatform, channels: ReadonlyMap<string, RecordedChannel>) {
    this.#platform = platform;
    this.#channels = channels;
  }

  /** Tells what one line says. */
  tell(line: RecordedInput): void {
    switch (line.input) {
      case 'websocket':
        this.#webSocket(line);
        break;
      case 'datachannel':
        this.#dataChannel(line);
        break;
      case 'data':
        this.decoded(line.label, new Uint8Array(line.bytes + (this.#channels.get(line.label)?.headerBytes ?? 0)));
        break;
      case 'peer-connection':
        this.#peerConnection(line);
        break;
      case 'health': {
        const live = this.#platform.peerConnection;
        if (!live) break;
        live.connectionState = line.connectionState ?? undefined;
        live.iceConnectionState = line.iceConnectionState;
      }
    }
  }

  #webSocket(line: RecordedInput & { readonly input: 'websocket' }): void {
    const socket = this.#platform.socket(line.url);
    switch (line.event) {
      case 'open':
        socket?.remote.open();
        break;
      case 'error':
        socket?.remote.error();
        break;
      case 'close':
        socket?.remote.close(line.code, line.reason, line.wasClean);
        break;
      case 'message':
        socket?.fire('message', { data: frameOf(line.content) });
    }
  }

  #dataChannel(line: RecordedInput & { readonly input: 'datachannel' }): void {
    const channel = this.#platform.channel(line.label);
    switch (line.event) {
      case 'open':
        channel?.remote.open();
        break;
      case 'closing':
        channel?.remote.closing(true);
        break;
      case 'close':
        channel?.remote.close();
        break;
      case 'error': {
        const { errorDetail, sctpCauseCode } = line;
        channel?.remote.gone();
        channel?.fire('error', { error: { errorDetail, sctpCauseCode } });
        break;
      }
      case 'message': {
        const isCompressed = this.#channels.get(line.label)?.compress === true;
        if (!isCompressed || !('bytes' in line.content)) {
          channel?.fire('message', { data: frameOf(line.content) });
          break;
        }
        const { ticket, data } = this.#platform.ticket(line.content.bytes);
        this.#tickets.set(line.label, [...(this.#tickets.get(line.label) ?? []), ticket]);
        channel?.fire('message', { data: data.buffer });
        break;
      }
      default:
        channel?.fire(line.event);
    }
  }

  #peerConnection({ event, state, candidate, track, channel }: RecordedInput & { readonly input: 'peer-connection' }): void {
    const live = this.#platform.peerConnection;
    if (!live) return;
    if (event === 'connectionstatechange') live.connectionState = state;
    else if (event === 'iceconnectionstatechange') live.iceConnectionState = state ?? 'new';
    else if (event === 'icegatheringstatechange') live.iceGatheringState = state ?? 'new';
    else if (event === 'signalingstatechange') live.signalingState = state ?? 'stable';
    const fields = {
      ...(candidate !== undefined && { candidate }),
      ...(channel && { channel: live.newChannel(channel) }),
      ...(track && {
        track: new FakeMediaStreamTrack(track.kind === 'video' ? 'video' : 'audio', track.id, this.#platform.world),
        streams: track.streams.map((id) => new FakeMediaStream([], id, this.#platform.world)),
      }),
    };
    live.fire(event, fields);
  }

  /** The oldest compressed message of a label was inflated; null where it could not be. */
  decoded(label: string, content: Uint8Array | null): void {
    const ticket = this.#tickets.get(label)?.shift();
    if (ticket !== undefined) this.#platform.decoded(ticket, content);
  }

  /** The oldest compressed message of a label will never be inflated. */
  giveUp(label: string): void {
    this.#tickets.get(label)?.shift();
  }
}

function frameOf(content: RecordedContent): string | ArrayBuffer {
  if ('json' in content) return JSON.stringify(content.json);
  // Text that is no JSON, as long as it was.
  if ('characters' in content) return '?'.repeat(content.characters);
  return new ArrayBuffer(content.bytes);
}
