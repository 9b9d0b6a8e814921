import { officialParty } from './official-party.ts';
import { provideBench } from './provide-bench.ts';
import { rxSoraParty } from './rx-sora-party.ts';

provideBench({ rxSora: rxSoraParty, official: officialParty });
