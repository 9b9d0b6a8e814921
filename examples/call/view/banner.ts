import type { CallStep, SessionState, Termination } from 'rx-sora';
import { EMPTY, type Observable, fromEvent } from 'rxjs';
import { element } from './element.ts';
import { showInCall } from './room.ts';

const banner = element('div', 'banner');
const text = element('p', 'why');
const retry = element('button', 'retry');
const state = element('output', 'state');
const problem = element('p', 'problem');

/** The user does not want to wait. */
export const retry$: Observable<Event> = fromEvent(retry, 'click');

/** Where the call stands, as far as the user has to know. */
export function showStep(step: CallStep | null, describe: (termination: Termination) => string): void {
  text.textContent = step === null ? '' : textOf(step, describe);
  banner.hidden = text.textContent === '';
  retry.hidden = step?.kind !== 'waiting' || step.why === 'offline';
  showInCall(step !== null && step.kind !== 'over');
}

function textOf(step: CallStep, describe: (termination: Termination) => string): string {
  switch (step.kind) {
    case 'session':
      return step.previous === null ? '' : `Attempt ${step.attempt} to come back …`;
    case 'waiting': {
      if (step.why === 'offline') return 'You are offline. The call goes on as soon as the network is back.';
      return `Connection lost: ${describe(step.previous)} Attempt ${step.attempt} in ${Math.ceil(step.delayMs / 1000)} s.`;
    }
    case 'over':
      return `The call is over: ${describe(step.termination)}`;
  }
}

/** The state of the session that stands. The banner is about what is not connected. */
export function showState(now: SessionState | null): void {
  state.textContent = now ?? 'not connected';
  if (now !== 'connected') return;
  banner.hidden = true;
  problem.hidden = true;
}

/** What the user should know went wrong; nothing comes of it. */
export function failed(error: unknown): Observable<never> {
  problem.textContent = error instanceof Error ? error.message : String(error);
  problem.hidden = false;
  return EMPTY;
}
