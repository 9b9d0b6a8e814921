import type { Subscription } from 'rxjs';
import { observe } from '../observe.ts';
import type { JsonObject } from '../wire/json.ts';
import { simulcastSwitched } from '../wire/notify-events.ts';
import { RIDS, type RequestedRid } from '../wire/words.ts';
import type { Forwarded } from './connection-media.ts';

const asRid = (rid: string): RequestedRid => RIDS.find((candidate) => candidate === rid) ?? 'r0';

/** Watches the layer of one forwarded video and sends its receiver `simulcast.switched` when a change has taken effect. */
export class LayerReport {
  readonly #forwarded: Forwarded;
  readonly #rpcRids: readonly RequestedRid[];
  readonly #notify: (message: JsonObject) => void;
  readonly #subscription: Subscription;
  #asked: RequestedRid | undefined;
  #trigger: 'sender' | 'receiver' = 'sender';
  #current: RequestedRid | undefined;

  constructor(forwarded: Forwarded, rpcRids: readonly RequestedRid[], notify: (message: JsonObject) => void) {
    this.#forwarded = forwarded;
    this.#rpcRids = rpcRids;
    this.#notify = notify;
    this.#subscription = observe(forwarded.forwarding.switched$, (rid) => this.#changed(asRid(rid)));
  }

  /** The layer that is requested from now on; undefined for the best one. */
  requested(rid: RequestedRid | undefined): void {
    if (rid === this.#asked) return;
    this.#asked = rid;
    this.#trigger = 'receiver';
    const running = this.#forwarded.forwarding.currentRid;
    if (rid === 'none') this.#changed('none');
    // Back from `none` to the layer before: the forwarding reports no switch.
    else if (this.#current === 'none' && running !== undefined) this.#changed(asRid(running));
  }

  stop(): void {
    this.#subscription.unsubscribe();
  }

  /** The first layer does not count as a change. */
  #changed(rid: RequestedRid): void {
    const previous = this.#current;
    this.#current = rid;
    if (previous === undefined || previous === rid) return;
    const autoRids = this.#forwarded.source.receiver.rids.map(asRid);
    this.#notify(
      simulcastSwitched(
        {
          senderConnectionId: this.#forwarded.source.connectionId,
          trigger: this.#trigger,
          rpcRids: this.#rpcRids,
          autoRids,
          requestRid: this.#asked ?? autoRids.at(-1) ?? 'r0',
          currentRid: rid,
          previousRid: previous,
        },
        Date.now(),
      ),
    );
    this.#trigger = 'sender';
  }
}
