import type { SeededFault } from './faults.ts';

/** How often a text occurs in another. */
export const occurrences = (source: string, find: string): number => source.split(find).length - 1;

/**
 * The source of each file that a fault changes, changed.
 *
 * @throws Error where the source no longer has the place, or has it twice
 */
export function applyFault({ id, edits }: Pick<SeededFault, 'id' | 'edits'>, read: (file: string) => string): ReadonlyMap<string, string> {
  const changed = new Map<string, string>();
  for (const { file, find, replace } of edits) {
    const source = changed.get(file) ?? read(file);
    const count = occurrences(source, find);
    if (count !== 1) throw new Error(`${id}: ${file} has the place ${count} times`);
    changed.set(
      file,
      source.replace(find, () => replace),
    );
  }
  return changed;
}
