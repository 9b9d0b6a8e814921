import type { Agreement } from '../agreement.ts';
import type { JsonObject } from '../wire/json.ts';
import { offerMessage, type OfferParts } from '../wire/offer-message.ts';
import type { Outbox } from './outbox.ts';
import type { Shape } from './shape.ts';

const NO_SDP = 'this is no session description';

function altered(offer: JsonObject, members: JsonObject): JsonObject {
  return Object.fromEntries(Object.entries({ ...offer, ...members }).filter(([, value]) => value !== null));
}

/** The offer as faults want it. */
function shapedOffer(agreement: Agreement, parts: OfferParts, shape: Shape): JsonObject {
  const badSdp = shape.get('offer-bad-sdp');
  const offer = offerMessage(agreement, badSdp === undefined ? parts : { ...parts, sdp: badSdp.sdp ?? NO_SDP });
  const members = shape.get('offer-altered')?.members;
  return members === undefined ? offer : altered(offer, members);
}

/** Sends the first offer of a connection, and what faults put before and after it. */
export function sendFirstOffer(agreement: Agreement, parts: OfferParts, shape: Shape, outbox: Outbox): void {
  const early = shape.get('wrong-order')?.message;
  if (early !== undefined) outbox.onWebSocket(early);
  const offer = shapedOffer(agreement, parts, shape);
  outbox.onWebSocket(offer);
  if (shape.has('offer-duplicate')) outbox.onWebSocket(offer);
}
