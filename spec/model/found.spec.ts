import { expect, test } from 'vitest';
import { scenario } from '../../src/testing/scenario.ts';

// What exploration has found, each with the shortest way there.

test('a switched that arrives when the peer connection has failed is not part of the value (Q02)', () => {
  const { termination } = scenario({ mode: 'M', start: 'connected', timeline: ['0 pc~ failed', '0 rx.switched T'] });

  expect(termination).toMatchObject({ kind: 'peer-connection-failed', switched: null });
});
