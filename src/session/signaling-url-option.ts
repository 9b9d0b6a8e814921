import { text, type Check } from './option-check.ts';
import { SoraOptionsError } from './options-error.ts';

function parse(url: string, path: string): URL {
  try {
    return new URL(url);
  } catch {
    throw new SoraOptionsError(path, 'must be an absolute URL');
  }
}

const signalingUrl: Check<string> = (value, path) => {
  const given = text(value, path);
  const { protocol } = parse(given, path);
  if (protocol !== 'ws:' && protocol !== 'wss:') throw new SoraOptionsError(path, 'must begin with ws: or wss:');
  // A WebSocket refuses it with a SyntaxError (WHATWG WebSockets 3.1).
  if (given.includes('#')) throw new SoraOptionsError(path, 'must have no fragment');
  return given;
};

/** One URL or several as a list in the order given, each once. */
export const signalingUrlOption: Check<readonly string[]> = (value, path) => {
  if (!Array.isArray(value)) return [signalingUrl(value, path)];
  if (value.length === 0) throw new SoraOptionsError(path, 'must have at least one URL');
  const seen = new Map<string, string>();
  value.forEach((item: unknown, index) => {
    const url = signalingUrl(item, `${path}[${index}]`);
    const { href } = parse(url, path);
    if (!seen.has(href)) seen.set(href, url);
  });
  return [...seen.values()];
};
