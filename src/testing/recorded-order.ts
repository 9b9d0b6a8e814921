import { channelsOf } from './recorded-facts.ts';
import { type RecordedInput, type RecordedLine, isEntry, isInput } from './recording.ts';

/**
 * The lines of a recording with each input before what it caused. A session publishes an event only after it has reacted to it, so in a recording an
 * input stands behind the entry that reports it and behind everything that followed at once.
 */
export function causesFirst(lines: readonly RecordedLine[]): readonly RecordedLine[] {
  const channels = channelsOf(lines);
  const isCompressed = (input: RecordedInput): boolean =>
    input.input === 'datachannel' && input.event === 'message' && !isOwn(input.label) && channels.get(input.label)?.compress === true;
  const ordered: RecordedLine[] = [];
  const pairs = new Map<string, { readonly entries: RecordedLine[]; inputs: number }>();
  for (const line of lines) {
    const name = nameOf(line);
    const pair = pairs.get(name) ?? { entries: [], inputs: 0 };
    if (name !== '') pairs.set(name, pair);
    if (!isInput(line)) {
      ordered.push(line);
      // The entry of a message that was inflated comes after its input.
      if (pair.inputs > 0) pair.inputs -= 1;
      else pair.entries.push(line);
      continue;
    }
    const entry = name === '' ? undefined : pair.entries.pop();
    if (entry === undefined) {
      ordered.push(line);
      pair.inputs += 1;
    } else ordered.splice(ordered.lastIndexOf(entry) + (isCompressed(line) ? 0 : 1), 0, line);
  }
  return ordered;
}

const isOwn = (label: string): boolean => label.startsWith('#');

/** A name that an input and the entry that reports it have in common; empty for lines without a counterpart. */
function nameOf(line: RecordedLine): string {
  if (isInput(line)) {
    switch (line.input) {
      case 'websocket':
        return line.event === 'message' ? 'websocket message' : `websocket ${line.event} ${line.url}`;
      case 'datachannel':
        return `datachannel ${line.event} ${line.label}`;
      case 'peer-connection':
        return `peer-connection ${line.event}`;
      default:
        return '';
    }
  }
  if (!isEntry(line)) return '';
  const { source, what } = line;
  const { direction, label, standing, url } = (line.detail ?? {}) as Readonly<Record<string, string | undefined>>;
  switch (source) {
    case 'signaling':
      if (direction === 'sent') return '';
      return label === undefined ? 'websocket message' : `datachannel message ${label}`;
    case 'websocket':
      return standing === 'failed' || what === 'timeout' || what === 'refused' ? '' : `websocket ${what} ${url ?? ''}`;
    case 'datachannel':
      if (what !== 'dropped') return `datachannel ${what} ${label ?? ''}`;
      return isOwn(label ?? '') ? '' : `datachannel message ${label ?? ''}`;
    case 'peer-connection':
      return `peer-connection ${what}`;
    default:
      return '';
  }
}
