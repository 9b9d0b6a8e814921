import { describe, expect, test } from 'vitest';
import type { Observable } from 'rxjs';
import type { StepError } from '../../src/signaling/failure.ts';
import { type NegotiationContext, answerOffer, answerReOffer } from '../../src/signaling/negotiation.ts';

interface Track {
  readonly kind: string;
  contentHint?: string;
}

/** A peer connection that writes down what is called, in order. */
class PeerConnection {
  readonly calls: unknown[] = [];
  readonly iceConnectionState = 'new';
  localDescription: { sdp?: string } | null = { sdp: 'local' };
  transceivers: object[] = [];
  answer: { sdp?: string } = { sdp: 'made' };
  readonly fails: string | null;

  constructor(fails: string | null = null) {
    this.fails = fails;
  }

  #note(name: string, ...given: unknown[]): void {
    this.calls.push([name, ...given]);
    if (this.fails === name) throw new TypeError(`${name} failed`);
  }
  setRemoteDescription(description: unknown): void {
    this.#note('setRemoteDescription', description);
  }
  setLocalDescription(description: unknown): void {
    this.#note('setLocalDescription', description);
  }
  createAnswer(): object {
    this.#note('createAnswer');
    return this.answer;
  }
  addTrack(track: unknown, stream: unknown): void {
    this.#note('addTrack', track, stream);
  }
  getTransceivers(): readonly object[] {
    if (this.fails === 'getTransceivers') throw new TypeError('getTransceivers failed');
    return this.transceivers;
  }
  close(): void {
    this.#note('close');
  }
}

const contextOf = (peerConnection: PeerConnection, members: Partial<NegotiationContext> = {}): NegotiationContext => ({
  peerConnection: peerConnection as never,
  mid: {},
  encodings: null,
  forceStereoOutput: false,
  contentHint: {},
  restoresReleased: false,
  ...members,
});

function heard(source$: Observable<string>): unknown[] {
  const all: unknown[] = [];
  source$.subscribe({
    next: (each) => all.push(each),
    error: (error: unknown) => all.push((error as StepError).failure),
    complete: () => all.push('|'),
  });
  return all;
}

const remote = ['setRemoteDescription', { type: 'offer', sdp: 'offered' }];
const answered = [['createAnswer'], ['setLocalDescription', { type: 'answer', sdp: 'made' }]];
const streamOf = (...tracks: Track[]): never => ({ id: 'S', getTracks: () => tracks }) as never;

describe('the first offer', () => {
  test('is set, the tracks are added with their hints, the application has its say, and then the answer is set', () => {
    const peerConnection = new PeerConnection();
    const [audio, video]: [Track, Track] = [{ kind: 'audio' }, { kind: 'video' }];
    const stream = streamOf(audio, video);
    const beforeAnswer = (given: PeerConnection): void => void given.calls.push('beforeAnswer');
    const context = contextOf(peerConnection, { stream, contentHint: { video: 'detail' }, beforeAnswer: beforeAnswer });
    expect(heard(answerOffer('offered', context))).toEqual(['local', '|']);
    expect(peerConnection.calls).toEqual([remote, ['addTrack', audio, stream], ['addTrack', video, stream], 'beforeAnswer', ...answered]);
    expect(audio).not.toHaveProperty('contentHint');
    expect(video.contentHint).toBe('detail');
  });

  test('without a stream nothing is added', () => {
    const peerConnection = new PeerConnection();
    expect(heard(answerOffer('offered', contextOf(peerConnection)))).toEqual(['local', '|']);
    expect(peerConnection.calls).toEqual([remote, ...answered]);
  });

  test('on a runtime without addTrack and transceivers it is answered all the same', () => {
    const peerConnection = Object.assign(new PeerConnection(), { addTrack: undefined, getTransceivers: undefined });
    const context = contextOf(peerConnection, {
      stream: streamOf({ kind: 'audio' }),
      mid: { audio: '0', video: '1' },
      encodings: [],
    });
    expect(heard(answerOffer('offered', context))).toEqual(['local', '|']);
  });

  test.each<[string, Partial<PeerConnection>, string]>([
    ['where the connection does not tell its description', { localDescription: null }, 'made'],
    ['where its description has no SDP', { localDescription: {} }, 'made'],
    ['where the answer has no SDP either', { localDescription: null, answer: {} }, ''],
  ])('the answer is the SDP that was made %s', (_, members, sdp) => {
    const peerConnection = Object.assign(new PeerConnection(), members);
    expect(heard(answerOffer('offered', contextOf(peerConnection)))).toEqual([sdp, '|']);
  });
});

test('a later offer adds no track and changes no direction', () => {
  const peerConnection = new PeerConnection();
  const transceiver = { mid: '0', direction: 'recvonly', sender: {} };
  peerConnection.transceivers = [transceiver];
  const beforeAnswer = (given: PeerConnection): void => void given.calls.push('beforeAnswer');
  const context = contextOf(peerConnection, {
    stream: streamOf({ kind: 'audio' }),
    mid: { audio: '0' },
    beforeAnswer: beforeAnswer,
  });
  expect(heard(answerReOffer('offered', context))).toEqual(['local', '|']);
  expect(peerConnection.calls).toEqual([remote, 'beforeAnswer', ...answered]);
  expect(transceiver.direction).toBe('recvonly');
});

describe('quirks of browsers', () => {
  test('released media lines are restored where that is wanted', () => {
    for (const restoresReleased of [true, false]) {
      const peerConnection = new PeerConnection();
      heard(answerReOffer('m=audio 0 X\r\n', contextOf(peerConnection, { restoresReleased })));
      expect(peerConnection.calls[0]).toEqual([
        'setRemoteDescription',
        { type: 'offer', sdp: `m=audio ${restoresReleased ? 9 : 0} X\r\n` },
      ]);
    }
  });

  test.each([true, false])('stereo is asked for where that is wanted: %s', (forceStereoOutput) => {
    const peerConnection = new PeerConnection();
    const lines = (parameters: string): string =>
      ['m=audio 9 X 111', 'a=setup:active', 'a=recvonly', 'a=rtpmap:111 opus/48000/2', `a=fmtp:111 ${parameters}`, ''].join('\r\n');
    peerConnection.answer = { sdp: lines('minptime=10') };
    heard(answerReOffer('offered', contextOf(peerConnection, { forceStereoOutput })));
    const sdp = lines(forceStereoOutput ? 'minptime=10;stereo=1' : 'minptime=10');
    expect(peerConnection.calls.at(-1)).toEqual(['setLocalDescription', { type: 'answer', sdp }]);
  });

  test('stereo is asked for of an answer without SDP too', () => {
    const peerConnection = new PeerConnection();
    peerConnection.answer = {};
    heard(answerReOffer('offered', contextOf(peerConnection, { forceStereoOutput: true })));
    expect(peerConnection.calls.at(-1)).toEqual(['setLocalDescription', { type: 'answer', sdp: '' }]);
  });
});

describe('T26: a step that fails is told by its name', () => {
  const track = { kind: 'audio' };
  test.each<[string, string]>([
    ['setRemoteDescription', 'set-remote-description'],
    ['addTrack', 'add-track'],
    ['getTransceivers', 'direction'],
    ['createAnswer', 'create-answer'],
    ['setLocalDescription', 'set-local-description'],
  ])('%s', (method, where) => {
    const peerConnection = new PeerConnection(method);
    const context = contextOf(peerConnection, { stream: streamOf(track), mid: { audio: '0' } });
    expect(heard(answerOffer('offered', context))).toEqual([{ where, name: 'TypeError', message: `${method} failed` }]);
    expect(peerConnection.calls.filter((each) => (each as unknown[])[0] === method).length).toBeLessThan(2);
  });

  test('P29: of the application’s own step the message is not repeated', () => {
    const beforeAnswer = (): never => {
      throw new RangeError('hidden');
    };
    const peerConnection = new PeerConnection();
    expect(heard(answerReOffer('offered', contextOf(peerConnection, { beforeAnswer })))).toEqual([
      { where: 'before-answer', name: 'RangeError', message: 'beforeAnswer failed' },
    ]);
    expect(peerConnection.calls).toEqual([remote]);
  });

  test('parameters that a sender refuses twice', () => {
    const peerConnection = new PeerConnection();
    const setParameters = (): never => {
      throw new TypeError('refused');
    };
    peerConnection.transceivers = [{ mid: '0', sender: { track: {}, setParameters } }];
    const context = contextOf(peerConnection, { mid: { video: '0' }, encodings: [{ rid: 'r0' }] });
    expect(heard(answerReOffer('offered', context))).toEqual([{ where: 'set-parameters', name: 'TypeError', message: 'refused' }]);
  });
});

describe('simulcast', () => {
  const encodings = [{ rid: 'r0', active: false }];
  const senderOf = (peerConnection: PeerConnection, mid: string | null, track: unknown): object => ({
    mid,
    sender: {
      track,
      getParameters: () => ({ encodings: [{ rid: 'r0' }] }),
      setParameters: (given: unknown) => peerConnection.calls.push(['setParameters', mid, given]),
    },
  });

  test('the encodings are applied, the offer is set once more, and they are applied again', () => {
    const peerConnection = new PeerConnection();
    peerConnection.transceivers = [senderOf(peerConnection, '0', {}), senderOf(peerConnection, '1', {})];
    expect(heard(answerReOffer('offered', contextOf(peerConnection, { mid: { video: '1' }, encodings })))).toEqual(['local', '|']);
    const applied = ['setParameters', '1', { encodings }];
    expect(peerConnection.calls).toEqual([remote, applied, remote, applied, ...answered]);
  });

  test.each<[string, string | undefined, readonly [string | null, unknown][], string | null]>([
    [
      'the section that the offer names',
      '1',
      [
        ['0', {}],
        ['1', {}],
      ],
      '1',
    ],
    ['not one whose name only holds it', 'video', [['video_1', {}]], null],
    [
      'without a name, the first that says video',
      undefined,
      [
        ['audio_a', {}],
        ['video_b', {}],
        ['video_c', {}],
      ],
      'video_b',
    ],
    [
      'not one without a track',
      undefined,
      [
        ['video_a', null],
        ['video_b', undefined],
        ['video_c', {}],
      ],
      'video_c',
    ],
    [
      'not one without a section',
      undefined,
      [
        [null, {}],
        ['video_b', {}],
      ],
      'video_b',
    ],
    ['none', '2', [['0', {}]], null],
  ])('the sender is that of %s', (_, video, transceivers, expected) => {
    const peerConnection = new PeerConnection();
    peerConnection.transceivers = transceivers.map(([mid, track]) => senderOf(peerConnection, mid, track));
    const mid = video === undefined ? {} : { video };
    expect(heard(answerReOffer('offered', contextOf(peerConnection, { mid, encodings })))).toEqual(['local', '|']);
    const applied = peerConnection.calls.filter((each) => (each as unknown[])[0] === 'setParameters').map((each) => (each as unknown[])[1]);
    expect(applied).toEqual(expected === null ? [] : [expected, expected]);
    const times = expected === null ? 1 : 2;
    expect(peerConnection.calls.filter((each) => (each as unknown[])[0] === 'setRemoteDescription')).toHaveLength(times);
  });

  test('without encodings nothing is applied', () => {
    const peerConnection = new PeerConnection();
    peerConnection.transceivers = [senderOf(peerConnection, '0', {})];
    heard(answerReOffer('offered', contextOf(peerConnection, { mid: { video: '0' } })));
    expect(peerConnection.calls).toEqual([remote, ...answered]);
  });
});

describe('a section on which the server expects media', () => {
  const directions = (mid: NegotiationContext['mid'], ...transceivers: { mid: string | undefined; direction: string }[]): string[] => {
    const peerConnection = new PeerConnection();
    peerConnection.transceivers = transceivers;
    heard(answerOffer('offered', contextOf(peerConnection, { mid })));
    return transceivers.map(({ direction }) => direction);
  };
  const recvonly = (mid: string | undefined): { mid: string | undefined; direction: string } => ({ mid, direction: 'recvonly' });

  test('can send, audio and video alike, and the others stay as they are', () => {
    expect(directions({ audio: '0', video: '1' }, recvonly('2'), recvonly('0'), recvonly('1'))).toEqual([
      'recvonly',
      'sendrecv',
      'sendrecv',
    ]);
    expect(directions({ video: '1' }, recvonly('0'), recvonly('1'))).toEqual(['recvonly', 'sendrecv']);
  });

  test('a section without a name is none that the server asked for', () => {
    expect(directions({}, recvonly(undefined))).toEqual(['recvonly']);
  });

  test.each(['inactive', 'sendonly', 'stopped'])('%s stays', (direction) => {
    expect(directions({ audio: '0' }, { mid: '0', direction })).toEqual([direction]);
  });
});
