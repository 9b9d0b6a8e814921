import type { IncomingMessage, ServerResponse } from 'node:http';

/** Answers a browser that opens a signaling URL as if it were a page (RFC 9110 section 15.5.22). */
export function sendSignalingHint(request: IncomingMessage, response: ServerResponse, urls: readonly string[]): void {
  const page = 'encrypted' in request.socket ? 'https' : 'http';
  const lines = [
    '426 Upgrade Required',
    '',
    'This is a signaling URL. It speaks WebSocket, and this request was plain HTTP.',
    ...urls.map((url) => `Point a Sora client at ${url}`),
    `Open the page of the lab in a browser: ${page}://${request.headers.host ?? 'localhost'}/`,
  ];
  response.writeHead(426, {
    'content-type': 'text/plain; charset=utf-8',
    'cache-control': 'no-store',
    upgrade: 'websocket',
    connection: 'upgrade',
  });
  response.end(`${lines.join('\n')}\n`);
}
