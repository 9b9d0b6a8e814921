import { provideFreshBench } from './fresh.ts';
import { observedParty } from './observed-party.ts';

provideFreshBench(observedParty);
