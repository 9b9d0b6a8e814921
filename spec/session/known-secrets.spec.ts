import { expect, test } from 'vitest';
import { createKnownSecrets } from '../../src/session/known-secrets.ts';
import type { OfferMessage } from '../../src/signaling/messages.ts';

const clean = (teach: (secrets: ReturnType<typeof createKnownSecrets>) => void, message: string): string => {
  const secrets = createKnownSecrets();
  teach(secrets);
  return secrets.clean({ where: 'x', name: 'Error', message }).message;
};

test('texts and numbers of any depth are taken out', () => {
  expect(clean(({ learn }) => learn({ a: [{ b: 'deep-secret' }, 123_456] }), 'got deep-secret, deep-secret and 123456')).toBe(
    'got [redacted], [redacted] and [redacted]',
  );
});

test('the longest goes first, so that nothing of it stays', () => {
  expect(clean(({ learn }) => learn(['secret', 'secret-and-more']), 'secret-and-more')).toBe('[redacted]');
});

test('short texts are words like any other', () => {
  expect(clean(({ learn }) => learn({ kind: 'abc' }), 'abc')).toBe('abc');
});

test('user, password and query of a URL', () => {
  expect(
    clean(({ learnUrl }) => learnUrl('wss://alice:open-sesame@sora.test/signaling?token=tick-et&x=1'), 'alice open-sesame tick-et'),
  ).toBe('[redacted] [redacted] [redacted]');
});

test('what an offer hands out', () => {
  const offer: OfferMessage = {
    type: 'offer',
    connection_id: 'C',
    sdp: 'v=0\r\na=ice-ufrag:ufra\r\na=ice-pwd:pass-word\r\n',
    metadata: { plan: 'hidden-plan' },
    config: { iceServers: [{ urls: ['turn:turn.test'], username: 'turn-user', credential: 'turn-pass' }] },
  };
  expect(clean(({ learnOffer }) => learnOffer(offer), 'ufra pass-word hidden-plan turn-user turn-pass')).toBe(
    '[redacted] [redacted] [redacted] [redacted] [redacted]',
  );
});

test('a failure without secrets stays as it is', () => {
  expect(clean(({ learn }) => learn(['secret-1', 'secret-2']), 'nothing to see')).toBe('nothing to see');
});

test('hostile amounts are bounded', () => {
  const many = Array.from({ length: 5000 }, (_, index) => `secret-${index}-of-many`);
  const secrets = createKnownSecrets();
  secrets.learn(many);
  expect(secrets.clean({ where: 'x', name: 'Error', message: 'secret-4999-of-many' }).message).toBe('secret-4999-of-many');
});
