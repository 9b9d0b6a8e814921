import { asyncScheduler } from 'rxjs';

/** The wall clock, in Unix milliseconds; virtual inside `TestScheduler.run`. */
export const wallTime = (): number => asyncScheduler.now();
