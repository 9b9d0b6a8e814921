import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import type { ScenarioRow } from '../../src/testing/scenario-row.ts';
import { scenario, type ScenarioSettings } from '../../src/testing/scenario.ts';
import { record } from '../../src/testing/recorder.ts';
import type { Recording } from '../../src/testing/recording.ts';
import { replay } from '../../src/testing/replay.ts';

const rows = JSON.parse(readFileSync(new URL('../fixtures/termination-scenarios.json', import.meta.url), 'utf8')) as ScenarioRow[];

const recorded = (row: ScenarioRow, settings: ScenarioSettings = {}) => {
  const recordings: Recording[] = [];
  const result = scenario(row, { ...settings, onSession: (session) => recordings.push(record(session)) });
  return { result, recording: recordings[0]! };
};

describe.each([false, true])('every row of the scenario data is replayed from its recording, compressed: %s', (compress) => {
  for (const row of rows) {
    test(row.id ?? '', () => {
      const { result, recording } = recorded(row, compress ? { compress } : {});
      const replayed = replay(String(recording));
      expect(replayed.differences).toEqual([]);
      expect(replayed.timeline).toEqual(result.timeline);
      expect(replayed.termination && { ...replayed.termination, at: result.termination?.at }).toEqual(result.termination);
      expect(replayed.errors).toEqual([]);
    });
  }
});
