import { quietly } from '../platform/quietly.ts';

/** The URL in a text that a WebSocket can be opened to; null for anything else. A fragment would be a SyntaxError. @source WHATWG WebSockets 3.1 */
export function webSocketUrl(value: unknown): URL | null {
  const url = typeof value === 'string' ? quietly(() => new URL(value), null) : null;
  return url !== null && /^wss?:$/.test(url.protocol) && !url.href.includes('#') ? url : null;
}
