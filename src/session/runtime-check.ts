import { resolvePlatform } from '../platform/platform.ts';
import { quietly } from '../platform/quietly.ts';
import { SoraOptionsError } from './options-error.ts';
import type { SessionConfig } from './options.ts';

/** RTP header extensions without which layers cannot be told apart. @source RFC 8852; RFC 9143 */
const needed = ['mid', 'rtp-stream-id', 'repaired-rtp-stream-id'].map((name) => `urn:ietf:params:rtp-hdrext:sdes:${name}`);

/**
 * Refuses what this runtime cannot do. A runtime that does not tell what it can is believed to be able.
 *
 * @throws SoraOptionsError for `simulcast` in a browser whose senders lack what it needs
 */
export function checkRuntime({ simulcast, role, platform }: SessionConfig): void {
  if (simulcast !== true || role === 'recvonly') return;
  const { RTCRtpSender } = resolvePlatform(platform);
  const extensions = quietly(() => RTCRtpSender?.getCapabilities?.('video' as never)?.headerExtensions, undefined);
  if (extensions === undefined) return;
  const missing = needed.filter((uri) => !extensions.some((extension) => extension.uri === uri));
  if (missing.length > 0) throw new SoraOptionsError('simulcast', `cannot be used with this browser, which lacks ${missing.join(', ')}`);
}
