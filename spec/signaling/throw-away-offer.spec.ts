import { describe, expect, test } from 'vitest';
import type { Observable } from 'rxjs';
import { certificate, throwAwayOffer } from '../../src/signaling/preparation.ts';

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

  test('an offer that nobody waits for any more leaves nothing open', () => {
    const { platform, calls } = made({ createOffer: () => new Promise(() => undefined) });
    throwAwayOffer(platform).subscribe().unsubscribe();
    expect(calls.at(-1)).toBe('close');
  });
});

describe('certificate', () => {
  test('is ECDSA on the curve P-256, made by the method of the constructor', () => {
    const asked: unknown[] = [];
    const RTCPeerConnection = {
      generateCertificate(algorithm: unknown) {
        asked.push(this, algorithm);
        return 'certificate';
      },
    };
    expect(heard(certificate(platformOf(RTCPeerConnection)))).toEqual(['certificate', '|']);
    expect(asked).toEqual([RTCPeerConnection, { name: 'ECDSA', namedCurve: 'P-256' }]);
  });

  test.each<[string, unknown]>([
    ['there is no such method', {}],
    ['there is no constructor', undefined],
    [
      'it throws',
      {
        generateCertificate: () => {
          throw new Error('no');
        },
      },
    ],
  ])('there is none where %s', (_, RTCPeerConnection) => {
    expect(heard(certificate(platformOf(RTCPeerConnection)))).toEqual([undefined, '|']);
  });
});
