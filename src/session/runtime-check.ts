import { type Platform, resolvePlatform } from '../platform/platform.ts';
import { SoraOptionsError } from './options-error.ts';

/**
 * The platform of a session that starts now.
 *
 * @throws SoraOptionsError where a constructor is neither given nor global
 */
export function platformNow(given: Partial<Platform>): Platform {
  const platform = resolvePlatform(given);
  const missing = (['WebSocket', 'RTCPeerConnection'] as const).filter((name) => platform[name] === undefined);
  const [first] = missing;
  if (first === undefined) return platform as Platform;
  throw new SoraOptionsError(
    `platform.${first}`,
    `is required: this runtime has no ${missing.join(' and no ')}. Pass platform: { ${missing.join(', ')} }`,
  );
}
