import { Subject, asyncScheduler } from 'rxjs';
import type { SessionEvent } from '../../src/model/session-event.ts';
import type { Termination } from '../../src/termination/reason.ts';
import { termination } from '../../src/termination/termination.ts';
import type { ScenarioMode, ScenarioStart } from '../../src/testing/scenario-row.ts';
import { runInVirtualTime } from '../../src/testing/virtual-time.ts';
import type { OfferMessage } from '../../src/wire/messages.ts';
import type { Random } from '../fuzz/random.ts';
import { words } from '../support/ending-arbitraries.ts';
import { EndingRig, type EndingSetup, FakePort, LABELS, SIGNALING_URL } from '../support/ending-rig.ts';
import type { TerminationSources } from './first-version/sources.ts';
import { termination as firstVersion } from './first-version/termination.ts';

/** What can happen to both terminations, with its times. */
export interface Course {
  readonly setup: EndingSetup;
  readonly happenings: readonly { readonly at: number; readonly words: string }[];
}

const UNTIL_MS = 400_000;
const PAUSES = [0, 0, 0, 0, 1, 5, 40, 499, 500, 501, 2999, 3000, 3001, 9999, 10_000, 10_001, 60_000];

export function randomCourse(random: Random): Course {
  const mode = random.pick<ScenarioMode>(['W', 'M', 'D']);
  const start = random.pick<ScenarioStart>([
    'idle',
    'opening',
    'signaling',
    'negotiating',
    'connected',
    'connected',
    'switched',
    'switched',
  ]);
  const setup: EndingSetup = {
    mode,
    start: mode === 'W' && start === 'switched' ? 'connected' : start,
    connectionState: random.below(3) > 0,
    config: {
      disconnectPolicy: random.pick(['graceful', 'graceful', 'immediate']),
      iceDisconnectedRule: random.pick(['when-undefined', 'always']),
      ...(random.below(8) === 0 && { connectionMs: 0 }),
    },
  };
  let at = 0;
  const more = [
    'unreachable',
    'url-failed',
    ...LABELS.map((label) => `dc~ ${label}`),
    'throws send',
    'throws dataChannelStates',
    'refuses',
  ];
  const happenings = Array.from({ length: 1 + random.below(12) }, () => {
    at += random.pick(PAUSES);
    return { at, words: random.below(12) === 0 ? random.pick(more) : random.pick(words) };
  });
  return { setup, happenings };
}

/** What one of them did. */
export interface Did {
  readonly value: object | null;
  readonly endedAt: number | null;
  readonly sent: readonly string[];
  readonly closings: readonly number[];
}

/** Plays a course to both versions at once. */
export function playBoth(course: Course): { readonly now: Did; readonly before: Did } {
  const rig = new EndingRig(course.setup);
  const first = createFirstVersion(rig);
  const now = { value: null as Termination | null, endedAt: null as number | null };
  const play = playerOf(rig);
  const { errors } = runInVirtualTime(
    course.happenings.map(({ at, words: what }) => ({ at, run: () => play(what) })),
    UNTIL_MS,
    () => {
      termination(rig.event$, rig.port, rig.config).subscribe((value) => {
        now.value = value;
        now.endedAt = asyncScheduler.now();
      });
      first.start();
      rig.begin();
    },
    () => undefined,
  );
  if (errors.length > 0) throw errors[0] as Error;
  return {
    now: { value: now.value && compared(now.value), endedAt: now.endedAt, sent: rig.port.sent, closings: rig.port.closings },
    before: first.did(),
  };
}

/** Plays only what a session lets through: messages in their place (Q64), one close per socket and channel, nothing but closes after the latch. */
function playerOf(rig: EndingRig): (what: string) => void {
  const { port } = rig;
  let hasOffer = false;
  let hasSwitched = false;
  let hasClosed = false;
  let hasOpened = false;
  let hasSentConnect = false;
  const closed = new Set<string>();
  rig.event$.subscribe((event) => {
    if (event.source === 'session' && event.kind === 'opening') hasOpened = true;
    if (event.source === 'session' && (event.kind === 'opening' || event.kind === 'connect-sent'))
      hasSentConnect = event.kind === 'connect-sent';
    if (event.source === 'websocket' && event.kind === 'close') hasClosed = true;
    if (event.source === 'datachannel') closed[event.kind === 'close' ? 'add' : 'delete'](event.label);
    if (event.source !== 'signaling' || event.kind !== 'message') return;
    if (event.message.type === 'offer') hasOffer = true;
    if (event.message.type === 'switched') hasSwitched = true;
  });
  const may = ([kind = '', what = '']: readonly string[]): boolean => {
    const isLatched = port.latches.length > 0;
    if (kind === 'rx.close' || kind === 'rx.invalid') return hasOffer;
    if (kind === 'rx.offer') return hasSentConnect && !hasOffer && !isLatched;
    if (kind === 'rx.redirect') return hasSentConnect && !hasOffer && !isLatched && !hasClosed;
    if (kind === 'rx.switched') return hasOffer && !hasSwitched && !isLatched;
    if (kind.startsWith('rx.')) return hasOffer && !isLatched;
    if (kind.startsWith('ws.')) return hasOpened && !hasClosed;
    if (kind.startsWith('dc.')) return hasOffer && !closed.has(what);
    // Where ICE leaves `disconnected` without an event, the time of its rule was not broken in the first version (P23).
    if (kind === 'ice~') return hasOffer && port.connection === undefined && /^(failed|closed)$/.test(what);
    if (/^(pc|ice)/.test(kind)) return hasOffer;
    return true;
  };
  return (text) => {
    const parts = text.split(' ');
    if (!may(parts)) return;
    const [kind, what = ''] = parts;
    if (kind === 'unreachable') rig.unreachable();
    else if (kind === 'url-failed') rig.urlFailed(SIGNALING_URL);
    else if (kind === 'dc~') port.channels.set(what, 'closed');
    else if (kind === 'throws') port.throwing.add(what as 'send');
    else if (kind === 'refuses') port.takes = false;
    else rig.does(text);
  };
}

/** The first version over the same events, with a port of its own that shows the same states. */
function createFirstVersion(rig: EndingRig): { start(): void; did(): Did } {
  const shown = rig.port;
  const port = new FakePort();
  const share = (name: 'socket' | 'connection' | 'ice' | 'takes'): void => {
    Object.defineProperty(port, name, { get: () => shown[name] });
  };
  share('socket');
  share('connection');
  share('ice');
  share('takes');
  Object.defineProperty(port, 'channels', { value: shown.channels });
  Object.defineProperty(port, 'throwing', { value: shown.throwing });
  const sourceSubject = {
    webSocket$: new Subject<never>(),
    dataChannel$: new Subject<never>(),
    peerConnection$: new Subject<never>(),
    progress$: new Subject<never>(),
    switched$: new Subject<never>(),
    serverClose$: new Subject<never>(),
    invalid$: new Subject<never>(),
    failure$: new Subject<never>(),
    unreachable$: new Subject<never>(),
    disconnect$: new Subject<never>(),
    note$: new Subject<never>(),
  };
  const give = (name: keyof typeof sourceSubject, value: unknown): void => sourceSubject[name].next(value as never);
  const { timeouts, dataChannelSignaling = false, ignoreDisconnectWebSocket = false, ...rest } = rig.config;
  const result = { value: null as object | null, endedAt: null as number | null };
  return {
    start() {
      firstVersion(
        { ...(sourceSubject as unknown as TerminationSources), port },
        { ...rest, ...timeouts, dataChannelSignaling, ignoreDisconnectWebSocket },
      ).subscribe((value) => {
        result.value = value;
        result.endedAt = asyncScheduler.now();
      });
      rig.event$.subscribe((event) => translate(event, give));
    },
    did: () => ({
      value: result.value && compared(result.value as Termination),
      endedAt: result.endedAt,
      sent: port.sent,
      closings: port.closings,
    }),
  };
}

/** One event of the union in the shapes of the first version. */
function translate(event: SessionEvent, give: (name: keyof Omit<TerminationSources, 'port'>, value: unknown) => void): void {
  switch (event.source) {
    case 'websocket':
      return give('webSocket$', event);
    case 'datachannel':
      return give('dataChannel$', event);
    case 'peer-connection':
      return give('peerConnection$', event);
    case 'sdk':
      return give('failure$', { where: event.where, name: event.name, message: event.message });
    case 'application':
      return give('disconnect$', event.trigger);
    case 'session':
      if (event.kind === 'unreachable') return give('unreachable$', undefined);
      if (event.kind === 'url-failed') return give('note$', { at: event.at, source: 'websocket', what: event.what, detail: event.url });
      return give('progress$', { kind: event.kind });
    case 'signaling':
      if (event.kind === 'invalid') return give('invalid$', event.what);
      switch (event.message.type) {
        case 'offer': {
          const offer = event.message as OfferMessage;
          return give('progress$', {
            kind: 'offer',
            dataChannelSignaling: offer.data_channel_signaling === true,
            ignoreDisconnectWebSocket: offer.ignore_disconnect_websocket === true,
            labels: offer.data_channels?.map(({ label }) => label) ?? [],
          });
        }
        case 'switched':
          return give('switched$', event.message['ignore_disconnect_websocket']);
        case 'close':
          return give('serverClose$', event.message);
        default:
          // A message was the event of its transport, which has no effect but that states are read.
          return give('dataChannel$', { kind: 'message', at: event.at, label: 'notify', data: '' });
      }
  }
}

/**
 * Without what only the new version has (Q84); `trailing` without order, and without the WebSocket after switched(true), which is inert (P25). The first
 * version still learned from a `switched` that finds the peer connection failed; the new one does not (Q02).
 */
function compared(value: Termination): object {
  const excluded = new Set(['channelId', 'connectionId', 'sessionId', 'connectedAt']);
  if (value.kind === 'ice-failed' || value.kind === 'peer-connection-failed') excluded.add('switched');
  const entries = value.trailing.filter(
    ({ source, detail }) => value.switched !== true || source !== 'websocket' || detail === SIGNALING_URL,
  );
  return {
    ...Object.fromEntries(Object.entries(value).filter(([name]) => !excluded.has(name))),
    trailing: entries.map((entry) => JSON.stringify(entry)).sort(),
  };
}
