import type { IncomingHttpHeaders } from 'node:http';
import { isIP } from 'node:net';

/** Why a request is refused: it names this machine by a foreign host name, or a page of a foreign origin sent it. */
export type AccessRefusal = 'LAB-FOREIGN-HOST' | 'LAB-FOREIGN-ORIGIN';

export interface AccessOptions {
  /** Names by which clients may call the lab, besides those of the loopback address. */
  readonly hostNames: readonly string[];
  /** Origins whose pages may open sessions and call the HTTP API. */
  readonly allowedOrigins: readonly string[];
  /** Whether the lab itself is served over TLS. */
  readonly secure: boolean;
}

/** A host name for comparison: lower case, without the brackets of an IPv6 address and without a trailing dot. */
export const normalizeHostName = (name: string): string =>
  name
    .toLowerCase()
    .replace(/^\[(.*)\]$/, '$1')
    .replace(/\.$/, '');

/** Whether a name can only mean this machine. `127.example` is an ordinary name. */
export function isLoopbackName(name: string): boolean {
  const normalized = normalizeHostName(name);
  if (isIP(normalized) !== 0) return normalized === '::1' || normalized.startsWith('127.');
  return normalized === 'localhost' || normalized.endsWith('.localhost');
}

/** `[::1]:80` and `127.0.0.1:80` without their port. */
const hostNameOf = (hostHeader: string): string => normalizeHostName(hostHeader.replace(/:\d+$/, ''));

const parseOrigin = (origin: string): URL | undefined => (URL.canParse(origin) ? new URL(origin) : undefined);

const single = (header: string | readonly string[] | undefined): string | undefined => (typeof header === 'string' ? header : header?.[0]);

/**
 * Which requests the lab serves. The Host header must name this machine: a page whose own name was made to resolve to it (DNS rebinding) sends
 * its own name. The Origin header, which browsers add and pages cannot forge, must be that of a page on this machine or an allowed one. Clients
 * that are not browsers send none.
 */
export class AccessPolicy {
  readonly #hostNames: readonly string[];
  readonly #allowedOrigins: readonly string[];
  readonly #secure: boolean;

  constructor({ hostNames, allowedOrigins, secure }: AccessOptions) {
    this.#hostNames = hostNames.map(normalizeHostName);
    this.#allowedOrigins = allowedOrigins.map((origin) => origin.toLowerCase());
    this.#secure = secure;
  }

  /** For the signaling WebSocket: any page that is served from this machine may open it, on whichever port. */
  checkSignaling({ host, origin }: IncomingHttpHeaders): AccessRefusal | undefined {
    if (!this.#isOwnName(host)) return 'LAB-FOREIGN-HOST';
    if (origin === undefined || this.#isAllowedOrigin(origin)) return undefined;
    const url = parseOrigin(origin);
    return url !== undefined && this.#isOwnHostName(normalizeHostName(url.hostname)) ? undefined : 'LAB-FOREIGN-ORIGIN';
  }

  /** For the HTTP API and the control: pages need to come from the lab itself or from an allowed origin. */
  checkHttp(headers: IncomingHttpHeaders): AccessRefusal | undefined {
    const { host, origin } = headers;
    if (!this.#isOwnName(host)) return 'LAB-FOREIGN-HOST';
    if (origin === undefined) return this.#isSilentCrossOrigin(headers) ? 'LAB-FOREIGN-ORIGIN' : undefined;
    return this.#isAllowedOrigin(origin) || this.#isSameOrigin(origin, host ?? '') ? undefined : 'LAB-FOREIGN-ORIGIN';
  }

  /** The allowed origin of a request, whose page may read the answer (CORS). */
  corsOrigin({ origin }: IncomingHttpHeaders): string | undefined {
    return origin !== undefined && this.#isAllowedOrigin(origin) ? origin : undefined;
  }

  #isOwnName(hostHeader: string | undefined): boolean {
    return hostHeader !== undefined && this.#isOwnHostName(hostNameOf(hostHeader));
  }

  #isOwnHostName(name: string): boolean {
    return isLoopbackName(name) || this.#hostNames.includes(name);
  }

  #isAllowedOrigin(origin: string): boolean {
    return this.#allowedOrigins.includes(origin.toLowerCase());
  }

  #isSameOrigin(origin: string, hostHeader: string): boolean {
    return parseOrigin(`${this.#secure ? 'https' : 'http'}://${hostHeader}`)?.origin === origin.toLowerCase();
  }

  /** Images, scripts and `no-cors` requests of other pages carry no Origin. Following a link to the lab is no such request. */
  #isSilentCrossOrigin(headers: IncomingHttpHeaders): boolean {
    const site = single(headers['sec-fetch-site']);
    return (site === 'cross-site' || site === 'same-site') && single(headers['sec-fetch-mode']) !== 'navigate';
  }
}
