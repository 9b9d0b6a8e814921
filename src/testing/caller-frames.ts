type Called = (...args: never[]) => unknown;

/** What V8 adds to Error, as far as the runtime has it. */
interface Traced {
  stackTraceLimit?: number;
  captureStackTrace?(holder: object, called: Called): void;
}

/** A spec lies deep below: between it and a failure are virtual time, RxJS and the tool of the runner. */
const DEEP = 200;

/** The lines of the stack above a function that is being called, the caller's own first; none where the runtime does not tell. */
export function framesAbove(called: Called): readonly string[] {
  const traced: Traced = Error;
  const holder: { stack?: string } = {};
  const { stackTraceLimit } = traced;
  if (traced.captureStackTrace === undefined || stackTraceLimit === undefined) return [];
  try {
    traced.stackTraceLimit = DEEP;
    traced.captureStackTrace(holder, called);
  } finally {
    traced.stackTraceLimit = stackTraceLimit;
  }
  const frames = (holder.stack ?? '').split('\n').filter((line) => /^\s+at /.test(line));
  const own = frames.findIndex((frame) => !isBetween(frame));
  return own < 0 ? frames : frames.slice(own);
}

/** Of RxJS, of a marble library, or of the runtime itself: these stand between a spec and the function that it calls. */
const isBetween = (frame: string): boolean => /[\\/]node_modules[\\/](rxjs|rxjs-marbles)[\\/]|\(<anonymous>\)|node:internal/.test(frame);

/** An error that points at the caller and not into this entry. */
export function pointingAt(error: Error, frames: readonly string[]): Error {
  if (frames.length > 0) error.stack = [`${error.name}: ${error.message}`, ...frames].join('\n');
  return error;
}

/** Adds the caller to an error that came from far below it; whatever else was thrown stays as it is. */
export function calledFrom(error: unknown, frames: readonly string[]): unknown {
  const [own] = frames;
  if (error instanceof Error && own !== undefined && error.stack?.includes(own) === false) {
    error.stack = [error.stack, ...frames].join('\n');
  }
  return error;
}
