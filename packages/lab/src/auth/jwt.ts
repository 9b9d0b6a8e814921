import { createHmac, timingSafeEqual } from 'node:crypto';
import { isJsonObject, parseJson, type JsonObject } from '../wire/json.ts';

/** A JSON Web Token in its compact form (RFC 7519), taken apart. Nothing is verified yet. */
export interface Jwt {
  readonly header: JsonObject;
  readonly claims: JsonObject;
  /** What the signature is about. */
  readonly signed: string;
  readonly signature: Buffer;
}

/** Canonical base64url without padding; undefined for anything else. */
function fromBase64Url(text: string): Buffer | undefined {
  const bytes = Buffer.from(text, 'base64url');
  return bytes.toString('base64url') === text ? bytes : undefined;
}

function jsonPart(text: string): JsonObject | undefined {
  const value = parseJson(fromBase64Url(text)?.toString('utf8') ?? '');
  return isJsonObject(value) ? value : undefined;
}

/** Undefined where the text is not a JWT. */
export function decodeJwt(text: string): Jwt | undefined {
  const [head = '', body = '', tail, ...more] = text.split('.');
  if (tail === undefined || more.length > 0) return undefined;
  const header = jsonPart(head);
  const claims = jsonPart(body);
  const signature = fromBase64Url(tail);
  if (header === undefined || claims === undefined || signature === undefined) return undefined;
  return { header, claims, signed: `${head}.${body}`, signature };
}

/**
 * Why a token must not be accepted; undefined where it is valid: signed with HS256 and this secret, not expired, and not used before its time.
 *
 * @param now - Unix milliseconds.
 */
export function whyInvalid({ header, claims, signed, signature }: Jwt, secret: string, now: number): string | undefined {
  if (header['alg'] !== 'HS256') return 'the access token is not signed with HS256';
  if (header['crit'] !== undefined) return 'the access token has critical header parameters';
  const expected = createHmac('sha256', secret).update(signed).digest();
  if (signature.length !== expected.length || !timingSafeEqual(signature, expected)) return 'the access token has a wrong signature';
  const { exp, nbf } = claims as { readonly exp?: unknown; readonly nbf?: unknown };
  if (exp !== undefined && !(typeof exp === 'number' && exp * 1000 > now)) return 'the access token has expired';
  if (nbf !== undefined && !(typeof nbf === 'number' && nbf * 1000 <= now)) return 'the access token is not valid yet';
  return undefined;
}
