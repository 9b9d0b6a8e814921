import { describe, expect, test } from 'vitest';
import type { CallStep } from '../../src/reconnect/call-step.ts';
import type { ScenarioMode, ScenarioStart } from '../../src/testing/scenario-row.ts';
import { CallRig } from '../support/call-rig.ts';
import { nothingLeft } from '../support/nothing-left.ts';
import { useVirtualTime } from '../support/session-rig.ts';

useVirtualTime();

/** A moment in the life of a call. */
interface CutPoint {
  readonly name: string;
  readonly mode: ScenarioMode;
  readonly reach: (rig: CallRig) => void;
  /** A point that was not reached proves nothing. */
  readonly holds: (rig: CallRig, step: CallStep | undefined) => boolean;
}

const starts: readonly ScenarioStart[] = ['opening', 'signaling', 'negotiating', 'connected', 'switched'];
const isSession = (_: CallRig, step: CallStep | undefined): boolean => step?.kind === 'session';
const waitsFor =
  (why: 'backoff' | 'offline', attempt = 1) =>
  (_: CallRig, step: CallStep | undefined): boolean =>
    step?.kind === 'waiting' && step.why === why && step.attempt === attempt;

const cutPoints: readonly CutPoint[] = [
  ...(['W', 'M', 'D'] as const).flatMap((mode) =>
    starts
      .filter((start) => mode !== 'W' || start !== 'switched')
      .flatMap((start): CutPoint[] => [
        { name: `the first session, ${start}`, mode, reach: (rig) => rig.begin(start), holds: isSession },
        {
          name: `a session that came back, ${start}`,
          mode,
          reach: (rig) => rig.begin('connected').lose().pass(1250).reach(start),
          holds: (rig, step) => isSession(rig, step) && rig.sessions.length === 2,
        },
      ]),
  ),
  { name: 'in a wait', mode: 'W', reach: (rig) => rig.begin('connected').lose().pass(500), holds: waitsFor('backoff') },
  {
    name: 'in a wait for the third attempt',
    mode: 'W',
    reach: (rig) => rig.begin('opening').play('ws.error', 'ws.close 1006').pass(500).play('ws.error', 'ws.close 1006').pass(1),
    holds: waitsFor('backoff', 3),
  },
  { name: 'offline', mode: 'W', reach: (rig) => rig.begin('connected').turn(false).lose().pass(500), holds: waitsFor('offline') },
  {
    name: 'offline after a wait',
    mode: 'W',
    reach: (rig) => rig.begin('connected').lose().turn(false).pass(5000),
    holds: waitsFor('offline'),
  },
  {
    name: 'in the back-forward cache',
    mode: 'W',
    reach: (rig) => rig.begin('connected').play('pagehide-persisted').pass(400_000),
    holds: waitsFor('backoff'),
  },
];

const cuts: Readonly<Record<string, (rig: CallRig) => void>> = {
  unsubscribe: (rig) => {
    rig.subscription.unsubscribe();
  },
  'disconnect()': (rig) => {
    void rig.session.disconnect();
  },
  'a page that goes away for good, and unsubscribe': (rig) => {
    rig.play('pagehide');
    rig.subscription.unsubscribe();
  },
  'an error of now$': (rig) => {
    rig.failNow(new Error('button'));
  },
};

describe.each(cutPoints)('$name, mode $mode', ({ mode, reach, holds }) => {
  test.each(Object.keys(cuts))('%s: nothing is left, then and long after', (name) => {
    const rig = new CallRig({ mode });
    reach(rig);
    expect(holds(rig, rig.steps.at(-1))).toBe(true);
    const wasSession = rig.steps.at(-1)?.kind === 'session';
    cuts[name]?.(rig);
    // As long as a disconnect may wait for the server (T15, T21).
    rig.pass(3000);
    // Only a session can be disconnected: a wait is left by unsubscribing.
    if (name === 'disconnect()' && !wasSession) rig.subscription.unsubscribe();
    nothingLeft(rig);
    rig.pass(600_000);
    nothingLeft(rig);
    expect(rig.isListening).toBe(false);
    expect(rig.errors).toEqual(name === 'an error of now$' ? [new Error('button')] : []);
    expect(rig.isComplete).toBe(name === 'disconnect()' && wasSession);
    if (rig.isComplete) expect(rig.steps.at(-1)?.kind).toBe('over');
  });
});
