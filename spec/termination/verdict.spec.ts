import { fc, test as propertyTest } from '@fast-check/vitest';
import { Subject, filter, race, type Observable } from 'rxjs';
import { describe, expect } from 'vitest';
import { applicationDisconnect } from '../../src/termination/rules/application-disconnect.ts';
import { internalError, signalingInvalid } from '../../src/termination/rules/anomaly.ts';
import { connectTimeout } from '../../src/termination/rules/connect-timeout.ts';
import { dataChannelLost } from '../../src/termination/rules/data-channel-lost.ts';
import { iceDisconnectedTimeout } from '../../src/termination/rules/ice-disconnected-timeout.ts';
import { peerConnectionFailed } from '../../src/termination/rules/peer-connection-failed.ts';
import { type Cause, entrant } from '../../src/termination/rules/rule.ts';
import { serverClosed } from '../../src/termination/rules/server-close.ts';
import { webSocketClosed, webSocketError } from '../../src/termination/rules/web-socket.ts';
import { type Step, broken, stepsOf } from '../../src/termination/steps.ts';
import { type Verdict, verdict } from '../../src/termination/verdict.ts';
import { runInVirtualTime, type VirtualTime } from '../../src/testing/virtual-time.ts';
import { course, eventsOf, type Course } from '../support/ending-arbitraries.ts';
import { EndingRig } from '../support/ending-rig.ts';

const RULES = 10;

/** The rules as the verdict lets them compete. */
function entrants(steps$: Observable<Step>, { config, port }: EndingRig): Observable<Cause>[] {
  const sound$ = steps$.pipe(filter(({ facts }) => !broken(facts.health)));
  const rules = [
    peerConnectionFailed(steps$),
    iceDisconnectedTimeout(sound$, config, port),
    webSocketClosed(sound$),
    webSocketError(sound$),
    serverClosed(sound$),
    dataChannelLost(sound$, config, port),
    applicationDisconnect(sound$),
    signalingInvalid(sound$),
    internalError(sound$),
    connectTimeout(sound$, config),
  ];
  expect(rules).toHaveLength(RULES);
  return rules.map(entrant);
}

/** Runs a course; `begin` subscribes to whatever is to be seen, before the start state is played. */
function run(
  drawn: Course,
  begin: (rig: EndingRig, steps$: Observable<Step>) => void,
  observe: (time: VirtualTime) => void = () => undefined,
) {
  const rig = new EndingRig(drawn.setup);
  const { errors } = runInVirtualTime(
    eventsOf(drawn, rig),
    200_000,
    () => {
      const stepSubject = new Subject<Step>();
      begin(rig, stepSubject);
      stepsOf(rig.sources, rig.config).subscribe(stepSubject);
      rig.begin();
    },
    observe,
  );
  expect(errors).toEqual([]);
}

/** Properties run many courses: slow machines need more than the usual limit. */
const PATIENCE_MS = 120_000;

describe('the contest of the rules', () => {
  propertyTest.prop([course(12)], { numRuns: 500 })(
    'at most one rule speaks on any step or timer, up to the verdict',
    (drawn) => {
      let turn = 0;
      const spoke: { readonly turn: number; readonly kind: string }[] = [];
      run(
        drawn,
        (rig, steps$) => {
          for (const rule$ of entrants(steps$, rig)) rule$.subscribe(({ kind }) => spoke.push({ turn, kind }));
        },
        () => (turn += 1),
      );
      expect(spoke.filter((each) => each.turn === spoke[0]?.turn).length).toBeLessThanOrEqual(1);
    },
    PATIENCE_MS,
  );

  const order = fc.shuffledSubarray([...Array(RULES).keys()], { minLength: RULES, maxLength: RULES });
  propertyTest.prop([course(12), order], { numRuns: 500 })(
    'the order of the entrants decides nothing',
    (drawn, permutation) => {
      const winners: Cause[] = [];
      const latched: Verdict[] = [];
      run(drawn, (rig, steps$) => {
        const competing = entrants(steps$, rig);
        race(permutation.map((index) => competing[index]!)).subscribe((cause) => winners.push(cause));
        race(competing).subscribe((cause) => winners.push(cause));
        verdict(steps$, rig.config, rig.port).subscribe((reached) => latched.push(reached));
      });
      expect(winners).toEqual(winners.length === 0 ? [] : [winners[0], winners[0]]);
      // The verdict may see the winner in another light (Q02, Q32), but has one exactly when the rules have.
      expect(latched).toHaveLength(winners.length / 2);
    },
    PATIENCE_MS,
  );
});
