import { Inspection } from './inspection.ts';

/**
 * Replays a recording and gives what it shows as an inspection. What replays it is loaded only now.
 *
 * @throws SyntaxError for a text that is not a recording
 */
export async function openRecording(name: string, text: string, capacity: number): Promise<Inspection> {
  const { replay } = await import('rx-sora/testing');
  const { termination, timeline, recorded, differences } = replay(text);
  const inspection = new Inspection(capacity, null, { name, differences });
  // A replay that stopped short shows what was recorded.
  for (const entry of timeline.length >= recorded.timeline.length ? timeline : recorded.timeline) inspection.takeEntry(entry);
  inspection.termination = termination ?? recorded.termination;
  return inspection;
}
