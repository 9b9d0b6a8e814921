import { isIP } from 'node:net';

const isLoopback = (name: string): boolean => name === 'localhost' || name === '::1' || name.startsWith('127.');

/** `[::1]:80` and `127.0.0.1:80` without their port and brackets. */
const nameOf = (host: string): string => host.replace(/:\d+$/, '').replace(/^\[(.*)\]$/, '$1');

/**
 * Whether a request to a lab that listens on the loopback address named it so. A page of another origin whose name was made to point to
 * this machine (DNS rebinding) names itself, and must not read a log that may hold tokens.
 */
export function namesThisMachine(boundTo: string, hostHeader: string | undefined): boolean {
  if (!isLoopback(boundTo)) return true;
  const name = nameOf(hostHeader ?? '');
  return isLoopback(name) && (name === 'localhost' || isIP(name) !== 0);
}
