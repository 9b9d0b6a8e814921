import { type Attributes, type Context, type SpanContext, trace } from '@opentelemetry/api';
import type { Observable } from 'rxjs';
import type { PeerConnectionEvent } from '../model/session-event.ts';
import { quietly } from '../platform/quietly.ts';
import { release } from '../platform/release.ts';
import type { DataChannelLike } from '../platform/w3c.ts';
import { internalsOf } from '../session/internals.ts';
import type { ConnectedInfo, Session, SignalingTraffic } from '../session/session.ts';
import { stats } from '../stats/stats.ts';
import { isNormal } from '../termination/derived.ts';
import { describeTermination } from '../termination/describe-termination.ts';
import type { Termination } from '../termination/reason.ts';
import type { TimelineItem } from '../timeline/timeline-item.ts';
import { connectSpans } from './connect-spans.ts';
import { createDeferral } from './deferral.ts';
import { cleaner, eventsOf } from './events.ts';
import type { Instruments } from './instruments.ts';
import { rpcSpans } from './rpc-spans.ts';
import { type Samples, createSamples } from './samples.ts';
import * as names from './semconv.ts';
import { factsOf, identityAttributes, serverAttributes, stateAttributes, withoutUndefined } from './session-facts.ts';
import type { TelemetryOptions } from './telemetry-options.ts';
import { errorTypeOf, terminationAttributes, terminationClass } from './termination-attributes.ts';
import { writeTraceContext } from './trace-context.ts';

/** One attempt of a call, as the next one sees it. */
export interface Attempt {
  /** 1 for the first since the call was last connected. */
  readonly number: number;
  spanContext: SpanContext | null;
  wasConnected: boolean;
  isOver: boolean;
}

/** Milliseconds after which a session that is not connected yet is reported nevertheless. */
const LONGEST_DEFERRAL_MS = 1000;

/** Types of signaling that are told apart in a metric; a server may send others, of which there is no limit. */
const TYPES: ReadonlySet<string> = new Set(
  'connect offer answer candidate switched redirect re-offer re-answer update notify push ping pong req-stats stats close disconnect'.split(
    ' ',
  ),
);

/**
 * Listens to one session, from before it begins to its end, whether or not anybody else does: that is how an end that unsubscribing causes is seen. What happens
 * on the way to `connected` is handled after it: OpenTelemetry would take time there from what opens the call.
 *
 * @param makeInstruments called when the first are needed
 * @param attempt what this session is to its call; filled while it lives
 * @param previous the attempt before, which has ended
 */
export function observeSession(
  session: Session,
  options: TelemetryOptions & { readonly statsMs: number },
  makeInstruments: () => Instruments | null,
  parent: Context,
  attempt: Attempt,
  previous: Attempt | null,
): void {
  const { tracer, logger, carrier, flush, statsMs } = options;
  // A session that is not of this SDK, such as a mock, has none.
  const internals = quietly(() => internalsOf(session), null);
  const facts = factsOf(internals?.config, attempt.number);
  const role = withoutUndefined({ [names.ATTR_ROLE]: facts.role });
  const clean = cleaner(facts);
  const channels: DataChannelLike[] = [];
  const { later, play, playIn, time } = createDeferral(() => internals?.live()?.now() ?? null);
  let instruments: Instruments | null = null;
  const identity = (): Attributes => identityAttributes(facts, options);
  const whichAndWhere = (): Attributes => clean({ ...identity(), ...serverAttributes(facts.url) });

  const spans =
    tracer === undefined
      ? null
      : connectSpans(
          tracer,
          parent,
          previous?.spanContext ?? null,
          whichAndWhere,
          (span) => {
            attempt.spanContext = span.spanContext();
            if (carrier !== undefined) writeTraceContext(span, carrier);
          },
          time,
        );
  const ofAttempt = (): Context => {
    const span = spans?.span();
    return span == null ? parent : trace.setSpan(parent, span);
  };
  const calls = tracer === undefined ? null : rpcSpans(tracer, ofAttempt, time);
  const emit = eventsOf(logger, facts, identity, ofAttempt, time);
  let samples: Samples | null = null;

  function onSignaling({ direction, transport, message }: SignalingTraffic): void {
    const { type } = message;
    instruments?.signalingMessages.add(1, {
      [names.ATTR_SIGNALING_MESSAGE_TYPE]: TYPES.has(type) ? type : '_OTHER',
      [names.ATTR_SIGNALING_MESSAGE_DIRECTION]: direction,
      [names.ATTR_SIGNALING_TRANSPORT]: transport,
    });
    spans?.signaling(direction, type);
    if (direction === 'received' && type === 'redirect') {
      const { location } = message as { readonly location?: unknown };
      emit(names.EVENT_REDIRECTED, 'INFO', serverAttributes(typeof location === 'string' ? location : null));
    }
  }

  function onPeerConnection(event: PeerConnectionEvent): void {
    if (event.kind === 'connectionstatechange') facts.peerConnectionState = event.connectionState;
    else if (event.kind === 'datachannel') channels.push(event.channel);
    else if (event.kind === 'iceconnectionstatechange') {
      facts.iceState = event.iceConnectionState;
      spans?.ice(event.iceConnectionState);
    }
  }

  /** What no public stream says. */
  function onItem(item: TimelineItem): void {
    calls?.take(item);
    if (item.source === 'application') spans?.disconnecting();
    const failed = item.source === 'session' && item.kind === 'url-failed' ? item : null;
    const refused = item.source === 'websocket' && item.kind === 'other' && item.what === 'refused' ? item : null;
    const { url, what } = failed ?? refused ?? {};
    if (url !== undefined)
      emit(names.EVENT_ATTEMPT_FAILED, 'WARN', withoutUndefined({ ...serverAttributes(url), [names.ATTR_ERROR_TYPE]: what }));
  }

  function onConnected(info: ConnectedInfo): void {
    attempt.wasConnected = true;
    facts.connected = info;
    facts.url = info.connectedUrl;
    spans?.connected(whichAndWhere());
    instruments?.connectDuration.record(info.connectedAt / 1000, role);
    instruments?.active.add(1, role);
    if (previous !== null) instruments?.reconnects.add(1, { [names.ATTR_RECONNECT_OUTCOME]: 'connected' });
    emit(names.EVENT_ESTABLISHED, 'INFO', {
      ...serverAttributes(facts.url),
      ...stateAttributes(facts),
      [names.ATTR_CONNECT_DURATION]: info.connectedAt / 1000,
    });
  }

  function onEnd(termination: Termination): void {
    attempt.isOver = true;
    const { causeAt, connectionId, sessionId, channelId } = termination;
    calls?.end();
    const server = serverAttributes(facts.url);
    spans?.ended(termination, clean({ ...server, ...terminationClass(termination), [names.ATTR_TERMINATION_PHASE]: termination.phase }));
    if (instruments !== null) count(termination, instruments, role, previous !== null);
    // A session that ended before it was connected may have an identity all the same.
    const known = withoutUndefined({
      [names.ATTR_CONNECTION_ID]: connectionId ?? undefined,
      [names.ATTR_SESSION_ID]: sessionId ?? undefined,
      [names.ATTR_CHANNEL_ID]: options.identifiers?.includes('channel') === true ? channelId : undefined,
    });
    const about = { ...server, ...stateAttributes(facts), ...samples?.attributes(causeAt) };
    const severity = isNormal(termination) ? 'INFO' : termination.retry === 'yes' ? 'WARN' : 'ERROR';
    emit(names.EVENT_TERMINATED, severity, { ...known, ...about, ...terminationAttributes(termination) }, describeTermination(termination));
    if (termination.kind === 'client-disconnect' && termination.trigger === 'pagehide') release(() => flush?.());
  }

  /* eslint-disable rxjs-x/no-ignored-subscription -- every stream ends with the session */

  /** The first that is done of all that waits. */
  function prepare(): void {
    instruments = makeInstruments();
    if (statsMs === 0 || internals?.ended() !== null || (instruments === null && logger === undefined)) return;
    const { take: takeSample } = (samples = createSamples(instruments, emit));
    stats(session, statsMs).subscribe((sample) => takeSample(sample, channels, session.peerConnection?.sctp?.state));
  }

  later(prepare)(undefined);
  session.state$.subscribe((state) => {
    if (state !== 'opening') return;
    playIn(LONGEST_DEFERRAL_MS);
    // The metadata are asked for in this very call.
    if (carrier !== undefined) spans?.begin();
  });
  const follow = <Value>(stream$: Observable<Value>, handle: (value: Value) => void): void => {
    stream$.subscribe(later(handle));
  };
  if (internals !== null) follow(internals.streams.events<TimelineItem>('timeline'), onItem);
  follow(session.state$, (state) => spans?.state(state));
  follow(session.webSocket$, ({ kind, url }) => (kind === 'open' && url !== '' ? (facts.url = url) : undefined));
  follow(session.peerConnection$, onPeerConnection);
  follow(session.signaling$, onSignaling);
  follow(session.switched$, ({ ignore_disconnect_websocket: ignores }) => {
    facts.hasSwitched = true;
    emit(names.EVENT_SWITCHED, 'INFO', withoutUndefined({ [names.ATTR_SWITCHED_IGNORE_DISCONNECT_WEBSOCKET]: ignores }));
  });
  let level: number | null = null;
  follow(session.notify$, (message) => {
    if (message.event_type !== 'network.status') return;
    const { unstable_level: reported } = message;
    if (typeof reported !== 'number' || reported === level) return;
    level = reported;
    emit(names.EVENT_NETWORK_STATUS_CHANGED, reported > 1 ? 'WARN' : 'INFO', { [names.ATTR_UNSTABLE_LEVEL]: reported });
  });
  follow(session.connected$, onConnected);
  session.connected$.subscribe(() => playIn(0));
  follow(session.termination$, onEnd);
  session.termination$.subscribe(play);
  /* eslint-enable rxjs-x/no-ignored-subscription */
}

function count(termination: Termination, instruments: Instruments, role: Attributes, isReconnect: boolean): void {
  const { connectedAt, causeAt, endedAt, phase } = termination;
  const errorType = withoutUndefined({ [names.ATTR_ERROR_TYPE]: errorTypeOf(termination) });
  instruments.terminations.add(1, terminationClass(termination));
  if (connectedAt === null) {
    instruments.connectDuration.record(endedAt / 1000, { ...role, ...errorType, [names.ATTR_TERMINATION_PHASE]: phase });
    if (isReconnect) instruments.reconnects.add(1, { [names.ATTR_RECONNECT_OUTCOME]: 'failed' });
    return;
  }
  instruments.active.add(-1, role);
  const kind = { [names.ATTR_TERMINATION_KIND]: termination.kind };
  instruments.connectionDuration.record((causeAt - connectedAt) / 1000, { ...role, ...kind, ...errorType });
}
