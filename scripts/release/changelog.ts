// What a release writes into the CHANGELOG of a package.

export type Step = 'major' | 'minor' | 'patch';

/** What one file in `.changeset/` says of a package. */
export interface Change {
  readonly step: Step;
  /** Markdown. Its first line becomes the entry, further lines stay below it. */
  readonly summary: string;
}

const HEADS: Readonly<Record<Step, string>> = { major: 'Breaking', minor: 'Added and changed', patch: 'Fixed' };

const UNRELEASED = /^## (\S+) - unreleased$/m;

/** The version whose section has no date yet, or null. */
export const unreleasedVersion = (changelog: string): string | null => UNRELEASED.exec(changelog)?.[1] ?? null;

/**
 * A CHANGELOG with the section of a version that is released on a day. A section that has waited for its date keeps its text and gets the
 * changes below it; otherwise a new one is put above the latest.
 */
export function released(changelog: string, version: string, day: string, changes: readonly Change[]): string {
  const entries = entriesOf(changes);
  if (unreleasedVersion(changelog) === version) {
    const [before = '', after = ''] = changelog.split(UNRELEASED).filter((part) => part !== version);
    const next = after.search(/^## /m);
    const [own, rest] = next === -1 ? [after, ''] : [after.slice(0, next), after.slice(next)];
    return `${before}## ${version} - ${day}${own.trimEnd()}\n${entries === '' ? '' : `\n${entries}`}${rest === '' ? '' : `\n${rest}`}`;
  }
  const at = changelog.search(/^## /m);
  const [head, tail] = at === -1 ? [changelog, ''] : [changelog.slice(0, at), changelog.slice(at)];
  return `${head.trimEnd()}\n\n## ${version} - ${day}\n\n${entries}${tail === '' ? '' : `\n${tail}`}`;
}

function entriesOf(changes: readonly Change[]): string {
  const steps = (['major', 'minor', 'patch'] as const).filter((step) => changes.some((change) => change.step === step));
  return steps
    .map((step) => {
      const items = changes
        .filter((change) => change.step === step)
        .map(({ summary }) => `- ${summary.trim().replaceAll(/\n(?=.)/g, '\n  ')}`);
      return `### ${HEADS[step]}\n\n${items.join('\n')}\n`;
    })
    .join('\n');
}
