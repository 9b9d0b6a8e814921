import { expectTypeOf } from 'vitest';
import { type Session, type TimelineEntry, timeline } from '../../src/index.ts';
import type { Observable } from 'rxjs';

declare const session: Session;
declare const entry: TimelineEntry;

expectTypeOf(timeline(session)).toEqualTypeOf<Observable<TimelineEntry>>();

// `source` and `what` say what `detail` holds.
if (entry.source === 'datachannel' && entry.what === 'message') expectTypeOf(entry.detail.bytes).toEqualTypeOf<number>();
if (entry.source === 'datachannel' && entry.what === 'dropped') expectTypeOf(entry.detail.why).toEqualTypeOf<string>();
if (entry.source === 'websocket') expectTypeOf(entry.detail.url).toEqualTypeOf<string>();
if (entry.source === 'peer-connection' && entry.what === 'icecandidate') expectTypeOf(entry.detail.end).toEqualTypeOf<boolean>();
if (entry.source === 'session') expectTypeOf(entry.detail).toEqualTypeOf<undefined>();
