import { describe, expect, test } from 'vitest';
import { beginThrowAwayOffer } from '../../src/signaling/throw-away-offer.ts';

const heard = (platform: never): unknown[] => {
  const all: unknown[] = [];
  const throwAway = beginThrowAwayOffer(platform);
  throwAway.whenMade((sdp) => all.push(sdp));
  return all;
};

const platformOf = (RTCPeerConnection: unknown): never => ({ RTCPeerConnection }) as never;

describe('throwAwayOffer', () => {
  const made = (members: object): { platform: never; calls: unknown[] } => {
    const calls: unknown[] = [];
    class PeerConnection {
      constructor() {
        calls.push('new');
        Object.assign(this, { addTransceiver: (...given: unknown[]) => calls.push(given), createOffer: () => ({ sdp: 'v=0' }) }, members);
      }
      close(): void {
        calls.push('close');
      }
    }
    return { platform: platformOf(PeerConnection), calls };
  };

  test('asks for video and audio to receive, and closes what it has made', () => {
    const { platform, calls } = made({});
    expect(heard(platform)).toEqual(['v=0']);
    expect(calls).toEqual(['new', ['video', { direction: 'recvonly' }], ['audio', { direction: 'recvonly' }], 'close']);
  });

  test('begins in the call, and is closed after it was made', () => {
    let answer: (offer: object) => void = () => undefined;
    const { platform, calls } = made({ createOffer: () => ({ then: (resolve: typeof answer) => void (answer = resolve) }) });
    const all = heard(platform);
    expect(calls.at(-1)).toEqual(['audio', { direction: 'recvonly' }]);
    expect(all).toEqual([]);
    answer({ sdp: 'v=0' });
    expect(all).toEqual(['v=0']);
    expect(calls.at(-1)).toBe('close');
  });

  test('a runtime without transceivers offers what it has', () => {
    const { platform } = made({ addTransceiver: undefined });
    expect(heard(platform)).toEqual(['v=0']);
  });

  test.each<[string, object]>([
    ['cannot offer', { createOffer: undefined }],
    ['makes no offer', { createOffer: () => undefined }],
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
  ])('one that %s is closed, and there is no SDP', (_, members) => {
    const { platform, calls } = made(members);
    expect(heard(platform)).toEqual([undefined]);
    expect(calls.at(-1)).toBe('close');
  });

  test('one that cannot be made gives no SDP', () => {
    expect(heard(platformOf(undefined))).toEqual([undefined]);
  });

  test('the SDP is made once for each constructor', () => {
    const { platform, calls } = made({});
    const other = made({ createOffer: () => ({ sdp: 'other' }) });
    expect(heard(platform)).toEqual(['v=0']);
    const length = calls.length;
    expect(heard(platform)).toEqual(['v=0']);
    expect(heard(other.platform)).toEqual(['other']);
    expect(calls).toHaveLength(length);
  });

  test('an offer that failed is not kept: the next session tries again', () => {
    let attempts = 0;
    const { platform } = made({
      createOffer: () => {
        attempts += 1;
        if (attempts === 1) throw new Error('not yet');
        return { sdp: 'v=0' };
      },
    });
    expect(heard(platform)).toEqual([undefined]);
    expect(heard(platform)).toEqual(['v=0']);
  });

  test('one that is stopped leaves nothing open, and what comes later is dropped', () => {
    let answer: (offer: object) => void = () => undefined;
    const { platform, calls } = made({ createOffer: () => ({ then: (resolve: typeof answer) => void (answer = resolve) }) });
    const all: unknown[] = [];
    const throwAway = beginThrowAwayOffer(platform);
    throwAway.whenMade((sdp) => all.push(sdp));
    throwAway.stop();
    throwAway.stop();
    answer({ sdp: 'v=0' });
    expect(all).toEqual([]);
    expect(calls.filter((each) => each === 'close')).toHaveLength(1);
    expect(heard(platform)).toEqual([]); // the SDP of a closed one is not kept
  });
});
