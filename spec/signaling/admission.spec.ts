import { describe, expect, test } from 'vitest';
import { type Admission, type Place, admit } from '../../src/signaling/admission.ts';

const before: Place = { isConnectSent: true, hasOffer: false, dataChannelSignaling: true, hasSwitched: false };
const plain: Place = { isConnectSent: true, hasOffer: true, dataChannelSignaling: false, hasSwitched: false };
const offered: Place = { isConnectSent: true, hasOffer: true, dataChannelSignaling: true, hasSwitched: false };
const switched: Place = { isConnectSent: true, hasOffer: true, dataChannelSignaling: true, hasSwitched: true };

const types = ['offer', 're-offer', 'update', 'redirect', 'switched', 'ping', 'push', 'notify', 'req-stats', 'close', 'connect'];

describe('which messages are in place on the WebSocket (Q64)', () => {
  const admitted = (place: Place, as: Admission): string[] => types.filter((type) => admit(type, undefined, place) === as);

  test('before the offer only the offer and a redirect are', () => {
    expect(admitted(before, 'act')).toEqual(['offer', 'redirect']);
    expect(admitted(before, 'unexpected-message')).toEqual([]);
  });

  test('before connect was sent nobody has asked for an offer (P09)', () => {
    expect(admitted({ ...before, isConnectSent: false }, 'act')).toEqual(['redirect']);
    expect(admitted({ ...before, isConnectSent: false }, 'unexpected-message')).toEqual([]);
  });

  test('after an offer without DataChannels everything is that needs none, and a second offer is an anomaly', () => {
    expect(admitted(plain, 'act')).toEqual(['re-offer', 'update', 'ping', 'push', 'notify']);
    expect(admitted(plain, 'unexpected-message')).toEqual(['offer']);
  });

  test('after an offer with DataChannels switched is as well, once', () => {
    expect(admitted(offered, 'act')).toEqual(['re-offer', 'update', 'switched', 'ping', 'push', 'notify']);
    expect(admitted(switched, 'act')).toEqual(['re-offer', 'update', 'ping', 'push', 'notify']);
  });

  test('everything else is ignored, close always (Q37)', () => {
    expect(admitted(before, 'ignore')).toEqual(types.filter((type) => type !== 'offer' && type !== 'redirect'));
    expect(admitted(switched, 'ignore')).toEqual(['redirect', 'switched', 'req-stats', 'close', 'connect']);
  });
});

describe('which messages are in place on a DataChannel (Q64)', () => {
  test.each<[string | undefined, string[]]>([
    ['signaling', ['re-offer', 'ping', 'push', 'notify', 'close']],
    ['notify', ['notify']],
    ['push', ['push']],
    ['stats', ['ping', 'req-stats']],
    ['rpc', []],
    ['#chat', []],
    ['constructor', []],
  ])('on %s: %j', (label, expected) => {
    expect(types.filter((type) => admit(type, label, switched) === 'act')).toEqual(expected);
    expect(types.filter((type) => admit(type, label, switched) === 'ignore')).toEqual(
      types.filter((type) => !expected.includes(type) && !(type === 'offer' && label === 'signaling')),
    );
  });

  test('a second offer is an anomaly on the channel signaling and ignored on any other', () => {
    expect(admit('offer', 'signaling', switched)).toBe('unexpected-message');
    expect(admit('offer', 'notify', switched)).toBe('ignore');
  });
});
