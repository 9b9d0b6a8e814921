import { describe, expect, test } from 'vitest';
import { type Negotiation, type NegotiationConfig, StepError, createNegotiation } from '../../src/signaling/negotiation.ts';
import type { OfferMessage } from '../../src/wire/messages.ts';

interface Track {
  readonly kind: string;
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

/** Of a session that has nothing to send and has not ended. */
const plainConfig: Omit<NegotiationConfig, 'platform'> = { role: 'sendrecv', forceStereoOutput: false, isOver: () => false };

/** A negotiation whose runtime makes this peer connection, and what the offer contains beside its SDP. */
function negotiationOn(peerConnection: PeerConnection, config: Partial<NegotiationConfig> = {}, offer: Partial<OfferMessage> = {}) {
  function RTCPeerConnection(): PeerConnection {
    return peerConnection;
  }
  const negotiation = createNegotiation({ ...plainConfig, platform: { RTCPeerConnection: RTCPeerConnection as never }, ...config });
  negotiation.peerConnection({ type: 'offer', sdp: 'offered', connection_id: 'C', ...offer });
  return negotiation;
}

/** What comes of the answer to an offer. */
function answerOf(negotiation: Negotiation): unknown[] {
  const all: unknown[] = [];
  negotiation.answer(
    'offered',
    (sdp) => all.push(sdp),
    (error) => {
      const { where, message, cause } = error as StepError;
      all.push([error instanceof StepError, where, message, String(cause)]);
    },
  );
  return all;
}

const remote = ['setRemoteDescription', { type: 'offer', sdp: 'offered' }];
const answered = [['createAnswer'], ['setLocalDescription', { type: 'answer', sdp: 'made' }]];
const streamOf = (...tracks: Track[]): never => ({ id: 'S', getTracks: () => tracks }) as never;

const firstAnswer = (peerConnection: PeerConnection, config?: Partial<NegotiationConfig>, offer?: Partial<OfferMessage>): unknown[] =>
  answerOf(negotiationOn(peerConnection, config, offer));

describe('the first answer', () => {
  test('sets the offer, adds the tracks, asks the application, and then sets the answer', () => {
    const peerConnection = new PeerConnection();
    const [audio, video]: [Track, Track] = [{ kind: 'audio' }, { kind: 'video' }];
    const stream = streamOf(audio, video);
    const beforeAnswer = (given: PeerConnection): void => void given.calls.push('beforeAnswer');
    expect(firstAnswer(peerConnection, { stream, beforeAnswer })).toEqual(['local']);
    expect(peerConnection.calls).toEqual([remote, ['addTrack', audio, stream], ['addTrack', video, stream], 'beforeAnswer', ...answered]);
  });

  test('adds nothing without a stream', () => {
    const peerConnection = new PeerConnection();
    expect(firstAnswer(peerConnection)).toEqual(['local']);
    expect(peerConnection.calls).toEqual([remote, ...answered]);
  });

  test('is made on a runtime without addTrack and transceivers', () => {
    const peerConnection = Object.assign(new PeerConnection(), { addTrack: undefined, getTransceivers: undefined });
    const offer = { mid: { audio: '0', video: '1' }, simulcast: true, encodings: [] };
    expect(firstAnswer(peerConnection, { stream: streamOf({ kind: 'audio' }) }, offer)).toEqual(['local']);
  });

  test.each<[string, Partial<PeerConnection>, string]>([
    ['where the connection does not have its description', { localDescription: null }, 'made'],
    ['where its description has no SDP', { localDescription: {} }, 'made'],
    ['where the answer has no SDP either', { localDescription: null, answer: {} }, ''],
  ])('is the SDP that was made %s', (_, members, sdp) => {
    expect(firstAnswer(Object.assign(new PeerConnection(), members))).toEqual([sdp]);
  });
});

test('a later answer adds no track and changes no direction', () => {
  const peerConnection = new PeerConnection();
  const transceiver = { mid: '0', direction: 'inactive', sender: {} };
  peerConnection.transceivers = [transceiver];
  const beforeAnswer = (given: PeerConnection): void => void given.calls.push('beforeAnswer');
  const negotiation = negotiationOn(peerConnection, { stream: streamOf({ kind: 'audio' }), beforeAnswer }, { mid: { audio: '0' } });
  answerOf(negotiation);
  transceiver.direction = 'recvonly';
  peerConnection.calls.length = 0;
  expect(answerOf(negotiation)).toEqual(['local']);
  expect(peerConnection.calls).toEqual([remote, 'beforeAnswer', ...answered]);
  expect(transceiver.direction).toBe('recvonly');
});

test('nothing is done once the session has ended (Q61)', () => {
  const peerConnection = new PeerConnection();
  let isOver = false;
  const beforeAnswer = (given: PeerConnection): void => {
    given.calls.push('beforeAnswer');
    isOver = true;
  };
  expect(firstAnswer(peerConnection, { beforeAnswer, isOver: () => isOver })).toEqual([]);
  expect(peerConnection.calls).toEqual([remote, 'beforeAnswer']);
});

describe('the quick way', () => {
  /** A runtime whose peer connection can be made early; its promises are settled by hand. */
  function quick(members: object = {}): { negotiation: Negotiation; calls: string[] } {
    const calls: string[] = [];
    class Early {
      readonly localDescription = { sdp: 'local' };
      constructor() {
        calls.push('new');
        Object.assign(this, members);
      }
      setConfiguration(): void {
        calls.push('setConfiguration');
      }
      setRemoteDescription(): unknown {
        calls.push('setRemoteDescription');
        return undefined;
      }
      setLocalDescription(): unknown {
        calls.push('setLocalDescription');
        return undefined;
      }
      close(): void {
        calls.push('close');
      }
    }
    const negotiation = createNegotiation({ ...plainConfig, platform: { RTCPeerConnection: Early as never } });
    negotiation.prepare();
    return { negotiation, calls };
  }
  const offer: OfferMessage = { type: 'offer', sdp: 'offered', connection_id: 'C' };
  const refused = (what: string) => () => Promise.reject(new TypeError(what));

  test('takes the peer connection that was made before the offer, and queues both descriptions', () => {
    const { negotiation, calls } = quick();
    negotiation.peerConnection(offer);
    expect(answerOf(negotiation)).toEqual(['local']);
    expect(calls).toEqual(['new', 'setConfiguration', 'setRemoteDescription', 'setLocalDescription']);
  });

  test.each<[string, object, string, string]>([
    ['the offer', { setRemoteDescription: refused('no'), setLocalDescription: refused('nor') }, 'set-remote-description', 'no'],
    ['the answer', { setLocalDescription: refused('no') }, 'set-local-description', 'no'],
  ])('reports the first that fails, and nothing else: %s', async (_, members, where, message) => {
    const { negotiation } = quick(members);
    negotiation.peerConnection(offer);
    const all = answerOf(negotiation);
    await Promise.resolve().then(() => undefined);
    expect(all).toEqual([[true, where, '', `TypeError: ${message}`]]);
  });

  test('a connection without a description answers with none', () => {
    const { negotiation } = quick({ localDescription: null });
    negotiation.peerConnection(offer);
    expect(answerOf(negotiation)).toEqual(['']);
  });
});

describe('forceStereoOutput', () => {
  test.each([true, false])('asks for stereo where it is wanted: %s', (forceStereoOutput) => {
    const peerConnection = new PeerConnection();
    const lines = (parameters: string): string =>
      ['m=audio 9 X 111', 'a=setup:active', 'a=recvonly', 'a=rtpmap:111 opus/48000/2', `a=fmtp:111 ${parameters}`, ''].join('\r\n');
    peerConnection.answer = { sdp: lines('minptime=10') };
    firstAnswer(peerConnection, { forceStereoOutput });
    const sdp = lines(forceStereoOutput ? 'minptime=10;stereo=1' : 'minptime=10');
    expect(peerConnection.calls.at(-1)).toEqual(['setLocalDescription', { type: 'answer', sdp }]);
  });

  test('takes an answer without SDP', () => {
    const peerConnection = new PeerConnection();
    peerConnection.answer = {};
    firstAnswer(peerConnection, { forceStereoOutput: true });
    expect(peerConnection.calls.at(-1)).toEqual(['setLocalDescription', { type: 'answer', sdp: '' }]);
  });
});

describe('a step that fails is an error that names it (T26)', () => {
  test.each<[string, string]>([
    ['setRemoteDescription', 'set-remote-description'],
    ['addTrack', 'add-track'],
    ['getTransceivers', 'direction'],
    ['createAnswer', 'create-answer'],
    ['setLocalDescription', 'set-local-description'],
  ])('%s', (method, where) => {
    const peerConnection = new PeerConnection(method);
    expect(firstAnswer(peerConnection, { stream: streamOf({ kind: 'audio' }) }, { mid: { audio: '0' } })).toEqual([
      [true, where, '', `TypeError: ${method} failed`],
    ]);
    expect(peerConnection.calls.filter((each) => (each as unknown[])[0] === method).length).toBeLessThan(2);
  });

  test('the message of the application’s own step is replaced (P29)', () => {
    const beforeAnswer = (): never => {
      throw new RangeError('hidden');
    };
    const peerConnection = new PeerConnection();
    expect(firstAnswer(peerConnection, { beforeAnswer })).toEqual([[true, 'before-answer', 'beforeAnswer failed', 'RangeError: hidden']]);
    expect(peerConnection.calls).toEqual([remote]);
  });

  test('rtcConfiguration that throws, and a constructor that throws', () => {
    const rtcConfiguration = (): never => {
      throw new Error('hidden');
    };
    const thrown = (run: () => unknown): unknown => {
      try {
        return run();
      } catch (error) {
        return [(error as StepError).where, (error as StepError).message];
      }
    };
    expect(thrown(() => negotiationOn(new PeerConnection(), { rtcConfiguration }))).toEqual([
      'rtc-configuration',
      'rtcConfiguration threw',
    ]);
    const platform = {
      RTCPeerConnection: function () {
        throw new Error('limit');
      } as never,
    };
    expect(thrown(() => negotiationOn(new PeerConnection(), { platform }))).toEqual(['peer-connection', '']);
  });

  test('parameters that a sender refuses twice', () => {
    const peerConnection = new PeerConnection();
    const setParameters = (): never => {
      throw new TypeError('refused');
    };
    peerConnection.transceivers = [{ mid: '0', sender: { track: {}, setParameters } }];
    const offer = { mid: { video: '0' }, simulcast: true, encodings: [{ rid: 'r0' }] };
    expect(firstAnswer(peerConnection, { stream: streamOf() }, offer)).toEqual([[true, 'set-parameters', '', 'TypeError: refused']]);
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
  const wanted = (video: string | undefined): Partial<OfferMessage> => ({
    simulcast: true,
    encodings,
    ...(video !== undefined && { mid: { video } }),
  });

  test('the encodings are applied, the offer is set once more, and they are applied again', () => {
    const peerConnection = new PeerConnection();
    peerConnection.transceivers = [senderOf(peerConnection, '0', {}), senderOf(peerConnection, '1', {})];
    expect(firstAnswer(peerConnection, { stream: streamOf() }, wanted('1'))).toEqual(['local']);
    const applied = ['setParameters', '1', { encodings }];
    expect(peerConnection.calls).toEqual([remote, applied, remote, applied, ...answered]);
  });

  test('in Firefox the offer is set once, as a second time would remove every remote track and add it anew', () => {
    const peerConnection = new PeerConnection();
    peerConnection.transceivers = [senderOf(peerConnection, '1', {})];
    function RTCPeerConnection(): PeerConnection {
      return peerConnection;
    }
    const platform = { RTCPeerConnection: RTCPeerConnection as never, userAgent: 'Mozilla/5.0 Gecko/20100101 Firefox/145.0' };
    expect(firstAnswer(peerConnection, { platform, stream: streamOf() }, wanted('1'))).toEqual(['local']);
    expect(peerConnection.calls).toEqual([remote, ['setParameters', '1', { encodings }], ...answered]);
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
    ['no section whose name only contains it', 'video', [['video_1', {}]], null],
    [
      'the first section whose name contains video, where the offer names none',
      undefined,
      [
        ['audio_a', {}],
        ['video_b', {}],
        ['video_c', {}],
      ],
      'video_b',
    ],
    [
      'no section without a track',
      undefined,
      [
        ['video_a', null],
        ['video_b', undefined],
        ['video_c', {}],
      ],
      'video_c',
    ],
    [
      'no transceiver without a section',
      undefined,
      [
        [null, {}],
        ['video_b', {}],
      ],
      'video_b',
    ],
    ['none that the offer does not name', '2', [['0', {}]], null],
  ])('the sender is that of %s', (_, video, transceivers, expected) => {
    const peerConnection = new PeerConnection();
    peerConnection.transceivers = transceivers.map(([mid, track]) => senderOf(peerConnection, mid, track));
    expect(firstAnswer(peerConnection, { stream: streamOf() }, wanted(video))).toEqual(['local']);
    const applied = peerConnection.calls.filter((each) => (each as unknown[])[0] === 'setParameters').map((each) => (each as unknown[])[1]);
    expect(applied).toEqual(expected === null ? [] : [expected, expected]);
    const times = expected === null ? 1 : 2;
    expect(peerConnection.calls.filter((each) => (each as unknown[])[0] === 'setRemoteDescription')).toHaveLength(times);
  });

  test.each<[string, Partial<OfferMessage>, Partial<NegotiationConfig>]>([
    ['without encodings', { simulcast: true }, { stream: streamOf() }],
    ['where the offer says no', { simulcast: false, encodings }, { stream: streamOf() }],
    ['without a stream', { simulcast: true, encodings }, {}],
  ])('nothing is applied %s', (_, offer, config) => {
    const peerConnection = new PeerConnection();
    peerConnection.transceivers = [senderOf(peerConnection, '0', {})];
    firstAnswer(peerConnection, config, { mid: { video: '0' }, ...offer });
    expect(peerConnection.calls).toEqual([remote, ...answered]);
  });
});

describe('a section on which the server expects media', () => {
  const directions = (
    mid: NonNullable<OfferMessage['mid']>,
    ...transceivers: { mid: string | undefined; direction: string }[]
  ): string[] => {
    const peerConnection = new PeerConnection();
    peerConnection.transceivers = transceivers;
    firstAnswer(peerConnection, {}, { mid });
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

  test('is none without a name', () => {
    expect(directions({}, recvonly(undefined))).toEqual(['recvonly']);
  });

  test.each(['inactive', 'sendonly', 'stopped'])('stays as it is where it is %s', (direction) => {
    expect(directions({ audio: '0' }, { mid: '0', direction })).toEqual([direction]);
  });
});

describe('whether the peer connection that was made before the offer is used', () => {
  const lines = (...kinds: string[]): string => ['v=0', ...kinds.flatMap((kind, mid) => [`m=${kind} 9 X`, `a=mid:${mid}`])].join('\r\n');
  const [audio, video]: [Track, Track] = [{ kind: 'audio' }, { kind: 'video' }];

  /** How many peer connections are made: one if it is used. `since` are the tracks that the application has by the time of the offer. */
  function made(
    offer: Partial<OfferMessage>,
    tracks: readonly Track[] | null,
    members: object = { addTrack: () => undefined },
    since = tracks,
  ): number {
    let count = 0;
    let current = tracks;
    const stream = { getTracks: () => current } as unknown as NegotiationConfig['stream'];
    class Early {
      constructor() {
        count += 1;
        Object.assign(this, members);
      }
      setConfiguration(): undefined {
        return undefined;
      }
      close(): undefined {
        return undefined;
      }
    }
    const negotiation = createNegotiation({
      ...plainConfig,
      platform: { RTCPeerConnection: Early as never },
      stream: tracks === null ? undefined : stream,
    });
    negotiation.prepare();
    current = since;
    negotiation.peerConnection({ type: 'offer', sdp: '', connection_id: 'C', ...offer });
    return count;
  }

  test.each<[string, Partial<OfferMessage>, readonly Track[] | null]>([
    ['the server wants nothing and nothing is sent', { sdp: lines('audio') }, null],
    ['simulcast is offered to one that only receives', { sdp: lines('video'), simulcast: true }, null],
    ['audio alone is wanted and sent', { sdp: lines('audio', 'video'), mid: { audio: '0' } }, [audio]],
    ['video alone is wanted and sent', { sdp: lines('audio', 'video'), mid: { video: '1' } }, [video]],
  ])('it is where %s', (_, offer, tracks) => {
    expect(made(offer, tracks)).toBe(1);
  });

  test.each<[string, Partial<OfferMessage>, readonly Track[] | null]>([
    ['simulcast is offered to one that sends', { sdp: lines('video'), mid: { video: '0' }, simulcast: true }, [video]],
    ['the server wants video and audio is sent', { sdp: lines('audio', 'video'), mid: { video: '1' } }, [audio]],
    ['two tracks of one kind are sent', { sdp: lines('video', 'video'), mid: { video: '0' } }, [video, video]],
    ['another line than the first is meant', { sdp: lines('video', 'video'), mid: { video: '1' } }, [video]],
    ['no line of the kind is offered', { mid: { audio: '0' } }, [audio]],
    ['the offer names no lines', { sdp: lines('audio') }, [audio]],
  ])('it is not where %s', (_, offer, tracks) => {
    expect(made(offer, tracks)).toBe(2);
  });

  test.each<[string, readonly Track[]]>([
    ['exchanged one', [{ kind: 'audio' }]],
    ['added one', [audio, video]],
    ['taken it away', []],
  ])('it is not where the application has %s since', (_, tracks) => {
    const mid = { ...(tracks.includes(video) && { video: '1' }), ...(tracks.length > 0 && { audio: '0' }) };
    expect(made({ sdp: lines('audio', 'video'), mid }, [audio], undefined, tracks)).toBe(2);
  });

  test.each<[string, readonly Track[] | null, Partial<NegotiationConfig>, number]>([
    ['audio and video are sent', [audio, video], {}, 1],
    ['the role is to send only', [video, audio, video], { role: 'sendonly' }, 1],
    ['the role is to receive only', [audio, video], { role: 'recvonly' }, 0],
    ['only audio is sent', [audio, audio], {}, 0],
    ['only video is sent', [video], {}, 0],
    ['nothing is sent', null, {}, 0],
    ['the answer will be a careful one', [audio, video], { forceStereoOutput: true }, 0],
  ])('it is made at once and handed out to be asked for an offer where both kinds are sent: %s', (_, tracks, config, count) => {
    const made: object[] = [];
    class Early {
      readonly tracks: unknown[] = [];
      constructor() {
        made.push(this);
      }
      addTrack(track: unknown): void {
        this.tracks.push(track);
      }
      setConfiguration(): undefined {
        return undefined;
      }
    }
    const negotiation = createNegotiation({
      ...plainConfig,
      platform: { RTCPeerConnection: Early as never },
      stream: tracks === null ? undefined : streamOf(...tracks),
      ...config,
    });
    expect(negotiation.sender()).toBe(made[0] ?? null);
    expect(made).toEqual(count === 0 ? [] : [{ tracks }]);
    negotiation.sender();
    expect(made).toHaveLength(count); // and only once
  });

  test('one whose tracks cannot be added is closed, and not tried again', () => {
    const calls: string[] = [];
    class Early {
      constructor() {
        calls.push('new');
      }
      addTrack(): never {
        throw new Error('no');
      }
      setConfiguration(): undefined {
        return undefined;
      }
      close(): void {
        calls.push('close');
      }
    }
    const negotiation = createNegotiation({
      ...plainConfig,
      platform: { RTCPeerConnection: Early as never },
      stream: streamOf(audio, video),
    });
    expect(negotiation.sender()).toBeNull();
    negotiation.prepare();
    expect(calls).toEqual(['new', 'close']);
  });

  test('it is where the runtime has no addTrack', () => {
    expect(made({ sdp: lines('audio'), mid: { audio: '0' } }, [audio], {})).toBe(1);
  });
});

test('an error of a step is known by its name', () => {
  expect(new StepError('create-answer', null).name).toBe('StepError');
});
