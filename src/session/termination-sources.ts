import { filter, map, merge } from 'rxjs';
import type { TrailingEntry } from '../termination/reason.ts';
import type { TerminationConfig, TerminationPort, TerminationSources } from '../termination/sources.ts';
import { redact } from '../signaling/redact.ts';
import type { StartableClock } from './clock.ts';
import type { InputOf } from './input.ts';
import type { SessionConfig } from './options.ts';
import { acted } from './received.ts';
import type { SortedInputs } from './sorted-inputs.ts';

/** What of a session's inputs has a part in its end. */
export function terminationSources(inputsOf: SortedInputs['of'], port: TerminationPort, now: () => number): TerminationSources {
  const sightings$ = inputsOf('socket').pipe(map(({ sighting }) => sighting));
  const current$ = sightings$.pipe(
    filter(({ standing }) => standing === 'current'),
    map(({ what }) => what),
  );
  const received$ = inputsOf('received');
  return {
    port,
    progress$: inputsOf('progress').pipe(map(({ progress }) => progress)),
    webSocket$: current$.pipe(filter((what) => what.kind !== 'timeout' && what.kind !== 'refused')),
    unreachable$: current$.pipe(
      filter(({ kind }) => kind === 'timeout'),
      map(() => undefined),
    ),
    dataChannel$: inputsOf('incoming').pipe(
      map(({ incoming }) => (incoming.kind === 'event' ? incoming.event : null)),
      filter((event) => event !== null),
    ),
    peerConnection$: inputsOf('peer').pipe(map(({ event }) => event)),
    switched$: acted(received$, 'switched').pipe(map(({ message }) => message.ignore_disconnect_websocket)),
    serverClose$: acted(received$, 'close').pipe(map(({ message }) => message)),
    invalid$: merge(
      inputsOf('invalid').pipe(map(({ what }) => what)),
      received$.pipe(
        map(invalidity),
        filter((what) => what !== null),
      ),
    ),
    failure$: merge(
      inputsOf('failure').pipe(map(({ failure }) => failure)),
      current$.pipe(
        map((what) => (what.kind === 'refused' ? what.failure : null)),
        filter((failure) => failure !== null),
      ),
    ),
    disconnect$: inputsOf('disconnect').pipe(map(({ trigger }) => trigger)),
    note$: merge(
      inputsOf('note').pipe(map(({ entry }) => entry)),
      sightings$.pipe(
        filter(({ standing }) => standing === 'failed'),
        map(({ url, what }): TrailingEntry => ({
          at: 'at' in what ? what.at : now(),
          source: 'websocket',
          what: what.kind,
          detail: redact(url) as string,
        })),
      ),
    ),
  };
}

/** Signaling that cannot be acted on although it should be: on the WebSocket and on the channel `signaling` that is an anomaly (Q65). */
function invalidity({ via, label, checked, admission }: InputOf<'received'>): 'parse' | 'schema' | 'unexpected-message' | null {
  if (admission === 'unexpected-message') return admission;
  return checked.kind === 'invalid' && (via === 'websocket' || label === 'signaling') ? checked.what : null;
}

export function terminationConfig(config: SessionConfig, clock: StartableClock): TerminationConfig {
  const { connectionMs, disconnectMs, iceDisconnectedMs, dataChannelGraceMs } = config.timeouts;
  return {
    dataChannelSignaling: config.dataChannelSignaling ?? false,
    ignoreDisconnectWebSocket: config.ignoreDisconnectWebSocket ?? false,
    disconnectPolicy: config.disconnectPolicy,
    iceDisconnectedRule: config.iceDisconnectedRule,
    connectionMs,
    disconnectMs,
    iceDisconnectedMs,
    dataChannelGraceMs,
    clock,
  };
}
