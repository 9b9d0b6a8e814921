import type { DataChannels } from './data-channels.ts';
import type { Logged } from './outbox.ts';

export interface UserMessagesParts {
  readonly channels: DataChannels;
  readonly log: (entry: Logged) => void;
  /** Hands a message of this client to the others. */
  readonly relay: (label: string, payload: Uint8Array) => void;
}

/** Messages on `#` channels, to and from one client. */
export class UserMessages {
  readonly #parts: UserMessagesParts;

  constructor(parts: UserMessagesParts) {
    this.#parts = parts;
  }

  /** Sends what another client said; false where it could not be sent. */
  deliver(label: string, payload: Uint8Array, senderConnectionId: string): boolean {
    const { channels, log } = this.#parts;
    if (!channels.isOpen(label)) return false;
    const bytes = channels.sendMessage(label, payload, senderConnectionId);
    const detail = { from: senderConnectionId, payloadBytes: payload.byteLength };
    if (bytes === undefined) log({ kind: 'event', type: 'not-sent', label, detail });
    else log({ kind: 'message', direction: 'sent', transport: 'datachannel', label, type: 'message', bytes, detail });
    return bytes !== undefined;
  }

  /** The client said something. */
  onMessage(label: string, payload: Uint8Array): void {
    const { channels, log, relay } = this.#parts;
    const agreed = channels.agreed(label);
    if (agreed === undefined) return;
    // O16: what is sent against the direction is dropped.
    if (agreed.direction === 'recvonly') log({ kind: 'event', type: 'dropped', label, detail: { why: 'against-direction' } });
    else relay(label, payload);
  }
}
