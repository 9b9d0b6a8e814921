import { Subject } from 'rxjs';
import type { Observable, Subscription } from 'rxjs';
import type { ReceivedRtp, RtcForwarding, RtcReceiver, RtcSender } from './section.ts';

/** Browsers ignore requests in quick succession: ask again until the key frame is there. */
const repeatRequestMs = 500;

/** What a forwarding needs of a sender. */
export interface ForwardingTarget extends Pick<RtcSender, 'ready' | 'send' | 'keyFrameRequest$'> {
  /** The next packet goes on without a gap, whatever was left out before it. */
  interrupt(): void;
}

/** Sends what a receiver gets, one layer at a time. A layer begins and ends at key frames. */
export class Forwarding implements RtcForwarding {
  readonly #source: RtcReceiver;
  readonly #sender: ForwardingTarget;
  readonly #switchedSubject = new Subject<string>();
  readonly switched$: Observable<string> = this.#switchedSubject.asObservable();
  readonly #subscription: Subscription;
  #requestedRid: string | undefined;
  #currentRid: string | undefined;
  /** Packets flow; false until the first key frame and after a pause. */
  #started = false;
  #paused = false;
  #stopped = false;
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(source: RtcReceiver, sender: ForwardingTarget, rid: string | undefined) {
    this.#source = source;
    this.#sender = sender;
    this.#requestedRid = rid;
    const stop = (): void => this.stop();
    this.#subscription = source.packets$.subscribe({ next: (packet) => this.#packet(packet), complete: stop, error: stop });
    const ask = (): void => this.#source.requestKeyFrame(this.#currentRid ?? this.#target());
    this.#subscription.add(sender.keyFrameRequest$.subscribe({ next: ask, error: stop }));
    this.#request();
  }

  get requestedRid(): string | undefined {
    return this.#requestedRid;
  }

  get currentRid(): string | undefined {
    return this.#currentRid;
  }

  selectRid(rid: string): void {
    if (rid === this.#requestedRid) return;
    this.#requestedRid = rid;
    this.#request();
  }

  pause(paused: boolean): void {
    if (paused === this.#paused) return;
    this.#paused = paused;
    if (paused) this.#stopTimer();
    else {
      this.#started = false;
      this.#request();
    }
  }

  stop(): void {
    if (this.#stopped) return;
    this.#stopped = true;
    this.#stopTimer();
    this.#subscription.unsubscribe();
    this.#switchedSubject.complete();
  }

  /** The layer to send: the one asked for, else the nearest lower one that is alive, else the lowest alive. */
  #target(): string | undefined {
    const { rids, activeRids } = this.#source;
    const highest = this.#requestedRid === undefined ? rids.length - 1 : rids.indexOf(this.#requestedRid);
    return activeRids.findLast((rid) => rids.indexOf(rid) <= highest) ?? activeRids[0];
  }

  get #waiting(): boolean {
    return !this.#stopped && !this.#paused && (!this.#started || this.#currentRid !== this.#target());
  }

  #request(): void {
    this.#stopTimer();
    if (!this.#waiting || this.#source.kind === 'audio') return;
    this.#source.requestKeyFrame(this.#target());
    this.#timer = setTimeout(() => this.#request(), repeatRequestMs);
  }

  #stopTimer(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
  }

  #packet(packet: ReceivedRtp): void {
    if (this.#paused || !this.#sender.ready) return;
    const wanted = packet.rid === this.#target();
    if (packet.keyFrame && wanted && (!this.#started || packet.rid !== this.#currentRid)) this.#switch(packet.rid);
    if (this.#started && packet.rid === this.#currentRid) this.#sender.send(packet);
    // A layer that went away, or came back: the timer runs only while something is awaited.
    else if (wanted && this.#timer === undefined) this.#request();
  }

  #switch(rid: string | undefined): void {
    this.#started = true;
    this.#sender.interrupt();
    this.#stopTimer();
    if (rid === this.#currentRid) return;
    this.#currentRid = rid;
    if (rid !== undefined) this.#switchedSubject.next(rid);
  }
}
