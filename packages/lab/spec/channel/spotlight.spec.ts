import { expect, test } from 'vitest';
import { Spotlight, type FocusChange } from '../../src/channel/spotlight.ts';

const stage = (number: number): { spotlight: Spotlight; changes: string[]; speak: (id: string, packets?: number) => void } => {
  const changes: string[] = [];
  const note = ({ connectionId, focused, fixed }: FocusChange): void =>
    void changes.push(`${focused ? '+' : '-'}${connectionId}${fixed ? ' fixed' : ''}`);
  const spotlight = new Spotlight(number, note);
  return {
    spotlight,
    changes,
    speak: (id, packets = 5) => {
      for (let count = 0; count < packets; count += 1) spotlight.onAudioLevel(id, { dBov: -20, voice: true });
    },
  };
};

test('who speaks long enough comes into focus, the one longest silent leaves', () => {
  const { spotlight, changes, speak } = stage(2);
  speak('a');
  speak('b');
  speak('a');
  speak('c');
  expect(changes).toEqual(['+a', '+b', '-b', '+c']);
  expect(spotlight.focused).toEqual(['c', 'a']);
});

test('a click, a whisper and noise without voice are no speech', () => {
  const { spotlight, changes, speak } = stage(2);
  speak('a', 4);
  spotlight.onAudioLevel('a', { dBov: -20, voice: false });
  speak('a', 4);
  for (let count = 0; count < 20; count += 1) spotlight.onAudioLevel('b', { dBov: -60, voice: true });
  expect(changes).toEqual([]);
});

test('fixed ones keep their place whoever speaks, and are reported once', () => {
  const { spotlight, changes, speak } = stage(2);
  spotlight.focus('a', true);
  spotlight.focus('a', true);
  spotlight.focus('a', false);
  speak('b');
  speak('c');
  expect(changes).toEqual(['+a fixed', '+b', '-b', '+c']);
  expect(spotlight.isFixed('a')).toBe(true);
});

test('fixing one in focus tells the change, unfocus ends both', () => {
  const { spotlight, changes, speak } = stage(1);
  speak('a');
  spotlight.focus('a', true);
  spotlight.unfocus('a');
  expect(changes).toEqual(['+a', '+a fixed', '-a fixed']);
});

test('a smaller number puts the last ones out', () => {
  const { spotlight, changes, speak } = stage(3);
  for (const id of ['a', 'b', 'c']) speak(id);
  spotlight.setNumber(1);
  expect(changes.slice(3)).toEqual(['-b', '-a']);
  expect(spotlight.number).toBe(1);
});
