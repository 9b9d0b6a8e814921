import { expect, test } from 'vitest';
import { parseAnswer } from '../../../src/rtc/sdp/answer.ts';
import { SdpError } from '../../../src/rtc/sdp/sdp-error.ts';
import { pseudoRandom } from '../support/pseudo-random.ts';
import { sampleAnswer as answer } from '../support/sample-answer.ts';

const codeOf = (sdp: unknown): string => {
  try {
    parseAnswer(sdp);
  } catch (error) {
    if (error instanceof SdpError) return error.code;
    throw error;
  }
  return 'none';
};

test('10 000 damaged answers give a result or an SdpError, nothing else', () => {
  const random = pseudoRandom(8);
  for (let round = 0; round < 10_000; round++) {
    const at = random.below(answer.length);
    const cut = random.below(20);
    const damaged = answer.slice(0, at) + random.bytes(random.below(4)).toString('latin1') + answer.slice(at + cut);
    expect(['none', 'malformed']).toContain(codeOf(damaged));
  }
});
