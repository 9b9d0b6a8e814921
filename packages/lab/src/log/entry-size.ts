import type { LabLogEntry } from './log-entry.ts';

/** What an object, an array or a member of one takes besides its text; rough, and the same on every run. */
const NODE_BYTES = 32;
const CHARACTER_BYTES = 2;

function sizeOf(value: unknown): number {
  if (typeof value === 'string') return NODE_BYTES + value.length * CHARACTER_BYTES;
  if (typeof value !== 'object' || value === null) return NODE_BYTES;
  if (ArrayBuffer.isView(value)) return NODE_BYTES + value.byteLength;
  let bytes = NODE_BYTES;
  for (const [name, member] of Object.entries(value)) bytes += name.length * CHARACTER_BYTES + sizeOf(member);
  return bytes;
}

/** About how much memory an entry takes, in bytes. */
export const entryBytes = (entry: LabLogEntry): number => sizeOf(entry);
