import type { Termination, TerminationKind } from '../termination/reason.ts';
import type { TimelineEntry } from '../timeline/timeline.ts';

/** What ended a session, as far as its timeline and its Termination say. */
export interface Winner {
  /** Null where only the Termination could say. */
  readonly kind: TerminationKind | null;
  /** The rules of the vendor, such as `T09`; empty where `kind` is null. */
  readonly rules: string;
  /** Place of the entry that was the cause; -1 where a timer was. */
  readonly index: number;
  /** Place of the entry `ending`. */
  readonly endingIndex: number;
}

type Detail = Readonly<Record<string, unknown>>;
type Is = (entry: TimelineEntry, detail: Detail) => boolean;

const isWebSocket =
  (what: string): Is =>
  (entry, { standing }) =>
    entry.source === 'websocket' && entry.what === what && standing === undefined;
const isSource =
  (source: TimelineEntry['source'], what: string): Is =>
  (entry) =>
    entry.source === source && entry.what === what;
const hasState =
  (what: string, wanted: string): Is =>
  (entry, { state }) =>
    entry.source === 'peer-connection' && entry.what === what && state === wanted;
const either =
  (...tests: readonly Is[]): Is =>
  (entry, detail) =>
    tests.some((test) => test(entry, detail));

/** Which entry is the cause of an end of each kind. */
const CAUSES: { readonly [Kind in TerminationKind]: Is } = {
  'client-disconnect': isSource('sdk', 'disconnect'),
  'server-close': either(isWebSocket('close'), isSource('signaling', 'close')),
  'websocket-closed': isWebSocket('close'),
  'websocket-error': isWebSocket('error'),
  'peer-connection-failed': hasState('connectionstatechange', 'failed'),
  'ice-failed': hasState('iceconnectionstatechange', 'failed'),
  'ice-disconnected-timeout': hasState('iceconnectionstatechange', 'disconnected'),
  'datachannel-closed': isSource('datachannel', 'close'),
  'datachannel-error': isSource('datachannel', 'error'),
  'signaling-invalid': isSource('signaling', 'invalid'),
  'connect-timeout': isWebSocket('timeout'),
  'internal-error': isSource('sdk', 'failure'),
};

/** Kinds whose cause is the very entry before `ending`; the others have waited for something. */
const AT_ONCE = [
  'client-disconnect',
  'peer-connection-failed',
  'ice-failed',
  'signaling-invalid',
  'internal-error',
  'connect-timeout',
] as const;

/** What ended the session; null while it has not ended. The Termination decides; without it the entries say what they can. */
export function winnerOf(entries: readonly TimelineEntry[], termination?: Termination): Winner | null {
  const endingIndex = entries.findIndex(({ source, what }) => source === 'session' && (what === 'ending' || what === 'ended'));
  if (endingIndex < 0) return null;
  const before = entries.slice(0, endingIndex);
  const kind = termination?.kind ?? inferredKind(before);
  const lastIndex = before.findLastIndex(({ source }) => source !== 'session');
  if (kind === null) return { kind, rules: '', index: lastIndex, endingIndex };
  const isCause = (entry: TimelineEntry): boolean => CAUSES[kind](entry, detailOf(entry)) && isAbout(termination, detailOf(entry));
  // Of channels the first counts: the others closed because the session ended.
  const index = kind.startsWith('datachannel') ? before.findIndex(isCause) : before.findLastIndex(isCause);
  // A state may be read before its event comes (Q02): then the cause is what made the session look.
  const isUnseen = index < 0 && kind !== 'connect-timeout';
  return { kind, rules: rulesOf(kind, before, termination), index: isUnseen ? lastIndex : index, endingIndex };
}

const detailOf = ({ detail }: TimelineEntry): Detail => (typeof detail === 'object' && detail !== null ? (detail as Detail) : {});

/** Several channels may have closed: the one that the Termination names was the first. */
const isAbout = (termination: Termination | undefined, { label }: Detail): boolean =>
  termination === undefined || !('label' in termination) || termination.label === label;

/** What the entries say of the kind. A state that was read before its event came is in none of them (Q02). */
function inferredKind(before: readonly TimelineEntry[]): TerminationKind | null {
  const last = before.findLast(({ source }) => source !== 'session');
  if (last === undefined) return null;
  const detail = detailOf(last);
  if (isWebSocket('close')(last, detail)) return isServerCode(Number(detail['code'])) ? 'server-close' : 'websocket-closed';
  if (isSource('signaling', 'close')(last, detail)) return 'server-close';
  if (isWebSocket('error')(last, detail)) return 'websocket-error';
  // A lost channel ends a session, whatever else comes before its grace is over (Q32).
  const loss = before.find(({ source, what }) => source === 'datachannel' && (what === 'close' || what === 'error'));
  if (loss !== undefined) return loss.what === 'close' ? 'datachannel-closed' : 'datachannel-error';
  const atOnce = AT_ONCE.find((kind) => CAUSES[kind](last, detail));
  if (atOnce !== undefined) return atOnce;
  if (!before.some(({ source, what }) => source === 'session' && what === 'connected')) return 'connect-timeout';
  const ice = before.findLast(({ what }) => what === 'iceconnectionstatechange');
  return ice !== undefined && detailOf(ice)['state'] === 'disconnected' ? 'ice-disconnected-timeout' : null;
}

/** 1000 and 4000-4999 are the server's own codes. @source RFC 6455 7.4.2, Q04 */
const isServerCode = (code: number): boolean => code === 1000 || (code >= 4000 && code <= 4999);

/** The vendor's rules that a Termination of this kind stands under, in the configuration that the signaling shows. @source docs/termination.md */
function rulesOf(kind: TerminationKind, before: readonly TimelineEntry[], termination?: Termination): string {
  const { mode, switched } = configurationOf(before);
  const isSwitched = termination === undefined ? switched : termination.switched;
  const last = before.findLast(({ source }) => source !== 'session');
  switch (kind) {
    case 'client-disconnect': {
      const isImmediate = termination?.kind === 'client-disconnect' && termination.outcome === 'immediate';
      if (isSwitched === null) return mode === 'W' ? 'T16' : mode === 'M' ? 'T17' : 'T21';
      if (termination === undefined) return isSwitched ? 'T22' : 'T18';
      return isSwitched ? `T22 ${isImmediate ? 'T24' : 'T23'}` : `T18 ${isImmediate ? 'T20' : 'T19'}`;
    }
    case 'server-close':
      return isByMessage(termination, last) ? 'T14' : closeRule(isSwitched, mode);
    case 'websocket-closed':
      return closeRule(isSwitched, mode);
    case 'websocket-error':
      return isSwitched === null ? (mode === 'W' ? 'T04' : 'T10') : 'T13';
    case 'peer-connection-failed':
      // The state was read when something else happened to the WebSocket.
      if (last?.source === 'websocket' && isSwitched === false) return last.what === 'error' ? 'T12' : 'T08';
      return mode === 'W' ? 'T01 T02' : 'T01 T05';
    case 'ice-failed':
      return 'T27';
    case 'ice-disconnected-timeout':
      return 'T28 T29';
    case 'datachannel-closed':
    case 'datachannel-error':
      return 'T14';
    case 'signaling-invalid':
      return 'T25';
    case 'connect-timeout':
      return before.some(({ source, what }) => source === 'session' && what === 'negotiating') ? 'T26' : 'T25';
    case 'internal-error':
      return 'T26';
  }
}

/** Whether the server said it by `type: close`, not by closing the WebSocket. */
const isByMessage = (termination: Termination | undefined, last: TimelineEntry | undefined): boolean =>
  termination?.kind === 'server-close' ? termination.via === 'datachannel' : last?.source === 'signaling';

const closeRule = (switched: boolean | null, mode: Mode): string => (switched !== null ? 'T09' : mode === 'W' ? 'T03' : 'T06');

/** Where signaling goes: over the WebSocket, over both, over DataChannels. */
type Mode = 'W' | 'M' | 'D';

/** The offer decides, and before it what was asked for (Q66). */
function configurationOf(before: readonly TimelineEntry[]): { readonly mode: Mode; readonly switched: boolean | null } {
  let [usesChannels, leavesWebSocket]: [unknown, unknown] = [false, false];
  let switched: boolean | null = null;
  for (const { source, what, detail } of before) {
    if (source !== 'signaling' || (what !== 'connect' && what !== 'offer' && what !== 'switched')) continue;
    const message = detailOf({ detail } as TimelineEntry)['message'] as Detail | undefined;
    const ignores = message?.['ignore_disconnect_websocket'];
    if (what === 'switched') switched = ignores === true;
    else [usesChannels, leavesWebSocket] = [message?.['data_channel_signaling'] ?? usesChannels, ignores ?? leavesWebSocket];
  }
  return { mode: usesChannels !== true ? 'W' : leavesWebSocket === true ? 'D' : 'M', switched };
}
