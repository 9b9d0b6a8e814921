import { provideFreshBench } from './fresh.ts';
import { officialParty } from './official-party.ts';

provideFreshBench(officialParty);
