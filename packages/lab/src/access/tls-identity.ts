import { readFileSync } from 'node:fs';
import { createSecureContext } from 'node:tls';
import { LabOptionsError } from '../lab-options-error.ts';

/** Certificate and key in PEM. */
export interface TlsIdentity {
  readonly cert: string;
  readonly key: string;
}

const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));

/** An option that holds PEM itself or the path of a file with it. */
function readPem(name: 'tlsCert' | 'tlsKey', value: string): string {
  if (value.includes('-----BEGIN')) return value;
  try {
    return readFileSync(value, 'utf8');
  } catch (error) {
    throw new LabOptionsError(name, `cannot be read: ${messageOf(error)}`);
  }
}

/**
 * Reads and checks the certificate and its key; undefined without the options.
 *
 * @throws LabOptionsError naming the option.
 */
export function readTlsIdentity(options: { readonly tlsCert?: string; readonly tlsKey?: string }): TlsIdentity | undefined {
  const { tlsCert, tlsKey } = options;
  if (tlsCert === undefined || tlsKey === undefined) return undefined;
  const cert = readPem('tlsCert', tlsCert);
  const key = readPem('tlsKey', tlsKey);
  try {
    createSecureContext({ cert });
  } catch (error) {
    throw new LabOptionsError('tlsCert', `is not a certificate in PEM: ${messageOf(error)}`);
  }
  try {
    createSecureContext({ cert, key });
  } catch (error) {
    throw new LabOptionsError('tlsKey', `is not the key of the certificate: ${messageOf(error)}`);
  }
  return { cert, key };
}
