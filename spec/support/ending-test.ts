import { tap } from 'rxjs';
import { expect, test } from 'vitest';
import type { MarbleDiagrams, MarbleValues } from '../../src/testing/marble-inputs.ts';
import type { Termination } from '../../src/termination/reason.ts';
import { EndingRig, ended, type EndingSetup } from './ending-rig.ts';
import { marbles } from './marbles.ts';

/** As a field of a case: the termination does not have it. */
export const absent: unique symbol = Symbol('absent');

/** A sentence about an ending as marbles: in this start state, when this happens, then this is emitted and this was sent. */
export interface EndingCase extends EndingSetup {
  readonly when: MarbleDiagrams;
  /** Meanings of further letters; a function gets the rig. */
  readonly values?: MarbleValues | ((rig: EndingRig) => MarbleValues);
  /** The letter `t` is the termination. */
  readonly then: string;
  /** What is known of it; nothing else is compared. */
  readonly termination?: Partial<Record<keyof Termination, unknown>> & { readonly [field: string]: unknown };
  /** `time via reason` of everything that was sent. By default nothing. */
  readonly sent?: readonly string[];
  /** When everything is closed; by default when the termination is emitted, once. */
  readonly closings?: readonly number[];
  readonly prepare?: (rig: EndingRig) => void;
}

export function endingTest(name: string, { when, values = {}, then, termination = {}, sent = [], prepare, ...rest }: EndingCase): void {
  test(
    name,
    marbles((m) => {
      const { closings, ...setup } = rest;
      const rig = new EndingRig(setup);
      prepare?.(rig);
      const emitted: number[] = [];
      const known = Object.entries(termination);
      const present = Object.fromEntries(known.filter(([, value]) => value !== absent));
      const missing = known.filter(([, value]) => value === absent).map(([field]) => field);
      const checked$ = rig.when(m, when, typeof values === 'function' ? values(rig) : values).pipe(
        tap((value) => {
          expect(missing.filter((field) => field in value)).toEqual([]);
          expect(JSON.parse(JSON.stringify(value))).toStrictEqual(value); // P29, in every case
        }),
      );
      m.expect(checked$).toBeObservable(then, { t: ended(present) });
      m.flush();
      expect(rig.port.sent).toEqual(sent);
      if (then.includes('t')) emitted.push(m.time(then.replace('t', '').replace('(|)', '|')));
      expect(rig.port.closings).toEqual(closings ?? emitted);
      for (const [name, subject] of Object.entries(rig.subjects))
        expect(`${name} ${subject.observed}`).toBe(`${name} ${!then.includes('t')}`);
    }),
  );
}
