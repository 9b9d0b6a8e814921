import { config } from 'rxjs';
import { onTestFinished } from 'vitest';

/** The errors that RxJS reports from now on, because nobody handles them; until the end of the test they do not fail it. */
export function reportedErrors(): readonly unknown[] {
  const { onUnhandledError } = config;
  const reported: unknown[] = [];
  config.onUnhandledError = (error: unknown) => void reported.push(error);
  onTestFinished(() => {
    config.onUnhandledError = onUnhandledError;
  });
  return reported;
}
