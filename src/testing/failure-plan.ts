import type { TimedInput } from './scenario-event.ts';
import type { ScenarioStart } from './scenario-row.ts';

/** How the one `internal` of a row is brought about. `now`: the SDK is made to begin something that fails at once. */
export type FailurePlan = 'none' | 'now' | 'metadata' | 'offer' | 're-offer';

/** What the application does to end a session; a failure after it is one inside the closing. */
const endings: readonly TimedInput['kind'][] = ['disconnect', 'dispose', 'unsub', 'abort'];

/** Where the SDK has to be in the middle of something for a failure to happen, it is put there before. */
export function failurePlan(start: ScenarioStart, inputs: readonly TimedInput[]): FailurePlan {
  let state = start;
  let ending = false;
  for (const input of inputs) {
    if (input.kind === 'internal') {
      if (state === 'idle' || state === 'opening') return 'metadata';
      if (state === 'negotiating') return 'offer';
      return ending && state !== 'signaling' ? 're-offer' : 'now';
    }
    if (input.kind === 'ws.open' && state === 'opening') state = 'signaling';
    else if (input.kind === 'rx.offer' && state === 'signaling') state = 'negotiating';
    else if ((input.kind === 'pc' || input.kind === 'ice') && input.state === 'connected' && state === 'negotiating') state = 'connected';
    else if (endings.includes(input.kind)) ending = true;
  }
  return 'none';
}
