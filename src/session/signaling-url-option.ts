import { webSocketUrl } from '../signaling/web-socket-url.ts';
import { listOf, type Check } from './option-check.ts';
import { SoraOptionsError } from './options-error.ts';

const signalingUrl: Check<URL> = (value, path) => {
  const url = webSocketUrl(value);
  if (url === null) throw new SoraOptionsError(path, 'must be an absolute URL that begins with ws: or wss: and has no fragment');
  return url;
};

/** One URL or several as a list in the order given, each once. */
export const signalingUrlOption: Check<readonly string[]> = (value, path) => {
  if (!Array.isArray(value)) {
    signalingUrl(value, path);
    return [value as string];
  }
  const urls = listOf(signalingUrl)(value, path);
  if (urls.length === 0) throw new SoraOptionsError(path, 'must have at least one URL');
  const isFirst = (url: URL, index: number): boolean => urls.findIndex(({ href }) => href === url.href) === index;
  return (value as readonly string[]).filter((_, index) => isFirst(urls[index] as URL, index));
};
