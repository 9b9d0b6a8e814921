import { existsSync, readFileSync } from 'node:fs';
import { posix } from 'node:path';
import { describe, expect, test } from 'vitest';
import { anchors, codeBlocks, codeSpans, headings, links, namedPages, pages, readPage, ROOT } from './support/markdown.ts';
import { pictures } from './support/pictures.ts';
import { printInto } from './support/printed.ts';

interface Manifest {
  readonly scripts: Readonly<Record<string, string>>;
  readonly bin: Readonly<Record<string, string>>;
  readonly devDependencies: Readonly<Record<string, string>>;
}

const manifest = (folder: string): Manifest => JSON.parse(readFileSync(`${ROOT}${folder}package.json`, 'utf8')) as Manifest;
const { scripts } = manifest('');
const { bin } = manifest('packages/lab/');
const { devDependencies: toolsOfAngular } = manifest('examples/angular/');

describe.each(pages())('%s', (page) => {
  test('has one title, and no level of headings is left out', () => {
    const levels = headings(page).map(({ level }) => level);
    expect(levels.filter((level) => level === 1)).toHaveLength(1);
    levels.reduce((above, level) => {
      expect(level).toBeLessThanOrEqual(above + 1);
      return level;
    }, 0);
  });

  test('links lead somewhere, and pages that are named by their path exist', () => {
    const targets = links(page).map((link) => {
      const [path = '', anchor] = link.split('#');
      return { link, target: path === '' ? page : posix.join(posix.dirname(page), path), anchor };
    });
    const named = namedPages(page).map((link) => {
      const [target = '', anchor] = link.split('#');
      return { link, target, anchor };
    });
    const dead = [...targets, ...named].filter(({ target, anchor }) => {
      if (!existsSync(ROOT + target)) return true;
      return anchor !== undefined && target.endsWith('.md') && !anchors(target).has(decodeURIComponent(anchor));
    });
    expect(dead.map(({ link }) => link)).toEqual([]);
  });

  test('what is printed from the source is what the source says: npm run docs prints it anew', { timeout: 60_000 }, () => {
    expect(readPage(page)).toBe(printInto(readPage(page)));
  });

  test('commands exist', () => {
    const commands = codeBlocks(page)
      .filter(({ language }) => language === 'bash' || language === 'sh')
      .flatMap(({ code }) => code.split('\n').flatMap((line) => line.replace(/#.*$/, '').split(/&&|;|\|/)))
      .map((command) => command.trim().split(/\s+/));
    expect(commands.filter((words) => !exists(words)).map((words) => words.join(' '))).toEqual([]);
  });
});

/** npm scripts must be there, binaries installed, our own or those of the Angular example, files present; what other commands do is their affair. */
function exists([command = '', first = '', second = '']: readonly string[]): boolean {
  if (command === 'npm') {
    const script = first === 'run' ? second : ['start', 'test'].includes(first) ? first : null;
    return script === null || scripts[script] !== undefined;
  }
  if (command === 'npx' && first.startsWith('@')) return toolsOfAngular[first] !== undefined;
  if (command === 'npx') return bin[first] !== undefined || existsSync(`${ROOT}node_modules/.bin/${first}`);
  return command !== 'node' || !first.includes('/') || existsSync(ROOT + first);
}

test('pictures are what the source draws: npm run docs draws them anew', () => {
  for (const [path, picture] of pictures()) expect(readFileSync(ROOT + path, 'utf8')).toBe(picture);
});

describe('names', () => {
  const source = (paths: readonly string[]): string => paths.map((path) => readFileSync(ROOT + path, 'utf8')).join('\n');

  test.each(['CONTRIBUTING.md', 'docs/architecture.md', 'docs/decisions.md', 'docs/termination.md'])(
    'files that %s mentions exist',
    (page) => {
      const files = codeSpans(page).filter(
        (span) => /^[\w.-]*\/?[\w./-]*(\/|\.(ts|mjs|json|md|d\.ts))$/.test(span) && !span.startsWith('/'),
      );
      const built = ['dist/', 'release/'];
      expect(files.filter((file) => !built.includes(file) && !existsSync(ROOT + file) && !existsSync(`${ROOT}src/${file}`))).toEqual([]);
    },
  );

  test('streams that a page mentions are declared', () => {
    const declared = source([
      'src/session/session.ts',
      'src/termination/termination.ts',
      'src/reconnect/policy.ts',
      'packages/lab/src/lab.ts',
      'packages/lab/src/lab-connection.ts',
    ]);
    // The changelog also names what is gone.
    const present = pages().filter((page) => !page.endsWith('CHANGELOG.md'));
    const mentioned = present.flatMap((page) => codeSpans(page).map((span) => /^(?:\w+\.)?(\w+\$)$/.exec(span)?.[1] ?? null));
    const unknown = mentioned.filter(
      (name) =>
        name !== null &&
        !declared.includes(` ${name}:`) &&
        !declared.includes(` ${name}?:`) &&
        !declared.includes(`get ${name}`) &&
        !declared.includes(`const ${name} `),
    );
    expect(unknown).toEqual([]);
  });
});
