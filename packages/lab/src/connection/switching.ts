import type { Observable } from 'rxjs';
import type { JsonObject } from '../wire/json.ts';
import type { DataChannels } from './data-channels.ts';
import type { Outbox } from './outbox.ts';
import type { Shape } from './shape.ts';

export interface SwitchingParts {
  readonly channels: DataChannels;
  readonly outbox: Outbox;
  readonly shape: Shape;
  /** What was agreed: whether the WebSocket may close after the switch. */
  readonly ignoreWebSocket: boolean;
  /** Does something after so many milliseconds, if the connection still lives then; 0 at once. */
  readonly later: (ms: number, action: () => void) => void;
  /** Does something when this emits, if the connection still lives then. */
  readonly when: (event$: Observable<unknown>, action: () => void) => void;
  /** A re-offer although nothing changed. */
  readonly reOffer: () => JsonObject;
  /** Signaling runs on DataChannels from now on. */
  readonly switched: (ignoreWebSocket: boolean) => void;
}

/** From the answer to `switched`: opens the DataChannels and tells the client when they carry signaling. */
export class Switching {
  readonly #parts: SwitchingParts;
  #done = false;

  constructor(parts: SwitchingParts) {
    this.#parts = parts;
  }

  /** The answer was taken. Channels are opened as soon as SCTP is up; `switched` follows when the client has acknowledged them all. */
  start(): void {
    const { channels, shape, later, when } = this.#parts;
    const missing = shape.get('channel-missing')?.label;
    const open$ = channels.openAll(missing === undefined ? [] : [missing]);
    if (shape.has('switched-early')) this.#switch();
    else when(open$, () => later(shape.delayMs('switched-delayed'), () => this.#switch()));
  }

  #switch(): void {
    const { outbox, shape, ignoreWebSocket, switched } = this.#parts;
    if (this.#done || shape.has('switched-missing')) return;
    this.#done = true;
    const ignores = shape.get('switched-flag')?.ignoreDisconnectWebSocket ?? ignoreWebSocket;
    const message: JsonObject = { type: 'switched', ignore_disconnect_websocket: ignores };
    const reOffer = shape.get('switched-with-re-offer');
    if (reOffer?.first === 're-offer') outbox.onWebSocket(this.#parts.reOffer());
    outbox.onWebSocket(message);
    if (reOffer?.first === 'switched') outbox.onWebSocket(this.#parts.reOffer());
    if (shape.has('switched-duplicate')) outbox.onWebSocket(message);
    outbox.switch();
    switched(ignores);
  }
}
