import type { EncodingLike, RtpSenderLike } from '../platform/w3c.ts';
import { type EncodingMembers, mergeEncodings } from './encodings.ts';

/**
 * Makes a sender encode what the server asks for, layer by layer. Returns and throws what `setParameters` does; a browser that refuses a member may take
 * the essential ones alone on a second attempt.
 *
 * @source W3C WebRTC 5.2, setParameters
 */
export function setEncodings(sender: RtpSenderLike, offered: readonly EncodingLike[], members: EncodingMembers): unknown {
  const parameters = sender.getParameters?.();
  const encodings = mergeEncodings(parameters?.encodings ?? [], offered, members);
  return sender.setParameters?.({ ...parameters, encodings } as never);
}
