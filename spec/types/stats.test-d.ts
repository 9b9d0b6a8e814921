import { expectTypeOf } from 'vitest';
import type { InboundStats, Measure, OutboundStats, Session, StatsSample } from '../../src/index.ts';
import type { Observable } from 'rxjs';

declare const session: Session;

expectTypeOf(session.stats(500)).toEqualTypeOf<Observable<StatsSample>>();

// A derived value has three states, and the compiler insists on all of them.
expectTypeOf<Measure>().toEqualTypeOf<number | null | undefined>();
expectTypeOf<InboundStats['lossRatio']>().toEqualTypeOf<Measure>();
expectTypeOf<OutboundStats['rid']>().toEqualTypeOf<string | undefined>();
expectTypeOf<StatsSample['reports']>().toEqualTypeOf<readonly RTCStats[]>();
