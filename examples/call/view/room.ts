import { type Observable, fromEvent, map, merge } from 'rxjs';
import { element } from './element.ts';

/** Where the user wants to be, and as whom. */
export interface Room {
  readonly signalingUrl: string;
  readonly channelId: string;
  readonly clientId: string;
}

const form = element('form', 'room');
const leave = element('button', 'leave');
const name = element('input', 'name');
const channel = element('input', 'channel');

const asked = new URLSearchParams(location.search);
name.value = asked.get('name') ?? '';
channel.value = asked.get('channel') ?? 'lobby';

/** The room that the user joins, null when they leave. */
export const room$: Observable<Room | null> = merge(
  fromEvent(form, 'submit').pipe(
    map((event): Room => {
      event.preventDefault();
      return { signalingUrl: document.body.dataset['signalingUrl'] ?? '', channelId: channel.value, clientId: name.value };
    }),
  ),
  fromEvent(leave, 'click').pipe(map(() => null)),
);

/** Joining is for those who are in no call, leaving for the others. */
export function showInCall(isInCall: boolean): void {
  leave.hidden = !isInCall;
  for (const control of form.querySelectorAll<HTMLInputElement | HTMLButtonElement>('input, button')) control.disabled = isInCall;
}
