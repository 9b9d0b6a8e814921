/** Where a datagram came from, or goes to. */
export interface RemoteAddress {
  readonly address: string;
  readonly port: number;
}

export const addressKey = ({ address, port }: RemoteAddress): string =>
  address.includes(':') ? `[${address}]:${port}` : `${address}:${port}`;
