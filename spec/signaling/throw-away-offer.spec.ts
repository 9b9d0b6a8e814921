import { describe, expect, test } from 'vitest';
import { type ThrowAway, beginThrowAwayOffer } from '../../src/signaling/throw-away-offer.ts';

const begun = (platform: never, sender: (() => never) | null = null): { throwAway: ThrowAway; heard: unknown[] } => {
  const heard: unknown[] = [];
  const throwAway = beginThrowAwayOffer(platform, sender ?? (() => null));
  throwAway.whenMade((sdp) => heard.push(sdp));
  return { throwAway, heard };
};

const platformOf = (RTCPeerConnection: unknown): never => ({ RTCPeerConnection }) as never;

const RECEIVING = { offerToReceiveAudio: true, offerToReceiveVideo: true };
const SDP = 'v=0\r\nm=video 9 UDP/TLS/RTP/SAVPF 96\r\n';

type Answer = (offer: object) => void;

describe('beginThrowAwayOffer', () => {
  /** A runtime that writes down what is asked of it; `members` replace its own. */
  const made = (members: object): { platform: never; calls: unknown[] } => {
    const calls: unknown[] = [];
    class PeerConnection {
      constructor() {
        calls.push('new');
        const createOffer = (options?: unknown): object => {
          calls.push(['createOffer', options]);
          return { sdp: SDP };
        };
        Object.assign(this, { addTransceiver: (...given: unknown[]) => calls.push(given), createOffer }, members);
      }
      close(): void {
        calls.push('close');
      }
    }
    return { platform: platformOf(PeerConnection), calls };
  };
  const later = (): { members: object; answer: Answer } => {
    let resolve: Answer = () => undefined;
    const members = { createOffer: () => ({ then: (next: Answer) => void (resolve = next) }) };
    return { members, answer: (offer) => resolve(offer) };
  };

  test('asks for video and audio to receive', () => {
    const { platform, calls } = made({});
    expect(begun(platform).heard).toEqual([SDP]);
    expect(calls).toEqual(['new', ['createOffer', RECEIVING]]);
  });

  describe('where a peer connection of the session will send audio and video', () => {
    test.each<[string, () => unknown]>([
      ['at once', () => ({ sdp: SDP })],
      ['synchronously', () => ({ then: (next: Answer) => next({ sdp: SDP }) })],
    ])('the offer is its own, none is made for it, and it is not closed: %s', (_, createOffer) => {
      const { platform, calls } = made({});
      const sender = { createOffer, close: () => calls.push('close') };
      const { throwAway, heard } = begun(platform, () => sender as never);
      throwAway.close();
      expect([heard, calls]).toEqual([[SDP], []]);
      expect(begun(platform).heard).toEqual([SDP]); // it is kept like any other
    });

    test.each<[string, object]>([
      ['cannot offer', {}],
      ['offers no media', { createOffer: () => ({ sdp: 'v=0' }) }],
    ])('one that %s has another one made', (_, sender) => {
      const { platform, calls } = made({});
      expect(begun(platform, () => sender as never).heard).toEqual([SDP]);
      expect(calls).toEqual(['new', ['createOffer', RECEIVING]]);
    });

    test('it is not asked for where the SDP is known', () => {
      const { platform } = made({});
      begun(platform);
      let asked = 0;
      expect(begun(platform, () => void (asked += 1) as never).heard).toEqual([SDP]);
      expect(asked).toBe(0);
    });

    test('what cannot be asked gives no SDP', () => {
      const sender = (): never => {
        throw new Error('no tracks');
      };
      expect(begun(made({}).platform, sender).heard).toEqual([undefined]);
    });
  });

  test('a runtime that does not know the options gets transceivers', () => {
    const offers: unknown[] = [];
    const { platform, calls } = made({
      createOffer: (options?: object) => {
        offers.push(options);
        return { sdp: options === undefined ? SDP : 'v=0\r\n' };
      },
    });
    expect(begun(platform).heard).toEqual([SDP]);
    expect(calls).toEqual(['new', ['video', { direction: 'recvonly' }], ['audio', { direction: 'recvonly' }]]);
    expect(offers).toEqual([RECEIVING, undefined]);
  });

  test('a runtime without transceivers offers what it has', () => {
    const { platform } = made({ addTransceiver: undefined, createOffer: () => ({ sdp: 'v=0' }) });
    expect(begun(platform).heard).toEqual(['v=0']);
  });

  test('begins in the call; the listener hears of it when it is made', () => {
    const { members, answer } = later();
    const { platform, calls } = made(members);
    const { heard } = begun(platform);
    expect([calls, heard]).toEqual([['new'], []]);
    answer({ sdp: SDP });
    expect(heard).toEqual([SDP]);
  });

  test('stays open until its owner closes it, once', () => {
    const { platform, calls } = made({});
    const { throwAway } = begun(platform);
    expect(calls).not.toContain('close');
    throwAway.close();
    throwAway.close();
    expect(calls.filter((each) => each === 'close')).toHaveLength(1);
  });

  test.each<[string, object]>([
    ['cannot offer', { createOffer: undefined }],
    ['makes no offer', { createOffer: () => undefined }],
    ['makes one without a description', { createOffer: () => ({}) }],
    [
      'throws',
      {
        createOffer: () => {
          throw new Error('no');
        },
      },
    ],
    [
      'rejects',
      {
        createOffer: () => ({
          then: (_: unknown, reject: (error: Error) => void) => {
            reject(new Error('no'));
          },
        }),
      },
    ],
  ])('one that %s gives no SDP, and can be closed', (_, members) => {
    const { platform, calls } = made(members);
    const { throwAway, heard } = begun(platform);
    throwAway.close();
    expect(heard).toEqual([undefined]);
    expect(calls.at(-1)).toBe('close');
  });

  test('one that cannot be made gives no SDP, and there is nothing to close', () => {
    const { throwAway, heard } = begun(platformOf(undefined));
    expect(() => throwAway.close()).not.toThrow();
    expect(heard).toEqual([undefined]);
  });

  test('the SDP is made once for each constructor', () => {
    const { platform, calls } = made({});
    const other = made({ createOffer: () => ({ sdp: `${SDP}m=other` }) });
    expect(begun(platform).heard).toEqual([SDP]);
    const { length } = calls;
    const second = begun(platform);
    second.throwAway.close();
    expect(second.heard).toEqual([SDP]);
    expect(begun(other.platform).heard).toEqual([`${SDP}m=other`]);
    expect(calls).toHaveLength(length);
  });

  test('an offer that failed is not kept: the next session tries again', () => {
    let attempts = 0;
    const { platform } = made({
      createOffer: () => {
        attempts += 1;
        if (attempts === 1) throw new Error('not yet');
        return { sdp: SDP };
      },
    });
    expect(begun(platform).heard).toEqual([undefined]);
    expect(begun(platform).heard).toEqual([SDP]);
  });

  test.each([SDP, 'v=0'])('one that is closed meanwhile drops what comes later: %j', (sdp) => {
    const { members, answer } = later();
    const { platform, calls } = made(members);
    const { throwAway, heard } = begun(platform);
    throwAway.close();
    answer({ sdp });
    expect(heard).toEqual([]);
    expect(calls).toEqual(['new', 'close']);
    expect(begun(platform).heard).toEqual([]); // the SDP of a closed one is not kept
  });
});
