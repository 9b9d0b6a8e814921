// What is in a packed file: its names, their contents, and what its pages and modules point to.
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, readdirSync, statSync } from 'node:fs';
import { join, posix } from 'node:path';
import { anchors, links } from '../../spec/docs/support/markdown.ts';
import { expectNone, run } from './check.mjs';

/** A tarball, unpacked beside itself. */
export async function unpack(path) {
  const folder = path.replace(/\.tgz$/, '');
  mkdirSync(folder, { recursive: true });
  await run('tar', ['-xzf', path, '-C', folder, '--strip-components=1']);
  const files = readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => posix.join(entry.parentPath, entry.name).slice(folder.length + 1))
    .sort();
  const text = (file) => readFileSync(join(folder, file), 'utf8');
  return { path, folder, files, text, bytes: statSync(path).size, manifest: JSON.parse(text('package.json')) };
}

const digest = (text) => createHash('sha256').update(text).digest('hex');

/** Both hold the same files with the same content. */
export function expectSameContent(one, other) {
  const sums = ({ files, text }) => new Map(files.map((file) => [file, digest(text(file))]));
  const [before, after] = [sums(one), sums(other)];
  const names = [...new Set([...before.keys(), ...after.keys()])];
  expectNone(
    names.filter((name) => before.get(name) !== after.get(name)),
    'differs',
  );
}

/** Paths that the manifest names. */
function named({ main, types, bin, exports, typesVersions }) {
  const leaves = (value) => (typeof value === 'string' ? [value] : Object.values(value ?? {}).flatMap(leaves));
  return [main, types, bin, exports, typesVersions].flatMap(leaves).map((path) => posix.normalize(path));
}

const SPECIFIER = /(?:\bfrom\s*|\bimport\s*\(\s*|^import\s+)['"]([^'"]+)['"]/gm;

/** The page of the lab is a bundle of other packages, with their code in it. */
const isBundle = (file) => file.startsWith('dist/assets/');
const isCode = (file) => /^(bin|dist)\/.*\.(js|d\.ts)$/.test(file) && !isBundle(file);

/** What the modules and declarations of a package import, with the file that does. */
const imports = ({ files, text }) =>
  files.filter(isCode).flatMap((file) => [...text(file).matchAll(SPECIFIER)].map(([, specifier]) => ({ file, specifier })));

/** What the manifest names and what modules import from one another is there. */
export function expectComplete(tarball) {
  const { manifest, files } = tarball;
  const missing = named(manifest).filter((path) => !files.includes(path));
  const broken = imports(tarball)
    .filter(({ specifier }) => specifier.startsWith('.'))
    // A declaration names the module whose declarations it means.
    .map(({ file, specifier }) => ({ file, specifier: file.endsWith('.d.ts') ? specifier.replace(/\.js$/, '.d.ts') : specifier }))
    .map(({ file, specifier }) => ({ file, target: posix.join(posix.dirname(file), specifier) }))
    .filter(({ target }) => !files.includes(target))
    .map(({ file, target }) => `${file} imports ${target}`);
  expectNone([...missing, ...broken], 'missing in the tarball');
  if (!files.some((file) => file.endsWith('.d.ts'))) throw new Error('no declarations');
}

/** Every relative link of every packed page leads to a packed file, and to a heading where it names one. */
export function expectLinksInside({ folder, files, text }) {
  const dead = files
    .filter((file) => file.endsWith('.md'))
    .flatMap((page) =>
      links(page, text(page))
        .filter((link) => {
          const [path, anchor] = link.split('#');
          const target = path === '' ? page : posix.join(posix.dirname(page), path);
          if (!existsSync(join(folder, target))) return true;
          return anchor !== undefined && target.endsWith('.md') && !anchors(target, text(target)).has(decodeURIComponent(anchor));
        })
        .map((link) => `${page}: ${link}`),
    );
  expectNone(dead, 'links to what is not in the tarball');
}

/** A map is of use only where its sources are. */
export function expectNoDeadMaps({ files, text }) {
  expectNone(
    files.filter((file) => file.endsWith('.map') || (isCode(file) && text(file).includes('sourceMappingURL='))),
    'source maps without their sources',
  );
}

/** Modules import their own package, what the manifest declares, and in a package for Node what Node has. */
export function expectDeclaredImports(tarball, { node }) {
  const { dependencies = {}, peerDependencies = {} } = tarball.manifest;
  const declared = [...Object.keys(dependencies), ...Object.keys(peerDependencies)];
  const packageOf = (specifier) => /^(@[^/]+\/)?[^/]+/.exec(specifier)[0];
  expectNone(
    imports(tarball)
      .filter(({ specifier }) => !specifier.startsWith('.'))
      .filter(({ specifier }) => (specifier.startsWith('node:') ? !node : !declared.includes(packageOf(specifier))))
      .map(({ file, specifier }) => `${file} imports ${specifier}`),
    'not declared',
  );
}

/** These files are there. */
export function expectFiles({ files }, expected) {
  expectNone(
    expected.filter((file) => !files.includes(file)),
    'missing in the tarball',
  );
}

/** Lines of this length do not come about twice by chance. */
const TELLING_LENGTH = 60;

/** No file and no line of code of the one is in the other. */
export function expectNothingOf(other, tarball) {
  const lines = ({ files, text }) =>
    files
      .filter(isCode)
      .flatMap((file) => text(file).split('\n'))
      // A Japanese word is short, its escapes are not.
      .map((line) => line.trim().replaceAll(/\\u[0-9A-F]{4}/g, '.'))
      .filter((line) => line.length >= TELLING_LENGTH && !line.startsWith('import '));
  const foreign = new Set(lines(other));
  if (foreign.size === 0) throw new Error(`${other.manifest.name} has no code to look for`);
  expectNone(
    lines(tarball).filter((line) => foreign.has(line)),
    `lines of ${other.manifest.name}`,
  );
}

/** A kilobyte has 1000 bytes, as npm counts. */
export function expectAtMost({ bytes }, kilobytes) {
  if (bytes > kilobytes * 1000) throw new Error(`${(bytes / 1000).toFixed(1)} kB packed, ${kilobytes} are allowed`);
}
