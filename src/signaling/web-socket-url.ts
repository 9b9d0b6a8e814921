import { quietly } from '../platform/quietly.ts';

/** What a WebSocket can be opened to, as a URL; null for anything else. A fragment would be a SyntaxError. @source WHATWG WebSockets 3.1 */
export function webSocketUrl(value: unknown): URL | null {
  const url = quietly(() => new URL(value as string), null);
  return url !== null && /^wss?:$/.test(url.protocol) && !url.href.includes('#') ? url : null;
}
