// Serves the built site on this machine alone: npm run docs:serve -- 4173
import { createReadStream, existsSync, statSync } from 'node:fs';
import { createServer } from 'node:http';
import { extname, join, normalize } from 'node:path';
import { pathToFileURL } from 'node:url';
import { ROOT } from './packages.mjs';

const DIST = join(ROOT, 'docs/.vitepress/dist');

const TYPES = {
  '.css': 'text/css',
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript',
  '.json': 'application/json',
  '.md': 'text/markdown; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.txt': 'text/plain; charset=utf-8',
  '.woff2': 'font/woff2',
};

/** Resolves with the server, which listens on the loopback address. */
export function serveSite(port = 0) {
  const server = createServer(({ url }, response) => {
    const path = normalize(decodeURIComponent(new URL(url, 'http://localhost').pathname));
    const file = join(DIST, path.endsWith('/') ? `${path}index.html` : path);
    const isThere = file.startsWith(DIST) && existsSync(file) && statSync(file).isFile();
    const sent = isThere ? file : join(DIST, '404.html');
    response.writeHead(isThere ? 200 : 404, { 'content-type': TYPES[extname(sent)] ?? 'application/octet-stream' });
    createReadStream(sent).pipe(response);
  });
  return new Promise((resolve, reject) => {
    server.on('error', reject);
    server.listen(port, '127.0.0.1', () => resolve(server));
  });
}

if (process.argv[1] !== undefined && import.meta.url === pathToFileURL(process.argv[1]).href) {
  if (!existsSync(DIST)) {
    console.error('There is no site yet: npm run docs builds it.');
    process.exit(1);
  }
  const server = await serveSite(Number(process.argv[2] ?? 4173));
  console.log(`http://127.0.0.1:${server.address().port}/ shows the site. Ctrl+C stops it.`);
}
