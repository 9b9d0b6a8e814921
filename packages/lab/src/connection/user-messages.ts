import type { LogRecord } from './connection-log.ts';
import type { DataChannels } from './data-channels.ts';

/** Messages on `#` channels, to and from one client. Every message that is lost is in the log with the reason. */
export class UserMessages {
  readonly #channels: DataChannels;
  readonly #log: (record: LogRecord) => void;

  constructor(channels: DataChannels, log: (record: LogRecord) => void) {
    this.#channels = channels;
    this.#log = log;
  }

  /** Sends a message of another client; false where it could not be sent. */
  deliver(label: string, payload: Uint8Array, senderConnectionId: string): boolean {
    const outcome = this.#channels.sendMessage(label, payload, senderConnectionId);
    const detail = { from: senderConnectionId, payloadBytes: payload.byteLength };
    if (!outcome.ok) {
      this.#log({ kind: 'event', type: 'not-sent', label, detail: { ...detail, why: outcome.why } });
      return false;
    }
    const { bytes } = outcome;
    this.#log({ kind: 'message', direction: 'sent', transport: 'datachannel', label, type: 'message', bytes, detail });
    return true;
  }

  /** Whether the others get what the client sends on this label. Messages against the direction are dropped (O16). */
  accepts(label: string): boolean {
    const agreed = this.#channels.agreed(label);
    if (agreed?.direction === 'recvonly') this.#log({ kind: 'event', type: 'dropped', label, detail: { why: 'against-direction' } });
    return agreed !== undefined && agreed.direction !== 'recvonly';
  }
}
