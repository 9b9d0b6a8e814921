import type { Roster } from 'rx-sora';
import { element, made } from './element.ts';

const list = element('ul', 'members');
const names = new Map<string, string>();

/** What is known of somebody, also after they have left. */
export const nameOf = (connectionId: string | undefined): string => (connectionId === undefined ? 'me' : (names.get(connectionId) ?? '…'));

/** Who is in the room; nobody while there is no session. */
export function showMembers(roster: Roster | null): void {
  const members = roster?.members ?? [];
  for (const { connectionId, clientId = connectionId } of members) names.set(connectionId, clientId);
  list.replaceChildren(
    ...members.map(({ connectionId, isSelf }) => made('li', isSelf ? `${nameOf(connectionId)} (you)` : nameOf(connectionId))),
  );
  for (const caption of document.querySelectorAll<HTMLElement>('figcaption[data-connection-id]')) {
    caption.textContent = nameOf(caption.dataset['connectionId']);
  }
}
