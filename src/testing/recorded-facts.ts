import { isEntry, type RecordedLine } from './recording.ts';
import { messageOf, terminationOf } from './replay-options.ts';

/** A failure inside the SDK, as the timeline tells it. */
export interface RecordedFailure {
  readonly where: string;
  readonly name: string;
  readonly message: string;
}

/** The failures of a recording, in order. */
export function failuresOf(lines: readonly RecordedLine[]): readonly RecordedFailure[] {
  return lines.flatMap((line) =>
    isEntry(line) && line.source === 'sdk' && line.what === 'failure' ? [line.detail as RecordedFailure] : [],
  );
}

/** The error that a failure came from. */
export function errorOf({ name, message }: RecordedFailure): Error {
  const error = new Error(message);
  error.name = name;
  return error;
}

/** Everything that the application and the page did to end the session. */
export function triggersOf(lines: readonly RecordedLine[]): readonly string[] {
  const termination = terminationOf(lines);
  const told = lines.flatMap((line) =>
    isEntry(line) && line.source === 'sdk' && line.what === 'disconnect' ? [(line.detail as { readonly trigger: string }).trigger] : [],
  );
  return termination?.kind === 'client-disconnect' ? [termination.trigger, termination.by ?? '', ...told] : told;
}

/** A channel as the offer announced it. */
export interface RecordedChannel {
  readonly label: string;
  readonly compress: boolean;
  /** How many bytes before the content of a message name its sender. */
  readonly headerBytes: number;
}

/** The channels of a recording's offer, by label. */
export function channelsOf(lines: readonly RecordedLine[]): ReadonlyMap<string, RecordedChannel> {
  const offer = lines.map((line) => messageOf(line, 'received')).find((message) => message?.['type'] === 'offer');
  const offered = Array.isArray(offer?.['data_channels']) ? (offer['data_channels'] as OfferedMembers[]) : [];
  return new Map(
    offered.map(({ label, compress = false, header = [] }) => [
      label,
      { label, compress, headerBytes: header.reduce((sum, { length = 26 }) => sum + length, 0) },
    ]),
  );
}

interface OfferedMembers {
  readonly label: string;
  readonly compress?: boolean;
  readonly header?: readonly { readonly length?: number }[];
}
