import { expect, test } from 'vitest';
import { marbleText } from '../../src/testing/marble-text.ts';

test('draws a line per stream and a column per instant', () => {
  const picture = marbleText([
    { name: 'application', marks: [{ at: 0, text: 'disconnect' }] },
    {
      name: 'webSocket',
      marks: [
        { at: 3000, text: 'error' },
        { at: 3000, text: 'close 1006' },
      ],
    },
    { name: 'quiet', marks: [] },
    { name: 'termination$', marks: [{ at: 3000, text: 'client-disconnect' }], endsAt: 3000 },
  ]);
  expect(picture.split('\n')).toEqual([
    'ms            0          3000',
    'application   disconnect──────────────────────▶',
    'webSocket     ───────────(error · close 1006)─▶',
    'quiet         ────────────────────────────────▶',
    'termination$  ───────────client-disconnect|',
  ]);
});

test('leaves out lines without a mark where asked to, and names its unit', () => {
  const lanes = [
    { name: 'a', marks: [{ at: 1, text: 'x' }] },
    { name: 'b', marks: [] },
  ];
  expect(marbleText(lanes, { unit: 'frame', showEmpty: false })).toBe('frame  1\na      x─▶');
});

test('gives the characters of East Asian scripts two columns', () => {
  expect(
    marbleText([
      { name: '切断', marks: [{ at: 0, text: '空' }] },
      { name: 'ab', marks: [] },
    ]),
  ).toBe('ms    0\n切断  空─▶\nab    ───▶');
});
