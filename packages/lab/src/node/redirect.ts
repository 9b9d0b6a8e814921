import type { ConnectRequest } from '../wire/connect-request.ts';

/** A node as clients reach it. */
export interface NodeAddress {
  readonly name: string;
  /** Signaling URL. */
  readonly url: string;
}

/** A number that spreads channel ids over nodes, the same in every run (FNV-1a). */
function spread(text: string): number {
  let hash = 0x811c9dc5;
  for (const byte of Buffer.from(text, 'utf8')) hash = Math.imul(hash ^ byte, 0x01000193) >>> 0;
  return hash;
}

/** The node that a channel belongs to. */
export const ownerOf = (channelId: string, nodes: readonly NodeAddress[]): NodeAddress | undefined =>
  nodes[spread(channelId) % nodes.length];

/** Where a node sends a client, or undefined where it serves the client itself. A redirected client is never redirected again (O30). */
export function redirectFor(
  request: ConnectRequest,
  node: string,
  nodes: readonly NodeAddress[],
  policy: 'never' | 'channel-owner',
): string | undefined {
  if (policy === 'never' || request.redirected) return undefined;
  const owner = ownerOf(request.channelId, nodes);
  return owner === undefined || owner.name === node ? undefined : owner.url;
}
