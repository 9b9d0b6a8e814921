interface Common {
  /** Milliseconds on the session's clock; Unix milliseconds where a channel is listened to on its own. */
  readonly at: number;
  readonly label: string;
}

/**
 * What an RTCDataChannel told, as plain data with the W3C's fields.
 *
 * @source W3C WebRTC 6.2.3, events of the RTCDataChannel interface; 6.3.3, RTCErrorEvent
 */
export type DataChannelEvent =
  | (Common & { readonly kind: 'open' })
  | (Common & { readonly kind: 'message'; readonly data: string | Uint8Array })
  | (Common & { readonly kind: 'bufferedamountlow' })
  | (Common & { readonly kind: 'closing' })
  | (Common & { readonly kind: 'error'; readonly errorDetail?: string; readonly sctpCauseCode?: number })
  | (Common & { readonly kind: 'close' });
