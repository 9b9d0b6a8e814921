import { readFileSync } from 'node:fs';
import type { IncomingMessage, ServerResponse } from 'node:http';

/** Where the build puts the page, seen from the built lab and from the sources. */
const FOLDERS = ['../assets/', '../../dist/assets/'];

/** The path below which the files of the page are. */
export const PAGE_PATH = '/page/';

const TYPES: Readonly<Record<string, string>> = {
  html: 'text/html; charset=utf-8',
  css: 'text/css; charset=utf-8',
  js: 'text/javascript; charset=utf-8',
  txt: 'text/plain; charset=utf-8',
};

/**
 * Nothing runs and nothing is loaded but the files of the page; it talks to the lab that served it, and over WebSockets to whatever signaling URL is typed into it;
 * no other page can hold it in a frame.
 */
const POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  'img-src data: blob:',
  "connect-src 'self' ws: wss:",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
  "require-trusted-types-for 'script'",
  'trusted-types lit-html',
].join('; ');

const NOT_BUILT = '<!doctype html><html lang="en"><title>rx-sora-lab</title><p>The page is not built yet. Run: npm run build</p></html>\n';

const isBrowser = ({ headers }: IncomingMessage): boolean => (headers.accept ?? '').includes('text/html');

/** A file of the page; undefined where there is none. */
function fileOf(name: string): Buffer | undefined {
  for (const folder of FOLDERS) {
    try {
      return readFileSync(new URL(`${folder}${name}`, import.meta.url));
    } catch {
      // In the other place, or nowhere.
    }
  }
  return undefined;
}

function send(response: ServerResponse, status: number, type: string, body: Buffer | string): void {
  response.setHeader('cache-control', 'no-store');
  response.setHeader('referrer-policy', 'no-referrer');
  response.setHeader('x-content-type-options', 'nosniff');
  response.writeHead(status, { 'content-type': type }).end(body);
}

/** Answers `GET /`: the page for a browser, `text` for everybody else, such as curl. */
export function sendPage(request: IncomingMessage, response: ServerResponse, text: string): void {
  response.appendHeader('vary', 'accept');
  if (!isBrowser(request)) {
    send(response, 200, 'text/plain; charset=utf-8', text);
    return;
  }
  response.setHeader('content-security-policy', POLICY);
  const page = fileOf('index.html');
  send(response, page === undefined ? 503 : 200, 'text/html; charset=utf-8', page ?? NOT_BUILT);
}

/** Answers `GET /page/<name>`. Names of no file give false, and nothing is sent. */
export function sendPageFile(path: string, response: ServerResponse): boolean {
  // No separators, so that nothing outside of the folder can be meant.
  const [, name, extension = ''] = /^\/page\/([\w-]+\.(\w+))$/.exec(path) ?? [];
  const type = TYPES[extension];
  const file = name === undefined || type === undefined ? undefined : fileOf(name);
  if (file === undefined || type === undefined) return false;
  send(response, 200, type, file);
  return true;
}
