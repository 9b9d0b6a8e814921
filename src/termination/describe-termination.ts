import type { PeerClose, Termination, TerminationKind, TerminationOf } from './reason.ts';

type Sentences = { readonly [Kind in TerminationKind]: (termination: TerminationOf<Kind>) => string };

const quoted = (reason: string): string => (reason === '' ? '' : ` "${reason}"`);
const coded = (code: number | null, reason: string): string => `${code === null ? 'no code' : String(code)}${quoted(reason)}`;
const after = ({ after: loss }: { readonly after?: string }): string => (loss === undefined ? '' : ` (after ${loss})`);
const answer = (peer: PeerClose | undefined): string => (peer === undefined ? '' : ` (it closed with ${coded(peer.code, peer.reason)})`);

const TRIGGERS = {
  api: 'the application disconnected',
  unsubscribe: 'the application unsubscribed',
  'abort-signal': 'the application aborted',
  pagehide: 'the page went away',
} as const;

const SENTENCES: Sentences = {
  'client-disconnect': ({ trigger, outcome, by, peer }) => {
    const ways = {
      acknowledged: `and the server acknowledged it${answer(peer)}`,
      timeout: `but the server did not close in time${answer(peer)}`,
      immediate: 'without waiting',
      interrupted: `and ${by ?? 'something'} interrupted the wait${answer(peer)}`,
    };
    return `${TRIGGERS[trigger]}, ${ways[outcome]}`;
  },
  'server-close': (t) => `the server closed the session over the ${wordOf(t.via)} with ${coded(t.code, t.reason)}${after(t)}`,
  'websocket-closed': (t) => `the WebSocket closed with ${coded(t.code, t.reason)}${after(t)}`,
  'websocket-error': (t) =>
    `the WebSocket failed${t.close === undefined ? '' : ` and closed with ${coded(t.close.code, t.close.reason)}`}${after(t)}`,
  'peer-connection-failed': () => 'the peer connection failed',
  'ice-failed': () => 'ICE failed',
  'ice-disconnected-timeout': ({ waitedMs }) => `ICE stayed disconnected for ${waitedMs} ms`,
  'datachannel-closed': ({ label }) => `the DataChannel "${label}" closed without an explanation by the server`,
  'datachannel-error': ({ label }) => `the DataChannel "${label}" failed`,
  'signaling-invalid': ({ what }) => `the server's signaling was invalid (${what})`,
  'connect-timeout': ({ during }) => `the connection did not come up in time (${during})`,
  'internal-error': ({ where, name, message }) => `an internal error at ${where}: ${name}${message === '' ? '' : `: ${message}`}`,
};

const wordOf = (via: PeerClose['via']): string => (via === 'websocket' ? 'WebSocket' : 'DataChannel');

/**
 * One English sentence that says why a session ended, for a log or a person.
 *
 * @example
 * ```ts
 * describeTermination(t); // 'Ended while connected after 5012 ms: the WebSocket closed with 1006.'
 * ```
 */
export function describeTermination(termination: Termination): string {
  const sentence = (SENTENCES[termination.kind] as (t: Termination) => string)(termination);
  return `Ended while ${termination.phase} after ${termination.endedAt} ms: ${sentence}.`;
}
