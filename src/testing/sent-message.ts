import { utf8Text } from '../transports/bytes.ts';
import { fakeInflate } from './fake-compression.ts';
import type { SentFrame } from './fake-world.ts';

/** What a frame says: the JSON object that was written, or only its data where it is none. */
export type FrameContent = Readonly<Record<string, unknown>> & { readonly type?: unknown };

/**
 * Reads a sent frame, inflating it where the fake compression made it. Empty for what is not a JSON object.
 *
 * @example
 * ```ts
 * const [first] = fake.sent;
 * if (first) console.log(readFrame(first)['type']); // connect
 * ```
 */
export function readFrame({ data }: Pick<SentFrame, 'data'>): FrameContent {
  try {
    const content: unknown = JSON.parse(typeof data === 'string' ? data : textOf(data));
    return typeof content === 'object' && content !== null ? (content as FrameContent) : {};
  } catch {
    return {};
  }
}

function textOf(data: Uint8Array): string {
  try {
    return utf8Text(fakeInflate(data)) ?? '';
  } catch {
    return utf8Text(data) ?? '';
  }
}
