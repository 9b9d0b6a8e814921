import { describe, expect, test } from 'vitest';
import type { AnswerSection } from '../../../src/rtc/sdp/answer.ts';
import { Negotiation } from '../../../src/rtc/sdp/negotiation.ts';
import type { NegotiationOptions, SectionOccupant } from '../../../src/rtc/sdp/negotiation.ts';
import type { MediaSection } from '../../../src/rtc/sdp/offer.ts';
import { answerTo, sectionsOf } from '../support/offer-and-answer.ts';

// The sections alone, with occupants that only count; what receivers and senders make of them is in `negotiation.spec.ts`.

const options: NegotiationOptions = {
  host: '192.0.2.1',
  port: 4000,
  ufrag: 'abcd',
  password: 'secret',
  fingerprint: 'AA:BB',
  application: undefined,
};
const withChannels: NegotiationOptions = {
  ...options,
  application: { kind: 'application', mid: 'data', sctpPort: 5000, maxMessageBytes: 262_144 },
};

interface Occupant extends SectionOccupant {
  readonly answers: AnswerSection[];
}

const occupant = (kind: 'audio' | 'video', mid: string, changes: Partial<MediaSection> = {}): Occupant => {
  const answers: AnswerSection[] = [];
  return {
    kind,
    answers,
    describe: () => ({
      kind,
      mid,
      direction: 'sendonly',
      released: false,
      codecs: [],
      simulcast: [],
      maxBitrateBps: undefined,
      track: { streamId: mid, trackId: mid, ssrc: 1, rtxSsrc: undefined },
      ...changes,
    }),
    answered: (section) => answers.push(section),
  };
};

/** The first two fields of each media line, which tell kind and whether the section is released, and the mid. */
const outline = (sdp: string): string[] =>
  sectionsOf(sdp).map(
    (lines) => `${(lines[0] ?? '').split(' ').slice(0, 2).join(' ')} ${lines.find((line) => line.startsWith('a=mid:'))?.slice(6) ?? ''}`,
  );

const negotiate = (negotiation: Negotiation): string => {
  const sdp = negotiation.offer();
  negotiation.answer(answerTo(sdp));
  return sdp;
};

const failure = (run: () => unknown): string => {
  try {
    run();
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
  return 'none';
};

describe('an offer is needed', () => {
  test('at first, and after each change until it is made', () => {
    const negotiation = new Negotiation(withChannels);
    expect(negotiation.needed).toBe(true);
    negotiate(negotiation);
    expect(negotiation.needed).toBe(false);
    const track = occupant('audio', 'a');
    negotiation.add(track, 'a', false);
    expect(negotiation.needed).toBe(true);
    negotiate(negotiation);
    negotiation.remove(track);
    expect(negotiation.needed).toBe(true);
    negotiate(negotiation);
    expect(negotiation.needed).toBe(false);
    expect(negotiation.reuse(occupant('audio', 'a'))).toBe('a');
    expect(negotiation.needed).toBe(true);
  });

  test('not when what is removed has no section', () => {
    const negotiation = new Negotiation(withChannels);
    negotiate(negotiation);
    negotiation.remove(occupant('audio', 'a'));
    expect(negotiation.needed).toBe(false);
  });
});

test('a session id is a number of 64 bits whose first is zero, another one each time (RFC 8829 section 5.2.1)', () => {
  const ids = [new Negotiation(options), new Negotiation(options)].map((negotiation) => /^o=- (\d+) 1 IN/m.exec(negotiation.offer())?.[1]);
  expect(new Set(ids).size).toBe(2);
  for (const id of ids) {
    expect(BigInt(id ?? '0')).toBeGreaterThan(0n);
    expect(BigInt(id ?? '0')).toBeLessThan(2n ** 63n);
  }
});

describe('a free section', () => {
  /** Two released sections, one of each kind, behind the channels. */
  const withFree = (): Negotiation => {
    const negotiation = new Negotiation(withChannels);
    const tracks = [occupant('audio', 'a'), occupant('video', 'v')];
    for (const [index, track] of tracks.entries()) negotiation.add(track, index === 0 ? 'a' : 'v', false);
    negotiate(negotiation);
    for (const track of tracks) negotiation.remove(track);
    expect(outline(negotiate(negotiation))).toEqual(['m=application 4000 data', 'm=audio 0 a', 'm=video 0 v']);
    return negotiation;
  };

  test('is for one track of its kind', () => {
    const negotiation = withFree();
    expect(negotiation.reuse(occupant('video', 'v'))).toBe('v');
    expect(negotiation.reuse(occupant('video', 'v'))).toBeUndefined();
    expect(negotiation.reuse(occupant('audio', 'a'))).toBe('a');
    expect(negotiation.reuse(occupant('audio', 'a'))).toBeUndefined();
  });

  test('that was taken between an offer and its answer is not free again by that answer, which is not for its track', () => {
    const negotiation = withFree();
    const offer = negotiation.offer();
    const track = occupant('video', 'v');
    negotiation.reuse(track);
    negotiation.answer(answerTo(offer));
    expect(track.answers).toEqual([]);
    expect(negotiation.reuse(occupant('video', 'v'))).toBeUndefined();
    negotiate(negotiation);
    expect(track.answers).toHaveLength(1);
  });
});

describe('a section that was never offered', () => {
  test('goes with its track, and no other does', () => {
    const negotiation = new Negotiation(withChannels);
    const tracks = ['a', 'b', 'c'].map((mid) => occupant('audio', mid));
    negotiation.add(tracks[0]!, 'a', false);
    negotiate(negotiation);
    negotiation.add(tracks[1]!, 'b', false);
    negotiation.add(tracks[2]!, 'c', false);
    negotiation.remove(tracks[1]!);
    expect(outline(negotiation.offer())).toEqual(['m=application 4000 data', 'm=audio 4000 a', 'm=audio 4000 c']);
  });

  test('is not expected in the answer', () => {
    const negotiation = new Negotiation(withChannels);
    const [early, late] = [occupant('audio', 'a'), occupant('audio', 'b')];
    negotiation.add(early, 'a', false);
    const offer = negotiation.offer();
    negotiation.add(late, 'b', false);
    negotiation.answer(answerTo(offer));
    expect([early.answers.length, late.answers.length]).toEqual([1, 0]);
    expect(outline(negotiate(negotiation))).toHaveLength(3);
    expect([early.answers.length, late.answers.length]).toEqual([2, 1]);
  });
});

test('a released section is inactive, and nothing is left of its track and layers', () => {
  const negotiation = new Negotiation(withChannels);
  const track = occupant('video', 'v', { simulcast: [{ rid: 'r0' }, { rid: 'r1' }] });
  negotiation.add(track, 'v', false);
  const before = sectionsOf(negotiate(negotiation))[1];
  expect(before).toEqual(expect.arrayContaining(['a=sendonly', 'a=msid:v v', 'a=simulcast:recv r0;r1']));
  negotiation.remove(track);
  const after = sectionsOf(negotiate(negotiation))[1];
  expect(after?.filter((line) => !before?.includes(line))).toEqual(['m=video 0 UDP/TLS/RTP/SAVPF ', 'a=inactive']);
  expect(after?.filter((line) => /^a=(msid|ssrc|rid|simulcast|sendonly|extmap:[56])/.test(line))).toEqual([]);
});

test('the placeholder is an audio section that is sent, and stays as it is', () => {
  const negotiation = new Negotiation(options);
  const [first, second] = [negotiate(negotiation), negotiate(negotiation)].map((sdp) => sectionsOf(sdp)[0]);
  expect(first).toContain('m=audio 4000 UDP/TLS/RTP/SAVPF 96');
  expect(first).toEqual(
    expect.arrayContaining(['a=mid:default', 'a=sendonly', 'a=rtpmap:96 opus/48000/2', 'a=msid:default default', 'a=ssrc:1 cname:default']),
  );
  expect(first?.some((line) => /^(b=|a=(rid|simulcast|ssrc-group))/.test(line))).toBe(false);
  expect(second).toEqual(first);
});

describe('an answer', () => {
  /** One track and channels, offered; `change` makes something else of the answer. */
  const answered = (change: (sdp: string) => string = (sdp) => sdp, from: NegotiationOptions = withChannels) => {
    const negotiation = new Negotiation(from);
    const track = occupant('audio', 'a');
    negotiation.add(track, 'a', true);
    const sdp = change(answerTo(negotiation.offer()));
    return { track, negotiation, answer: () => negotiation.answer(sdp) };
  };

  test('gives the transport, and the largest message that the client takes', () => {
    const transport = {
      ufrag: 'abcd',
      password: '0123456789012345678901',
      fingerprints: [{ algorithm: 'sha-256', value: 'AA:BB' }],
    };
    expect(answered().answer()).toEqual({ ...transport, maxMessageBytes: 262_144 });
    expect(answered(undefined, options).answer()).toEqual({ ...transport, maxMessageBytes: undefined });
    // RFC 8841 section 6: the attribute belongs to the channels' section, and counts where that is not rejected.
    const elsewhere = (sdp: string): string => sdp.replace('a=mid:a', 'a=max-message-size:1\r\na=mid:a');
    expect(answered(elsewhere).answer().maxMessageBytes).toBe(262_144);
    expect(answered((sdp) => sdp.replace('m=application 9', 'm=application 0')).answer().maxMessageBytes).toBeUndefined();
  });

  test('takes the transport of the first section that is not rejected', () => {
    const { answer } = answered((sdp) =>
      sdp.replace('m=audio 9', 'm=audio 0').replace('a=ice-ufrag:abcd', 'a=ice-ufrag:wrong').replace('a=setup:active', 'a=setup:passive'),
    );
    expect(answer()).toMatchObject({ ufrag: 'abcd' });
  });

  test('may leave the mids out', () => {
    const { track, answer } = answered((sdp) => sdp.replace(/a=mid:.*\r\n/g, ''));
    answer();
    expect(track.answers).toMatchObject([{ kind: 'audio', mid: '' }]);
  });

  test.each<[string, (sdp: string) => string]>([
    ['the answer has 1 sections, the offer has 2', (sdp) => sdp.slice(0, sdp.indexOf('m=application'))],
    ['section 0 of the answer is not audio with mid a', (sdp) => sdp.replace('m=audio', 'm=video')],
    ['section 1 of the answer is not application with mid data', (sdp) => sdp.replace('a=mid:data', 'a=mid:other')],
    ['the answer rejects every section', (sdp) => sdp.replace(/^(m=\w+) 9 /gm, '$1 0 ')],
    ['the answer has no ICE credentials', (sdp) => sdp.replace(/a=ice-ufrag:.*\r\n/g, '')],
    ['the answer has no ICE credentials', (sdp) => sdp.replace(/a=ice-pwd:.*\r\n/g, '')],
    ['the answer has no fingerprint', (sdp) => sdp.replace(/a=fingerprint:.*\r\n/g, '')],
    ['the answer must have a=setup:active, not passive', (sdp) => sdp.replace(/a=setup:active/g, 'a=setup:passive')],
    ['the answer must have a=setup:active, not none', (sdp) => sdp.replace(/a=setup:active\r\n/g, '')],
  ])('is refused with a reason: %s', (reason, change) => {
    const { track, answer } = answered(change);
    expect(failure(answer)).toBe(reason);
    expect(track.answers).toEqual([]);
  });

  test('needs an offer before it', () => {
    expect(failure(() => new Negotiation(options).answer('v=0\r\n'))).toBe('there is no offer that waits for an answer');
    const { negotiation, answer } = answered();
    answer();
    expect(failure(answer)).toBe('there is no offer that waits for an answer');
    expect(negotiation.needed).toBe(false);
  });
});
