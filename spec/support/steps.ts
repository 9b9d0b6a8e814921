import type { Step } from '../../src/termination/steps.ts';
import { FIRST_STEP } from '../../src/termination/steps.ts';

/** What is known of a W session that is connected, for a rule on its own. */
export const connectedStep: Step = { ...FIRST_STEP, phase: 'connected', health: 'connected', isInert: false };
