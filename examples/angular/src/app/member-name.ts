import type { RosterMember } from 'rx-sora';

/** The name that a member gave, or the id that the server has for it. */
export function nameOf({ connectionId, authnMetadata }: RosterMember): string {
  const given = typeof authnMetadata === 'object' && authnMetadata !== null && 'name' in authnMetadata ? authnMetadata['name'] : undefined;
  return typeof given === 'string' && given !== '' ? given : connectionId.slice(-6);
}
