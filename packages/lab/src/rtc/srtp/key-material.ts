/** What SRTP needs from DTLS (RFC 5764). */
export interface SrtpKeyMaterial {
  readonly profile: number;
  /** Keys of what the client sends, and of what the server sends. */
  readonly client: { readonly key: Buffer; readonly salt: Buffer };
  readonly server: { readonly key: Buffer; readonly salt: Buffer };
}
