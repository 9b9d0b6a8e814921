import { request as httpRequest, type IncomingMessage } from 'node:http';
import { once } from 'node:events';
import { text } from 'node:stream/consumers';
import { startLab, type Lab } from 'rx-sora-lab';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';

let lab: Lab;
beforeEach(async () => {
  lab = await startLab({ apiPort: 0 });
});
afterEach(() => lab.close());

/** What a browser asks for when somebody types a URL. */
const BROWSER = { accept: 'text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8' };

const node = (): string => lab.url.replace(/^ws(.*)\/signaling$/, 'http$1');
const ask = async (url: string, headers: Record<string, string> = {}, method = 'GET'): Promise<IncomingMessage & { body: string }> => {
  const asking = httpRequest(url, { headers, method });
  asking.end();
  const [answer] = (await once(asking, 'response')) as [IncomingMessage];
  return Object.assign(answer, { body: await text(answer) });
};

describe('GET /', () => {
  test('is a page for a browser, on the signaling port and on the port of the API', async () => {
    for (const url of [node(), lab.httpUrl]) {
      const { statusCode, headers, body } = await ask(`${url}/`, BROWSER);
      expect([statusCode, headers['content-type'], headers['cache-control']]).toEqual([200, 'text/html; charset=utf-8', 'no-store']);
      expect(body).toMatch(/^<!doctype html>/);
    }
  });

  test('loads nothing but its own files, and they load nothing else', async () => {
    const { body } = await ask(`${node()}/`, BROWSER);
    const addresses = [...body.matchAll(/\s(?:src|href|action|data|poster|srcset)="([^"]*)"/g)].map(([, address]) => address!);
    expect(addresses.filter((address) => !/^(data:,|\/lab(\/|$)|\/page\/[\w-]+\.\w+$)/.test(address))).toEqual([]);
    expect(body).not.toMatch(/url\(|@import|https?:\/\/|<style|\son\w+=|\sstyle=|<script(?![^>]* src=)/);
    const files = addresses.filter((address) => address.startsWith('/page/'));
    expect(files.sort()).toEqual(['/page/main.js', '/page/page.css']);
    for (const file of files) {
      const { statusCode, headers, body: text } = await ask(`${node()}${file}`);
      expect([statusCode, headers['cache-control'], headers['x-content-type-options']]).toEqual([200, 'no-store', 'nosniff']);
      expect(headers['content-type']).toBe(file.endsWith('.js') ? 'text/javascript; charset=utf-8' : 'text/css; charset=utf-8');
      expect([...text.matchAll(/(?:from|import)\s*\(?"([^"]+)"/g)].filter(([, name]) => !/^\.\/chunk-\w+\.js$/.test(name!))).toEqual([]);
    }
  });

  test('runs its own files and nothing else', async () => {
    const { headers } = await ask(`${node()}/`, BROWSER);
    const policy = Object.fromEntries(
      String(headers['content-security-policy'])
        .split('; ')
        .map((directive) => [directive.split(' ')[0]!, directive.split(' ').slice(1).join(' ')]),
    );
    expect(policy).toMatchObject({
      'default-src': "'none'",
      'script-src': "'self'",
      'style-src': "'self'",
      'connect-src': "'self' ws: wss:",
      'base-uri': "'none'",
      'form-action': "'none'",
      'frame-ancestors': "'none'",
    });
  });

  test('comes with the licences of what is in it', async () => {
    const { body } = await ask(`${node()}/page/LICENSES.txt`);
    for (const name of ['lit', 'rxjs', 'tslib', 'uplot']) expect(body).toMatch(new RegExp(`^${name} \\d`, 'm'));
  });

  test.each(['/page/', '/page/none.js', '/page/..%2fcli.js', '/page/../cli.js', '/page/index', '/page/a/b.js'])(
    'has no %s',
    async (path) => {
      const asking = httpRequest(`${node()}/`, { path });
      asking.end();
      const [answer] = (await once(asking, 'response')) as [IncomingMessage];
      expect(answer.statusCode).toBe(404);
    },
  );

  test('is text for whoever asks for no page', async () => {
    const { headers, body } = await ask(`${node()}/`, { accept: '*/*' });
    expect(headers['content-type']).toBe('text/plain; charset=utf-8');
    expect(headers.vary).toContain('accept');
    expect(body).toContain(lab.url);
  });

  test('HEAD is the same without a body', async () => {
    const { statusCode, headers, body } = await ask(`${node()}/`, BROWSER, 'HEAD');
    expect([statusCode, headers['content-type'], body]).toEqual([200, 'text/html; charset=utf-8', '']);
  });
});

describe('a signaling URL over plain HTTP', () => {
  test('is answered with 426 and a hint', async () => {
    const { statusCode, headers, body } = await ask(`${node()}/signaling`, BROWSER);
    expect([statusCode, headers.upgrade, headers.connection]).toEqual([426, 'websocket', 'upgrade']);
    expect(headers['content-type']).toBe('text/plain; charset=utf-8');
    expect(body).toContain(`Point a Sora client at ${lab.url}\n`);
    expect(body).toContain(`in a browser: ${node()}/\n`);
  });

  test('HEAD is the same without a body, POST is no page at all', async () => {
    const head = await ask(`${node()}/signaling`, BROWSER, 'HEAD');
    expect([head.statusCode, head.body]).toEqual([426, '']);
    const post = await ask(`${node()}/signaling`, { 'content-type': 'application/json' }, 'POST');
    expect(post.statusCode).toBe(404);
  });
});
