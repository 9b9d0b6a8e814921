import type { RtcEndpoint, RtcEndpointOptions } from './endpoint.ts';

/**
 * Binds the UDP socket and makes the DTLS certificate.
 *
 * @throws the system's error when the address cannot be bound.
 */
export const startRtcEndpoint = (options: RtcEndpointOptions = {}): Promise<RtcEndpoint> =>
  Promise.reject(new Error(`not built yet (${JSON.stringify(options)})`));
