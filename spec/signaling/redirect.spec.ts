import { describe, expect, test } from 'vitest';
import { createRedirects } from '../../src/signaling/redirect.ts';

const unexpected = { what: 'unexpected-message' };

describe('a redirect', () => {
  test.each([
    ['to another host', 'wss://a.test/signaling', 'wss://b.test/signaling'],
    ['to another path', 'wss://a.test/signaling', 'wss://a.test/other'],
    ['from ws to wss', 'ws://a.test/', 'wss://b.test/'],
    ['from ws to ws', 'ws://a.test/', 'ws://b.test/'],
    ['from a URL that cannot be read', 'signaling', 'ws://b.test/'],
  ])('%s is followed to the location as it was written', (_, from, location) => {
    expect(createRedirects().follow(from, location)).toEqual({ url: location });
  });

  test.each(['', 'signaling', 'https://b.test/', 'xwss://b.test/', 'wss://', 'wss://b.test/#', 'wss://b.test/#a'])(
    'no WebSocket can be opened to %j',
    (location) => {
      expect(createRedirects().follow('wss://a.test/', location)).toEqual({ what: 'schema' });
    },
  );

  test('from wss to ws is out of order', () => {
    expect(createRedirects().follow('wss://a.test/', 'ws://b.test/')).toEqual(unexpected);
  });

  test('to where the session came from is out of order, however the URL is written', () => {
    expect(createRedirects().follow('wss://a.test', 'wss://A.test:443/')).toEqual(unexpected);
  });

  test('back to a URL that was used two hops before is out of order', () => {
    const redirects = createRedirects();
    expect(redirects.follow('wss://a.test/', 'wss://b.test/')).toEqual({ url: 'wss://b.test/' });
    expect(redirects.follow('wss://b.test/', 'wss://a.test/')).toEqual(unexpected);
  });

  test('five hops are followed and no sixth (Q50)', () => {
    const redirects = createRedirects();
    const urlOf = (hop: number): string => `wss://host-${hop}.test/`;
    for (let hop = 0; hop < 5; hop += 1) expect(redirects.follow(urlOf(hop), urlOf(hop + 1))).toEqual({ url: urlOf(hop + 1) });
    expect(redirects.follow(urlOf(5), urlOf(6))).toEqual(unexpected);
  });
});
