import { isJsonObject, type JsonObject } from '../wire/json.ts';
import { decodeJwt, whyInvalid } from './jwt.ts';
import { AUTHENTICATION_FAILURE, NO_OVERRIDES, readClaims, type Authorization } from './overrides.ts';

/** The parts of a `connect` that a token decides about. */
export interface TokenBearer {
  readonly channelId: string;
  readonly metadata?: unknown;
}

const refused = (detail: string): Authorization => ({ ok: false, reason: AUTHENTICATION_FAILURE, detail });

function tokenOf({ metadata }: TokenBearer): string | undefined {
  const token = isJsonObject(metadata) ? metadata['access_token'] : undefined;
  return typeof token === 'string' ? token : undefined;
}

const authorizeByClaims = (claims: JsonObject): Authorization => {
  const overrides = readClaims(claims);
  return overrides.ok ? overrides : refused(`the claims of the access token are invalid: ${overrides.reason}`);
};

/**
 * Authorizes by `metadata.access_token`, a JWT whose claims override what the client asked for, as the vendor's test servers do it. Without a
 * secret nothing is verified: the claims of whatever token there is count, and a client without one is allowed. With a secret a token is required
 * that is signed with it (HS256), has not expired and, where it has a claim `channel_id`, is for this channel.
 *
 * @param now - Unix milliseconds.
 * @source `generateJwt` of the end-to-end tests of sora-js-sdk
 */
export function authorizeByToken(bearer: TokenBearer, secret: string | undefined, now: number): Authorization {
  const token = tokenOf(bearer);
  const jwt = token === undefined ? undefined : decodeJwt(token);
  if (secret === undefined) return jwt === undefined ? { ok: true, value: NO_OVERRIDES } : authorizeByClaims(jwt.claims);
  if (token === undefined) return refused('metadata has no access_token');
  if (jwt === undefined) return refused('the access token is not a JWT');
  const invalid = whyInvalid(jwt, secret, now);
  if (invalid !== undefined) return refused(invalid);
  const channelId = jwt.claims['channel_id'];
  if (channelId !== undefined && channelId !== bearer.channelId) return refused('the access token is for another channel');
  return authorizeByClaims(jwt.claims);
}
