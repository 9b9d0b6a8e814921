import { expect, test } from 'vitest';
import { LayerChoices } from '../../src/media/layer-choices.ts';

test('without a wish the best layer, else the one of connect', () => {
  expect(new LayerChoices(undefined, false).choose('a', true)).toBeUndefined();
  expect(new LayerChoices('r1', false).choose('a', true)).toBe('r1');
});

test('a request for one sender, then one for all, which undoes it', () => {
  const layers = new LayerChoices('r2', false);
  layers.request('none', 'a');
  expect([layers.choose('a', true), layers.choose('b', true)]).toEqual(['none', 'r2']);
  layers.request('r0');
  expect([layers.choose('a', true), layers.choose('b', true)]).toEqual(['r0', 'r0']);
});

test('spotlight: by focus, overridden for all and for one, reset', () => {
  const layers = new LayerChoices('r2', { number: 3, focusRid: 'r1', unfocusRid: 'none' });
  const both = (id: string) => [layers.choose(id, true), layers.choose(id, false)];
  expect(both('a')).toEqual(['r1', 'none']);
  layers.requestSpotlight({ focusRid: 'r2', unfocusRid: 'r0' });
  layers.requestSpotlight({ focusRid: 'r0', unfocusRid: 'r0' }, 'a');
  expect([both('a'), both('b')]).toEqual([
    ['r0', 'r0'],
    ['r2', 'r0'],
  ]);
  layers.resetSpotlight('a');
  expect(both('a')).toEqual(['r2', 'r0']);
  layers.resetSpotlight();
  expect(both('a')).toEqual(['r1', 'none']);
  layers.request('r2', 'a');
  expect(both('a')).toEqual(['r2', 'r2']);
});
