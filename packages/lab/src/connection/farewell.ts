import { filter, forkJoin, race, Subscription, take, timer } from 'rxjs';
import { observe } from '../observe.ts';
import type { RtcPeer } from '../rtc/endpoint.ts';
import type { DataChannels } from './data-channels.ts';
import type { EndPlan } from './end-plan.ts';
import type { Outbox } from './outbox.ts';
import type { Shape } from './shape.ts';
import type { SignalingSocket } from './signaling-socket.ts';

export interface FarewellParts {
  readonly socket: SignalingSocket;
  readonly peer: RtcPeer;
  readonly channels: DataChannels;
  readonly outbox: Outbox;
  readonly shape: Shape;
  readonly lingerMs: number;
  /** Called once, when nothing of the connection is left. */
  readonly gone: () => void;
}

/** How long a connection is kept whose end was told to leave something out: longer than any client waits. */
const WITHHELD_MS = 60_000;

/**
 * Carries out the end of a connection: says what the plan says, listens on for a linger, because a client's last word and its own
 * closing come a little later, and lets go of everything at last. No SCTP ABORT and no DTLS alert before: clients take both for an
 * abnormal end.
 */
export class Farewell {
  readonly #parts: FarewellParts;
  readonly #subscription = new Subscription();
  #gone = false;

  constructor(parts: FarewellParts) {
    this.#parts = parts;
  }

  say(plan: EndPlan): void {
    const { outbox, channels, socket, shape, lingerMs } = this.#parts;
    const without = shape.get('end-without');
    const closesChannels = without?.channelClose !== true;
    if (plan.closeMessage !== undefined) outbox.onChannel('signaling', { type: 'close', ...plan.closeMessage });
    channels.slowClose(shape.delayMs('slow-channel-close'));
    if (closesChannels && plan.channels === 'now') channels.close();
    if (plan.webSocket !== undefined && without?.websocketClose !== true) socket.close(plan.webSocket.code, plan.webSocket.reason);
    if (closesChannels && plan.channels === 'after-linger') this.#subscription.add(observe(timer(lingerMs), () => channels.close()));
    this.#waitForTheClient(without === undefined ? this.#patienceMs() : WITHHELD_MS);
  }

  /** Lets go of everything now. Idempotent. */
  finish(): void {
    if (this.#gone) return;
    this.#gone = true;
    this.#subscription.unsubscribe();
    const { peer, channels, socket, gone } = this.#parts;
    channels.dispose();
    peer.close();
    if (!socket.closed) socket.terminate();
    gone();
  }

  #patienceMs(): number {
    const { shape, channels, lingerMs } = this.#parts;
    return 2 * lingerMs + shape.delayMs('slow-channel-close') * (channels.labels.length + 1);
  }

  /** Until the client has closed both its ends, or for as long as anybody can expect. */
  #waitForTheClient(patienceMs: number): void {
    const { peer, socket } = this.#parts;
    const peerGone$ = peer.state$.pipe(
      filter((state) => state === 'closed' || state === 'failed'),
      take(1),
    );
    this.#subscription.add(observe(race(forkJoin([peerGone$, socket.close$]), timer(patienceMs)), () => this.finish()));
  }
}
