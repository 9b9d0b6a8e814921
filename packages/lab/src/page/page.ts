import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import type { IncomingMessage, ServerResponse } from 'node:http';

// The build puts the texts of these files in the place of the calls.
const HTML = readFileSync(new URL('./page.html', import.meta.url), 'utf8');
const STYLE = readFileSync(new URL('./page.css', import.meta.url), 'utf8');
const SCRIPT = readFileSync(new URL('./client.js', import.meta.url), 'utf8');

/** The page as one file: it loads nothing, so a browser without a network shows it as well. */
const PAGE = HTML.replace('</style>', () => `${STYLE}</style>`).replace('</script>', () => `${SCRIPT}</script>`);

const sourceOf = (text: string): string => `'sha256-${createHash('sha256').update(text).digest('base64')}'`;

/** Nothing runs and nothing is loaded but what is in the page; it talks to the lab that served it alone; no other page can hold it in a frame. */
const POLICY = [
  "default-src 'none'",
  `script-src ${sourceOf(SCRIPT)}`,
  `style-src ${sourceOf(STYLE)}`,
  'img-src data:',
  "connect-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
  "require-trusted-types-for 'script'",
].join('; ');

const isBrowser = ({ headers }: IncomingMessage): boolean => (headers.accept ?? '').includes('text/html');

/** Answers `GET /`: the page for a browser, `text` for everybody else, such as curl. */
export function sendPage(request: IncomingMessage, response: ServerResponse, text: string): void {
  response.setHeader('cache-control', 'no-store');
  response.appendHeader('vary', 'accept');
  if (!isBrowser(request)) {
    response.writeHead(200, { 'content-type': 'text/plain; charset=utf-8' }).end(text);
    return;
  }
  response.setHeader('content-security-policy', POLICY);
  response.setHeader('referrer-policy', 'no-referrer');
  response.setHeader('x-content-type-options', 'nosniff');
  response.writeHead(200, { 'content-type': 'text/html; charset=utf-8' }).end(PAGE);
}
