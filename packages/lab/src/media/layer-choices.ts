import type { SpotlightAgreement } from '../agreement.ts';
import type { RequestedRid } from '../wire/words.ts';

interface SpotlightRids {
  readonly focusRid: RequestedRid;
  readonly unfocusRid: RequestedRid;
}

/** Which simulcast layer one connection receives of each sender: set by `connect`, changed by RPC and API. */
export class LayerChoices {
  readonly #spotlight: SpotlightAgreement | false;
  readonly #bySender = new Map<string, RequestedRid>();
  readonly #spotlightBySender = new Map<string, SpotlightRids>();
  #forAll: RequestedRid | undefined;
  #spotlightForAll: SpotlightRids | undefined;

  constructor(requestRid: RequestedRid | undefined, spotlight: SpotlightAgreement | false) {
    this.#forAll = requestRid;
    this.#spotlight = spotlight;
  }

  /** RequestSimulcastRid: for one sender, or for all, which undoes requests for single ones. */
  request(rid: RequestedRid, senderConnectionId?: string): void {
    if (senderConnectionId !== undefined) {
      this.#bySender.set(senderConnectionId, rid);
      return;
    }
    this.#bySender.clear();
    this.#forAll = rid;
  }

  /** RequestSpotlightRid: overrides the layers of spotlight. */
  requestSpotlight(rids: SpotlightRids, sendConnectionId?: string): void {
    if (sendConnectionId === undefined) this.#spotlightForAll = rids;
    else this.#spotlightBySender.set(sendConnectionId, rids);
  }

  /** ResetSpotlightRid. */
  resetSpotlight(sendConnectionId?: string): void {
    if (sendConnectionId !== undefined) {
      this.#spotlightBySender.delete(sendConnectionId);
      return;
    }
    this.#spotlightBySender.clear();
    this.#spotlightForAll = undefined;
  }

  /** The layer of this sender; undefined for the best one. A simulcast request takes precedence over spotlight. */
  choose(senderConnectionId: string, focused: boolean): RequestedRid | undefined {
    const asked = this.#bySender.get(senderConnectionId);
    if (asked !== undefined) return asked;
    if (this.#spotlight === false) return this.#forAll;
    const rids = this.#spotlightBySender.get(senderConnectionId) ?? this.#spotlightForAll ?? this.#spotlight;
    return focused ? rids.focusRid : rids.unfocusRid;
  }
}
