import { type Platform, type ResolvedPlatform, resolvePlatform } from '../platform/platform.ts';
import { quietly } from '../platform/quietly.ts';
import { SoraOptionsError } from './options-error.ts';
import type { SessionConfig } from './options.ts';

/** Without these there is no session. */
const required = ['WebSocket', 'RTCPeerConnection'] as const;

/** RTP header extensions without which layers cannot be told apart. @source RFC 8852; RFC 9143 */
const needed = ['mid', 'rtp-stream-id', 'repaired-rtp-stream-id'].map((name) => `urn:ietf:params:rtp-hdrext:sdes:${name}`);

/**
 * The platform of a session that starts now. Refuses what this runtime cannot do; one that does not tell what it can is believed to be able.
 *
 * @throws SoraOptionsError where a constructor is neither given nor global, and for `simulcast` in a browser whose senders lack what it needs
 */
export function platformNow(config: SessionConfig): Platform {
  const platform = resolvePlatform(config.platform);
  requireConstructors(platform);
  requireSimulcast(config, platform);
  return platform;
}

function requireConstructors(platform: ResolvedPlatform): asserts platform is Platform {
  const missing = required.filter((name) => platform[name] === undefined);
  const [first] = missing;
  if (first === undefined) return;
  const them = missing.join(' and no ');
  throw new SoraOptionsError(`platform.${first}`, `is needed: this runtime has no ${them}. Give platform: { ${missing.join(', ')} }`);
}

function requireSimulcast({ simulcast, role }: SessionConfig, { RTCRtpSender }: Platform): void {
  if (simulcast !== true || role === 'recvonly') return;
  const extensions = quietly(() => RTCRtpSender?.getCapabilities?.('video' as never)?.headerExtensions, undefined);
  if (extensions === undefined) return;
  const missing = needed.filter((uri) => !extensions.some((extension) => extension.uri === uri));
  if (missing.length > 0) throw new SoraOptionsError('simulcast', `cannot be used with this browser, which lacks ${missing.join(', ')}`);
}
