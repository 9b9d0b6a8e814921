import { observedParty } from './observed-party.ts';
import { provideBench } from './provide-bench.ts';
import { rxSoraParty } from './rx-sora-party.ts';

// In the place of the official SDK stands rx-sora as it is.
provideBench({ rxSora: observedParty, official: rxSoraParty });
