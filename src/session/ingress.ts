import { EMPTY, type Observable, connect, filter, from, fromEvent, map, merge, mergeMap, of, scan } from 'rxjs';
import type { EventSource } from '../platform/w3c.ts';
import { type IncomingConfig, incoming } from '../signaling/incoming.ts';
import { checkMessage } from '../signaling/messages.ts';
import { type Place, admit, advance } from '../signaling/protocol.ts';
import type { Sighting } from '../signaling/reach.ts';
import type { DataChannelEvent } from '../transports/data-channel-event.ts';
import type { Received, SessionInput } from './input.ts';
import type { KnownSecrets } from './known-secrets.ts';

/** What the sockets tell, and what the messages of the one that counts say. */
export function socketInputs(sightings$: Observable<Sighting>): Observable<SessionInput> {
  return sightings$.pipe(
    mergeMap((sighting) => {
      const { standing, what } = sighting;
      const told: SessionInput = { kind: 'socket', sighting };
      if (standing !== 'current' || what.kind !== 'message') return of(told);
      const checked = typeof what.data === 'string' ? checkMessage(what.data) : BINARY;
      return from<SessionInput[]>([told, { kind: 'received', via: 'websocket', at: what.at, checked, admission: 'ignore' }]);
    }),
  );
}

/** A binary frame is no signaling (Q65). */
const BINARY: Received['checked'] = { kind: 'invalid', what: 'parse', detail: 'binary' };

/** What the channels tell as it happens, and what they bring in the order that the rules need (Q33). */
export function channelInputs(events$: Observable<DataChannelEvent>, config: IncomingConfig, now: () => number): Observable<SessionInput> {
  return events$.pipe(
    connect((shared$) =>
      merge(
        shared$.pipe(map((event): SessionInput => ({ kind: 'channel', event }))),
        incoming(shared$, config).pipe(
          map((each): SessionInput =>
            each.kind === 'message'
              ? { kind: 'received', via: 'datachannel', label: each.label, at: now(), checked: each.checked, admission: 'ignore' }
              : { kind: 'incoming', incoming: each },
          ),
        ),
      ),
    ),
  );
}

/** The page goes away for good: not into the cache, not merely hidden (Q56). */
export function pageInputs(page: EventSource | null | undefined): Observable<SessionInput> {
  if (!page?.addEventListener || !page.removeEventListener) return EMPTY;
  return fromEvent(page as EventTarget, 'pagehide').pipe(
    filter((event) => !(event as PageTransitionEvent).persisted),
    map((): SessionInput => ({ kind: 'disconnect', trigger: 'pagehide' })),
  );
}

/** The application's AbortSignal (Q79). */
export function abortInputs(signal: AbortSignal | undefined): Observable<SessionInput> {
  if (signal === undefined) return EMPTY;
  const aborted: SessionInput = { kind: 'disconnect', trigger: 'abort-signal' };
  return signal.aborted ? of(aborted) : fromEvent(signal, 'abort').pipe(map(() => aborted));
}

/** The one place through which every failure passes, on its way to the end and to the timeline alike (P29). */
export function cleaned(input: SessionInput, secrets: KnownSecrets): SessionInput {
  if (input.kind === 'failure') return { ...input, failure: secrets.clean(input.failure) };
  if (input.kind !== 'socket' || input.sighting.what.kind !== 'refused') return input;
  const { sighting } = input;
  return { kind: 'socket', sighting: { ...sighting, what: { kind: 'refused', failure: secrets.clean(input.sighting.what.failure) } } };
}

/** Decides for each message, when its turn has come, whether it is in place (Q64). */
export function admitted(inputs$: Observable<SessionInput>, dataChannelsRequested: boolean): Observable<SessionInput> {
  const start: { readonly place: Place; readonly input: SessionInput | null } = { place: { offered: null, switched: false }, input: null };
  return inputs$.pipe(
    scan(({ place }, input) => {
      if (input.kind !== 'received' || input.checked.kind !== 'message') return { place, input };
      const { message } = input.checked;
      const arrival = { type: message.type, via: input.via, ...(input.label !== undefined && { label: input.label }) };
      const admission = admit(arrival, place);
      return { place: admission === 'act' ? advance(place, message, dataChannelsRequested) : place, input: { ...input, admission } };
    }, start),
    map(({ input }) => input as SessionInput),
  );
}
