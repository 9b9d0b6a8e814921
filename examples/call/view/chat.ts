import type { DataMessage } from 'rx-sora';
import { type Observable, filter, fromEvent, map } from 'rxjs';
import { element, made } from './element.ts';
import { nameOf } from './members.ts';

const form = element('form', 'chat');
const input = element('input', 'text');
const log = element('ol', 'messages');

/** Also while nobody takes what the user writes: the browser would leave the page, and the call. */
fromEvent(form, 'submit').subscribe((event) => event.preventDefault());

/** What the user writes. Where nobody takes it, it stays in the field. */
export const text$: Observable<string> = fromEvent(form, 'submit').pipe(
  map(() => {
    const text = input.value;
    input.value = '';
    return text;
  }),
  filter((text) => text !== ''),
);

/** What somebody else wrote. */
export function showMessage({ data, senderConnectionId }: DataMessage): void {
  add(nameOf(senderConnectionId ?? ''), new TextDecoder().decode(data));
}

/** What the user wrote, once it is on its way. */
export function showOwn(text: string): void {
  add(nameOf(undefined), text);
}

function add(name: string, text: string): void {
  const line = made('li');
  line.append(made('b', name), ` ${text}`);
  log.append(line);
  line.scrollIntoView({ block: 'nearest' });
}
