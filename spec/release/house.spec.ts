import { globSync, readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { ROOT } from '../docs/support/markdown.ts';

interface Manifest {
  readonly name: string;
  readonly scripts: Readonly<Record<string, string>>;
  readonly repository?: unknown;
  readonly dependencies?: object;
}

const text = (path: string): string => readFileSync(ROOT + path, 'utf8');
const manifest = (path: string): Manifest => JSON.parse(text(path)) as Manifest;
const manifests = ['package.json', ...globSync('packages/*/package.json', { cwd: ROOT })];

describe('the workflows', () => {
  const workflows = globSync('.github/workflows/*.yml', { cwd: ROOT });
  const lines = workflows.flatMap((path) => text(path).split('\n'));

  test('run scripts that exist', () => {
    const run = lines.flatMap((line) => /^\s+- run: npm run ([\w:-]+)/.exec(line)?.[1] ?? []);
    expect(run).not.toEqual([]);
    expect(run.filter((name) => manifest('package.json').scripts[name] === undefined)).toEqual([]);
  });

  test('may read alone, and the one that publishes may prove who it is', () => {
    for (const path of workflows) expect(text(path)).toMatch(/^permissions:\n {2}contents: read$/m);
    expect(workflows.filter((path) => text(path).includes('id-token: write'))).toEqual(['.github/workflows/release.yml']);
  });

  test('use actions in a version', () => {
    const used = lines.flatMap((line) => /uses: (\S+)/.exec(line)?.[1] ?? []);
    expect(used.filter((name) => !/@v\d+$/.test(name))).toEqual([]);
  });
});

test('a bug report asks for a recording', () => {
  expect(text('.github/ISSUE_TEMPLATE/bug.yml')).toMatch(/id: recording[^]*record\(session\)[^]*required: true/);
});

test('no package names a repository before there is one, and the SDK depends on nothing', () => {
  expect(manifests.filter((path) => manifest(path).repository !== undefined)).toEqual([]);
  expect(manifest('package.json').dependencies).toBeUndefined();
});

test('every file in .changeset/ names packages of this repository', () => {
  const names = manifests.map((path) => manifest(path).name);
  const changes = globSync('.changeset/*.md', { cwd: ROOT }).filter((path) => !path.endsWith('README.md'));
  const named = changes.flatMap((path) => [...text(path).matchAll(/^'([^']+)': (?:major|minor|patch)$/gm)].map(([, name]) => name));
  expect(named.filter((name) => name === undefined || !names.includes(name))).toEqual([]);
});
