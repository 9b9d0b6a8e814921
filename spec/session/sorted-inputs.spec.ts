import { Subject, map } from 'rxjs';
import { expect, test } from 'vitest';
import type { SessionInput } from '../../src/session/input.ts';
import { sortInputs } from '../../src/session/sorted-inputs.ts';

const answered: SessionInput = { kind: 'answered', via: 'websocket' };
const ending: SessionInput = { kind: 'ending' };

/** Readers of one kind, twice, and of all, who write down what they get and in which order. */
function sorted() {
  const inputSubject = new Subject<SessionInput>();
  const { of, all$ } = sortInputs(inputSubject);
  const log: string[] = [];
  const reader = (name: string) => ({
    next: ({ kind }: SessionInput) => log.push(`${name} ${kind}`),
    error: () => undefined,
    complete: () => log.push(`${name} |`),
  });
  of('answered').subscribe(reader('first'));
  all$.subscribe(reader('all'));
  of('answered').subscribe(reader('second'));
  return { inputSubject, of, all$, log, reader };
}

test('an input goes to those who asked for its kind or for all, in the order in which they came', () => {
  const { inputSubject, log } = sorted();
  inputSubject.next(answered);
  inputSubject.next(ending);
  expect(log).toEqual(['first answered', 'all answered', 'second answered', 'all ending']);
});

test('nothing is repeated to those who come later', () => {
  const { inputSubject, of, all$, log, reader } = sorted();
  inputSubject.next(ending);
  log.length = 0;
  of('ending').subscribe(reader('late'));
  all$.subscribe(reader('late'));
  expect(log).toEqual([]);
});

test('all complete with the inputs, and who comes later at once', () => {
  const { inputSubject, of, log, reader } = sorted();
  inputSubject.complete();
  expect([...log].sort()).toEqual(['all |', 'first |', 'second |']);
  of('answered').subscribe(reader('late'));
  expect(log.at(-1)).toBe('late |');
});

test('an error reaches all', () => {
  const { inputSubject, of, all$ } = sorted();
  const told: unknown[] = [];
  for (const stream$ of [of('ending'), all$]) stream$.subscribe({ error: (error: unknown) => told.push(error) });
  const error = new Error('a defect');
  inputSubject.error(error);
  expect(told).toEqual([error, error]);
});

test('nobody can write to them', () => {
  const { of, all$ } = sorted();
  for (const stream$ of [of('answered'), of('answered').pipe(map(() => 1)), all$]) expect('next' in stream$).toBe(false);
});

test('a kind that nobody has asked for before the end completes as well', () => {
  const { inputSubject, of, log, reader } = sorted();
  inputSubject.complete();
  of('ending').subscribe(reader('late'));
  expect(log.at(-1)).toBe('late |');
});
