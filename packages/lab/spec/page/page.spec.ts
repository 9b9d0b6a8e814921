import { createHash } from 'node:crypto';
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

  test('loads nothing: every address in it is one of the lab', async () => {
    const { body } = await ask(`${node()}/`, BROWSER);
    const addresses = [...body.matchAll(/\s(?:src|href|action|data|poster|srcset)="([^"]*)"/g)].map(([, address]) => address!);
    expect(addresses.length).toBeGreaterThan(2);
    expect(addresses.filter((address) => !/^(data:,|\/lab(\/|$))/.test(address))).toEqual([]);
    expect(body).not.toMatch(/url\(|@import|https?:\/\//);
  });

  test('runs the script and the style that are in it, and nothing else', async () => {
    const { body, headers } = await ask(`${node()}/`, BROWSER);
    const policy = Object.fromEntries(
      String(headers['content-security-policy'])
        .split('; ')
        .map((directive) => [directive.split(' ')[0]!, directive.split(' ').slice(1).join(' ')]),
    );
    const hash = (tag: string): string => {
      const [, content] = new RegExp(`<${tag}[^>]*>([^]*?)</${tag}>`).exec(body)!;
      return `'sha256-${createHash('sha256').update(content!).digest('base64')}'`;
    };
    expect(policy).toMatchObject({
      'default-src': "'none'",
      'script-src': hash('script'),
      'style-src': hash('style'),
      'connect-src': "'self'",
      'base-uri': "'none'",
      'form-action': "'none'",
      'frame-ancestors': "'none'",
    });
    expect(body.match(/<script/g)).toHaveLength(1);
    expect(body).not.toMatch(/\son\w+=|\sstyle=/);
  });

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
