import { config } from 'rxjs';
import { afterAll, afterEach } from 'vitest';

// An error that no subscriber handles must fail the test that caused it instead of vanishing in a timer.
const unhandled: unknown[] = [];
config.onUnhandledError = (error) => {
  unhandled.push(error);
};
afterAll(() => {
  config.onUnhandledError = null;
});
afterEach(() => {
  const errors = unhandled.splice(0);
  if (errors.length > 0) throw new Error('unhandled RxJS error', { cause: errors[0] });
});
