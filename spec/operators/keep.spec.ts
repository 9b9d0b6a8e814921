import { Subject, throwError } from 'rxjs';
import { expect, test } from 'vitest';
import { keep } from '../../src/operators/keep.ts';

test('keep subscribes, and lets go when told', () => {
  const subject = new Subject<number>();
  const subscription = keep(subject);
  expect(subject.observed).toBe(true);
  subscription.unsubscribe();
  expect(subject.observed).toBe(false);
});

test('keep has nobody to tell of a failure: it is no unhandled error (the setup of the specs would fail this test)', async () => {
  keep(throwError(() => new Error('failed')));
  await new Promise((resolve) => setTimeout(resolve, 0));
});
