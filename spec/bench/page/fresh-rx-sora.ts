import { provideFreshBench } from './fresh.ts';
import { rxSoraParty } from './rx-sora-party.ts';

provideFreshBench(rxSoraParty);
