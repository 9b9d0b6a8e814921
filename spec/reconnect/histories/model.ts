import type { CallStep } from '../../../src/reconnect/call-step.ts';
import type { Termination } from '../../../src/termination/reason.ts';
import type { Happening, History, HistoryPolicy } from './history.ts';
import type { Trace } from './play.ts';

/**
 * What the policy promises, said a second time: written from its documentation, with a clock and a list of events instead of streams. It takes
 * the ends of the sessions as they came and says which steps a call must make.
 */
export function judge({ policy, events }: History, trace: Trace): readonly string[] {
  const problems: string[] = [];
  const complain = (problem: string): void => void problems.push(problem);
  const { steps, ends, leftAt, completedAt } = trace;
  let next = 0;
  /** Takes the next step, which has to be there and to be as it is said. */
  function take(at: number, what: string, matches: (step: CallStep) => boolean): CallStep | null {
    const found = steps[next];
    next += 1;
    if (found === undefined) complain(`at ${at}: ${what} is missing`);
    else if (found.at !== at || !matches(found.step)) complain(`at ${at}: ${what} was expected, at ${found.at} came ${words(found.step)}`);
    else return found.step;
    return null;
  }
  function over(at: number, termination: Termination, attempts: number): void {
    take(at, `over ${attempts}`, (step) => step.kind === 'over' && step.termination === termination && step.attempts === attempts);
    if (completedAt !== at) complain(`at ${at}: the call is over, and completed at ${String(completedAt)}`);
  }

  let attempt = 1;
  let connectedUntil = 0;
  let isAtOnce = false;
  let previous: Termination | null = null;
  let at = 0;
  for (let index = 0; problems.length === 0; index += 1) {
    const before = previous;
    const number = attempt;
    const session = take(at, `session ${number}`, (step) => step.kind === 'session' && step.attempt === number && step.previous === before);
    const end = ends[index];
    // Nobody hears what an end would have led to once the call is left.
    if (session === null || end === undefined || end.isLeft) break;
    if (session.kind === 'session' && session.session !== end.session)
      complain(`at ${end.at}: another session ended than the one that stood`);
    const { termination } = end;
    previous = termination;
    at = end.at;

    const decision = decide(termination, policy);
    const wasConnected = termination.connectedAt !== null;
    if (decision === 'never') {
      over(at, termination, attempt);
      break;
    }
    const attempts = attempt;
    if (wasConnected) connectedUntil = at;
    attempt = wasConnected ? 1 : attempt + 1;
    const didNotLast = termination.connectedAt === null || termination.causeAt - termination.connectedAt < policy.settleMs;
    isAtOnce = decision === 'at-once' && !(isAtOnce && didNotLast);
    const shortestMs = isAtOnce ? 0 : wasConnected ? policy.settleMs : 0;
    const longestMs = isAtOnce ? 0 : shortestMs + Math.min(policy.maxDelayMs, policy.initialDelayMs * 2 ** (attempt - 1));
    const leftMs = policy.maxElapsedMs - (at - connectedUntil);
    const found = steps[next]?.step;
    if (attempt > policy.maxAttempts || (found?.kind === 'over' && Math.ceil(longestMs) > leftMs)) {
      over(at, termination, attempts);
      break;
    }
    if (found?.kind !== 'waiting') {
      complain(`at ${at}: a wait is missing`);
      break;
    }
    const { delayMs } = found;
    if (delayMs < shortestMs || delayMs > Math.ceil(longestMs)) complain(`a wait of ${delayMs} ms, not ${shortestMs} to ${longestMs}`);
    if (delayMs > leftMs) complain(`a wait of ${delayMs} ms, with ${leftMs} left`);

    // The wait, event by event. An event comes before a timer of its instant.
    let isOnline = onlineAfter(events.slice(0, end.events).map(({ what }) => what));
    let shown: 'backoff' | 'offline' | null = null;
    const show = (when: number, why: 'backoff' | 'offline'): void => {
      if (shown === why) return;
      shown = why;
      const [awaited, ms] = [attempt, delayMs];
      const isIt = (step: CallStep): boolean =>
        step.kind === 'waiting' && step.why === why && step.attempt === awaited && step.delayMs === ms && step.previous === termination;
      take(when, `${why} ${awaited}`, isIt);
    };
    show(at, isOnline ? 'backoff' : 'offline');
    const isCached = termination.kind === 'client-disconnect' && termination.trigger === 'pagehide';
    const dueAt = isCached ? Infinity : at + delayMs;
    const limitAt = isCached ? Infinity : at + leftMs;
    const moments = [
      ...events.slice(end.events).map((event) => ({ ...event })),
      { at: dueAt, what: 'due' as const },
      { at: limitAt, what: 'limit' as const },
      { at: leftAt ?? Infinity, what: 'leave' as const },
    ].sort((one, other) => one.at - other.at);
    let outcome: 'begin' | 'over' | 'left' = 'left';
    for (const moment of moments) {
      if (moment.at === Infinity || moment.what === 'leave') break;
      if (moment.what === 'limit') {
        over(moment.at, termination, attempts);
        outcome = 'over';
        break;
      }
      isOnline = onlineAfter([moment.what as Happening], isOnline);
      if (moment.what === 'offline') show(moment.at, 'offline');
      if (!['due', 'now', 'online', 'pageshow'].includes(moment.what)) continue;
      if (isOnline) {
        at = moment.at;
        outcome = 'begin';
        break;
      }
      show(moment.at, 'offline');
    }
    if (outcome !== 'begin') break;
  }

  if (problems.length === 0 && next !== steps.length)
    complain(`${steps.length - next} steps too many, the first is ${words(steps[next]?.step)}`);
  if ((completedAt === null) === (leftAt === null)) complain(`completed at ${String(completedAt)}, left at ${String(leftAt)}`);
  if (trace.mostAlive > 1) complain(`${trace.mostAlive} sessions at one time`);
  if (trace.openBefore > 0) complain('something of an older session was open when a session came');
  if (trace.left > 0) complain(`${trace.left} things are left`);
  for (const error of trace.errors) complain(`error: ${String(error)}`);
  // The budget once more, by counting: whatever the model says, nobody may try more often in a row.
  let inARow = 0;
  for (const { step } of steps) {
    if (step.kind !== 'session') continue;
    inARow = step.previous?.connectedAt === null ? inARow + 1 : 1;
    if (inARow > policy.maxAttempts) complain(`${inARow} attempts in a row, ${policy.maxAttempts} are allowed`);
  }
  return problems;
}

function decide(termination: Termination, policy: HistoryPolicy): string {
  const row = policy.decide[termination.kind];
  if (row !== undefined) return row;
  if (termination.kind === 'client-disconnect') return termination.trigger === 'pagehide' ? 'at-once' : 'never';
  return ['server-close', 'internal-error', 'signaling-invalid'].includes(termination.kind) ? 'never' : 'backoff';
}

function onlineAfter(whats: readonly Happening[], before = true): boolean {
  return whats.reduce((isOnline, what) => (/^(online|offline)/.test(what) ? what.startsWith('online') : isOnline), before);
}

function words(step: CallStep | undefined): string {
  if (step === undefined) return 'nothing';
  if (step.kind === 'over') return `over ${step.attempts} (${step.termination.kind})`;
  return step.kind === 'session' ? `session ${step.attempt}` : `${step.why} ${step.attempt} (${step.delayMs} ms)`;
}
