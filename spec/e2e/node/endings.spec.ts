import { startLab, type Lab } from 'rx-sora-lab';
import { afterAll, afterEach, beforeAll, beforeEach, describe, test } from 'vitest';
import { announcedEnding, endingCases, playEnding } from '../support/ending-cases.ts';
import { playIntroduction } from '../support/introduction.ts';
import { nodeStage, type NodeStage } from '../support/node-stage.ts';

/** A werift client lets go without a word: the lab is not to listen for long. */
const options = { normalCloseReason: true, lingerMs: 500 };

let lab: Lab;
let announcing: Lab;
let stage: NodeStage;

beforeAll(async () => {
  [lab, announcing] = await Promise.all([startLab(options), startLab({ ...options, closeMessage: true })]);
});
afterAll(async () => {
  await Promise.all([lab.close(), announcing.close()]);
});
beforeEach(() => {
  stage = nodeStage();
});
afterEach(() => stage.close());

// A silent peer is left out: werift notices it only after half a minute, and ends by its own clock.
describe('Node with werift: every end is told once, for the right reason, and leaves nothing behind', () => {
  test('connect says what the runtime can receive', async () => {
    await playIntroduction(stage, lab);
  });

  test.each(endingCases)('$name, mode $mode', async (row) => {
    await playEnding(row, stage, lab);
  });

  test(`${announcedEnding.name}, mode D`, async () => {
    await playEnding(announcedEnding, stage, announcing);
  });
});
