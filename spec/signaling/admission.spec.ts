import { describe, expect, test } from 'vitest';
import { type Admission, type Place, admit, advance } from '../../src/signaling/protocol.ts';

const before: Place = { offered: null, switched: false };
const plain: Place = { offered: { dataChannelSignaling: false }, switched: false };
const offered: Place = { offered: { dataChannelSignaling: true }, switched: false };
const switched: Place = { offered: { dataChannelSignaling: true }, switched: true };

const types = ['offer', 're-offer', 'update', 'redirect', 'switched', 'ping', 'push', 'notify', 'req-stats', 'close', 'connect'];

describe('Q64: what is in place on the WebSocket', () => {
  const admitted = (place: Place, as: Admission): string[] => types.filter((type) => admit({ type, via: 'websocket' }, place) === as);

  test('before the offer: the offer and a redirect', () => {
    expect(admitted(before, 'act')).toEqual(['offer', 'redirect']);
    expect(admitted(before, 'unexpected-message')).toEqual([]);
  });

  test('after an offer without channels: everything that needs no channels', () => {
    expect(admitted(plain, 'act')).toEqual(['re-offer', 'update', 'ping', 'push', 'notify']);
    expect(admitted(plain, 'unexpected-message')).toEqual(['offer']);
  });

  test('after an offer with channels: the switch as well, once', () => {
    expect(admitted(offered, 'act')).toEqual(['re-offer', 'update', 'switched', 'ping', 'push', 'notify']);
    expect(admitted(switched, 'act')).toEqual(['re-offer', 'update', 'ping', 'push', 'notify']);
  });

  test('Q37: what is out of place is ignored, a close and an unknown type always', () => {
    expect(admitted(before, 'ignore')).toEqual(types.filter((type) => type !== 'offer' && type !== 'redirect'));
    expect(admitted(switched, 'ignore')).toEqual(['redirect', 'switched', 'req-stats', 'close', 'connect']);
  });
});

describe('Q64: what is in place on a DataChannel', () => {
  test.each<[string | undefined, string[]]>([
    ['signaling', ['re-offer', 'ping', 'push', 'notify', 'close']],
    ['notify', ['notify']],
    ['push', ['push']],
    ['stats', ['ping', 'req-stats']],
    ['rpc', []],
    ['#chat', []],
    [undefined, []],
  ])('on %s: %j', (label, expected) => {
    const via = 'datachannel';
    const arrival = label === undefined ? ({ via } as const) : ({ via, label } as const);
    expect(types.filter((type) => admit({ type, ...arrival }, switched) === 'act')).toEqual(expected);
    expect(types.filter((type) => admit({ type, ...arrival }, switched) === 'ignore')).toEqual(
      types.filter((type) => !expected.includes(type) && !(type === 'offer' && label === 'signaling')),
    );
  });

  test('a second offer on the channel of signaling is an anomaly, on another one it is ignored', () => {
    expect(admit({ type: 'offer', via: 'datachannel', label: 'signaling' }, switched)).toBe('unexpected-message');
    expect(admit({ type: 'offer', via: 'datachannel', label: 'notify' }, switched)).toBe('ignore');
  });
});

describe('what a message changes', () => {
  const offer = { type: 'offer', sdp: '', connection_id: 'C' } as const;

  test('Q66: an offer says whether signaling moves; where it does not, what was asked for counts', () => {
    expect(advance(before, { ...offer, data_channel_signaling: true }, false)).toEqual(offered);
    expect(advance(before, { ...offer, data_channel_signaling: false }, true)).toEqual(plain);
    expect(advance(before, offer, true)).toEqual(offered);
    expect(advance(before, offer, false)).toEqual(plain);
  });

  test('the switch is remembered, and what the offer said with it', () => {
    expect(advance(offered, { type: 'switched', ignore_disconnect_websocket: true }, false)).toEqual(switched);
  });

  test('anything else changes nothing', () => {
    expect(advance(offered, { type: 'ping' }, true)).toBe(offered);
  });
});
