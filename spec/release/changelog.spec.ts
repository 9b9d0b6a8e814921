import { describe, expect, test } from 'vitest';
import { type Change, released, unreleasedVersion } from '../../scripts/release/changelog.ts';

const HEAD = '# Changelog\n\nAll notable changes.\n';
const changes: readonly Change[] = [
  { step: 'patch', summary: 'A late `open` is ignored.' },
  { step: 'minor', summary: '`roster()` counts.\nIts counts are those of the server.' },
  { step: 'major', summary: '`describe` is called `describeTermination`.' },
];

describe('the CHANGELOG of a release', () => {
  test('puts the changes above the latest version, the largest step first', () => {
    expect(released(`${HEAD}\n## 0.1.0 - 2026-11-29\n\n- Everything.\n`, '0.2.0', '2026-12-24', changes)).toBe(
      `${HEAD}
## 0.2.0 - 2026-12-24

### Breaking

- \`describe\` is called \`describeTermination\`.

### Added and changed

- \`roster()\` counts.
  Its counts are those of the server.

### Fixed

- A late \`open\` is ignored.

## 0.1.0 - 2026-11-29

- Everything.
`,
    );
  });

  test('gives a section that has waited its date, and keeps its text', () => {
    const waiting = `${HEAD}\n## 0.1.0 - unreleased\n\n### Added\n\n- Everything.\n`;
    expect(unreleasedVersion(waiting)).toBe('0.1.0');
    expect(released(waiting, '0.1.0', '2026-12-24', [])).toBe(`${HEAD}\n## 0.1.0 - 2026-12-24\n\n### Added\n\n- Everything.\n`);
  });

  test('adds to a section that has waited what .changeset/ says besides, above older versions', () => {
    const waiting = `${HEAD}\n## 0.2.0 - unreleased\n\n- Much.\n\n## 0.1.0 - 2026-11-29\n\n- Everything.\n`;
    expect(released(waiting, '0.2.0', '2026-12-24', changes.slice(0, 1))).toBe(
      `${HEAD}\n## 0.2.0 - 2026-12-24\n\n- Much.\n\n### Fixed\n\n- A late \`open\` is ignored.\n\n## 0.1.0 - 2026-11-29\n\n- Everything.\n`,
    );
  });

  test('begins where there was no version yet', () => {
    expect(unreleasedVersion(HEAD)).toBeNull();
    expect(released(HEAD, '0.1.0', '2026-12-24', changes.slice(0, 1))).toBe(
      `${HEAD}\n## 0.1.0 - 2026-12-24\n\n### Fixed\n\n- A late \`open\` is ignored.\n`,
    );
  });
});
