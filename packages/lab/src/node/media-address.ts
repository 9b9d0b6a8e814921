import { lookup } from 'node:dns/promises';
import { networkInterfaces } from 'node:os';

const WILDCARDS: readonly string[] = ['0.0.0.0', '::'];

/** The first IPv4 address that others on the network can reach, else the loopback address. */
function outsideAddress(): string {
  const addresses = Object.values(networkInterfaces()).flatMap((entries) => entries ?? []);
  return addresses.find((entry) => entry.family === 'IPv4' && !entry.internal)?.address ?? '127.0.0.1';
}

/** The IP address to bind the media socket to, and the one to announce: a wildcard address cannot stand in a candidate. */
export async function mediaAddress(host: string): Promise<{ readonly host: string; readonly announcedHost: string }> {
  if (WILDCARDS.includes(host)) return { host, announcedHost: outsideAddress() };
  const { address } = await lookup(host);
  return { host: address, announcedHost: address };
}
