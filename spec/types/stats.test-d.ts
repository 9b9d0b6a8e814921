import { expectTypeOf } from 'vitest';
import { type InboundStats, type Measure, type OutboundStats, type Session, type StatsSample, stats } from '../../src/index.ts';
import type { Observable } from 'rxjs';

declare const session: Session;

expectTypeOf(stats(session, 500)).toEqualTypeOf<Observable<StatsSample>>();

// A derived value has three states, and the compiler insists on all of them.
expectTypeOf<Measure>().toEqualTypeOf<number | null | undefined>();
expectTypeOf<InboundStats['lossRatio']>().toEqualTypeOf<Measure>();
expectTypeOf<OutboundStats['rid']>().toEqualTypeOf<string | undefined>();
expectTypeOf<StatsSample['reports']>().toEqualTypeOf<readonly RTCStats[]>();
