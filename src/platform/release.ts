/**
 * Calls a closing method that may do anything: false where it threw. A promise that it returns, as some runtimes do, may reject unheard.
 */
export function release(close: () => unknown): boolean {
  try {
    const result = close() as { then?: (resolved: () => void, rejected: () => void) => unknown } | null | undefined;
    if (typeof result?.then === 'function') result.then(ignore, ignore);
    return true;
  } catch {
    return false;
  }
}

const ignore = (): void => undefined;
