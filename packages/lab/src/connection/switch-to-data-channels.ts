import { defer, filter, map, of, switchMap, take, type Observable } from 'rxjs';
import type { ShapingFaults } from '../faults/shaping-faults.ts';
import type { JsonObject } from '../wire/json.ts';
import type { DataChannels } from './data-channels.ts';
import type { MessageSender } from './message-sender.ts';
import { delay } from './timers.ts';

export interface SwitchParts {
  readonly channels: DataChannels;
  readonly sender: MessageSender;
  readonly shaping: ShapingFaults;
  /** Whether the WebSocket may close after the switch, as agreed. */
  readonly ignoreWebSocket: boolean;
  /** Makes a re-offer although nothing changed. */
  readonly reOffer: () => JsonObject;
}

function announceSwitch({ sender, shaping, ignoreWebSocket, reOffer }: SwitchParts): boolean {
  const ignores = shaping.get('switched-flag')?.ignoreDisconnectWebSocket ?? ignoreWebSocket;
  const message: JsonObject = { type: 'switched', ignore_disconnect_websocket: ignores };
  const withReOffer = shaping.get('switched-with-re-offer');
  if (withReOffer?.first === 're-offer') sender.sendOnWebSocket(reOffer());
  sender.sendOnWebSocket(message);
  if (withReOffer?.first === 'switched') sender.sendOnWebSocket(reOffer());
  if (shaping.has('switched-duplicate')) sender.sendOnWebSocket(message);
  sender.switchToDataChannels();
  return ignores;
}

/**
 * Moves signaling to DataChannels: opens them as soon as SCTP is up and sends `switched` once the client has acknowledged all of them.
 * Cold; emits `ignore_disconnect_websocket` of the message once it is sent.
 */
export function switchToDataChannels(parts: SwitchParts): Observable<boolean> {
  return defer(() => {
    const { channels, shaping } = parts;
    const missing = shaping.get('channel-missing')?.label;
    const open$ = channels.openAll(missing === undefined ? [] : [missing]);
    const ready$ = shaping.has('switched-early') ? of(undefined) : open$.pipe(switchMap(() => delay(shaping.delayMs('switched-delayed'))));
    return ready$.pipe(
      filter(() => !shaping.has('switched-missing')),
      take(1),
      map(() => announceSwitch(parts)),
    );
  });
}
