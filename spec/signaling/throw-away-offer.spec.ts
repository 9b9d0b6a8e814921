import { describe, expect, test } from 'vitest';
import type { Observable } from 'rxjs';
import { throwAwayOffer } from '../../src/signaling/throw-away-offer.ts';

const heard = (source$: Observable<unknown>): unknown[] => {
  const all: unknown[] = [];
  source$.subscribe({ next: (each) => all.push(each), error: (error: unknown) => all.push(['#', error]), complete: () => all.push('|') });
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
    expect(heard(throwAwayOffer(platform))).toEqual(['v=0', '|']);
    expect(calls).toEqual(['new', ['video', { direction: 'recvonly' }], ['audio', { direction: 'recvonly' }], 'close']);
  });

  test('nothing is made before it is subscribed', () => {
    const { platform, calls } = made({});
    throwAwayOffer(platform);
    expect(calls).toEqual([]);
  });

  test('a runtime without transceivers offers what it has', () => {
    const { platform } = made({ addTransceiver: undefined });
    expect(heard(throwAwayOffer(platform))).toEqual(['v=0', '|']);
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
    expect(heard(throwAwayOffer(platform))).toEqual([undefined, '|']);
    expect(calls.at(-1)).toBe('close');
  });

  test('one that cannot be made gives no SDP', () => {
    expect(heard(throwAwayOffer(platformOf(undefined)))).toEqual([undefined, '|']);
  });

  test('the SDP is made once for each constructor', () => {
    const { platform, calls } = made({});
    const other = made({ createOffer: () => ({ sdp: 'other' }) });
    expect(heard(throwAwayOffer(platform))).toEqual(['v=0', '|']);
    const length = calls.length;
    expect(heard(throwAwayOffer(platform))).toEqual(['v=0', '|']);
    expect(heard(throwAwayOffer(other.platform))).toEqual(['other', '|']);
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
    expect(heard(throwAwayOffer(platform))).toEqual([undefined, '|']);
    expect(heard(throwAwayOffer(platform))).toEqual(['v=0', '|']);
  });

  test('an offer that nobody waits for any more leaves nothing open', () => {
    const { platform, calls } = made({ createOffer: () => new Promise(() => undefined) });
    throwAwayOffer(platform).subscribe().unsubscribe();
    expect(calls.at(-1)).toBe('close');
  });
});
