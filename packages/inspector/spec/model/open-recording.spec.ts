import { readFileSync, readdirSync } from 'node:fs';
import { replay } from 'rx-sora/testing';
import { describe, expect, test } from 'vitest';
import { openRecording } from '../../src/model/open-recording.ts';

const FOLDER = new URL('../../../../spec/testing/recordings/', import.meta.url);
const recordings = readdirSync(FOLDER).map((name) => [name, readFileSync(new URL(name, FOLDER), 'utf8')] as const);

describe('a recording that is opened shows what a replay gives', () => {
  test.each(recordings)('%s', async (name, text) => {
    const { termination, timeline } = replay(text);
    const inspection = await openRecording(name, text, 10_000);
    expect(inspection.termination).toEqual(termination);
    expect(inspection.log.entries).toEqual(timeline);
    expect(inspection.replay).toEqual({ name, differences: [] });
    expect(inspection.state).toBe('ended');
    expect(inspection.session).toBeNull();
  });
});

test('a recording that was changed afterwards shows where the replay differs', async () => {
  const [, text = ''] = recordings.find(([name]) => name.includes('mixed-websocket-cut')) ?? [];
  const changed = text.replace('"kind":"websocket-closed","code":1006', '"kind":"websocket-closed","code":1001');
  expect(changed).not.toBe(text);
  const { replay: outcome } = await openRecording('changed', changed, 10_000);
  expect(outcome?.differences[0]).toMatch(/^termination was /);
});

test('a text that is not a recording is refused', async () => {
  await expect(openRecording('notes.txt', 'hello', 100)).rejects.toThrow(SyntaxError);
});
