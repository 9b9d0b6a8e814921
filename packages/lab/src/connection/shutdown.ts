import { defer, EMPTY, filter, forkJoin, ignoreElements, map, merge, race, take, tap, timer, type Observable } from 'rxjs';
import type { ShapingFaults } from '../faults/shaping-faults.ts';
import type { RtcPeer } from '../rtc/endpoint.ts';
import type { DataChannels } from './data-channels.ts';
import type { MessageSender } from './message-sender.ts';
import type { ShutdownPlan } from './shutdown-plan.ts';
import type { SignalingSocket } from './signaling-socket.ts';

export interface ShutdownParts {
  readonly socket: SignalingSocket;
  readonly peer: RtcPeer;
  readonly channels: DataChannels;
  readonly sender: MessageSender;
  readonly shaping: ShapingFaults;
  readonly lingerMs: number;
}

/** How long the remains of a connection are kept whose shutdown leaves out steps (fault `end-without`): longer than any client waits. */
const INCOMPLETE_SHUTDOWN_MS = 60_000;

/** Carries out the plan and returns when the client has closed its side too, or has had its time to. */
function run(plan: ShutdownPlan, { socket, peer, channels, sender, shaping, lingerMs }: ShutdownParts): Observable<void> {
  const without = shaping.get('end-without');
  const closesChannels = without?.channelClose !== true;
  const slowCloseMs = shaping.delayMs('slow-channel-close');
  const patienceMs = without === undefined ? 2 * lingerMs + slowCloseMs * (channels.labels.length + 1) : INCOMPLETE_SHUTDOWN_MS;
  if (plan.closeMessage !== undefined) sender.sendOnChannel('signaling', { type: 'close', ...plan.closeMessage });
  channels.slowClose(slowCloseMs);
  if (closesChannels && plan.channels === 'now') channels.close();
  if (plan.webSocket !== undefined && without?.websocketClose !== true) socket.close(plan.webSocket.code, plan.webSocket.reason);
  const lateClose$ =
    closesChannels && plan.channels === 'after-linger'
      ? timer(lingerMs).pipe(
          tap(() => channels.close()),
          ignoreElements(),
        )
      : EMPTY;
  const peerEnded$ = peer.state$.pipe(
    filter((state) => state === 'closed' || state === 'failed'),
    take(1),
  );
  const clientGone$ = race(forkJoin([peerEnded$, socket.close$]), timer(patienceMs)).pipe(map(() => undefined));
  return merge(lateClose$, clientGone$).pipe(take(1));
}

/**
 * Ends a connection as planned. Cold; emits once when the client has closed both its ends, or has had enough time to. Until then the client is
 * still heard: its last message and its own closes arrive a little later. It sends no SCTP ABORT and no DTLS alert, because clients report either
 * as an abnormal end.
 */
export function shutDown(plan: ShutdownPlan, parts: ShutdownParts): Observable<void> {
  return defer(() => run(plan, parts));
}
