// Writes the reference of every exported name into the site: TypeDoc's Markdown, with the names of the entry points as users import them.
import { existsSync, readFileSync, readdirSync, rmSync } from 'node:fs';
import { join, posix } from 'node:path';
import { diagramOf, ruleDiagrams } from '../../spec/docs/support/diagrams.ts';
import { run } from '../package-check/check.mjs';
import { ROOT } from '../packages.mjs';
import { writeStaged } from './stage.mjs';

const OUT = join(ROOT, 'docs/.vitepress/typedoc');

/** TypeDoc names an entry point after its file; this is what users import. The folder of each is its name without slashes. */
const SDK = { index: 'rx-sora' };

export async function writeReference() {
  rmSync(OUT, { recursive: true, force: true });
  const typedoc = (...words) => run(join(ROOT, 'node_modules/.bin/typedoc'), words, { cwd: ROOT });
  await Promise.all([typedoc(), ...packageFolders().map((name) => typedoc('--options', `packages/${name}/typedoc.json`))]);
  const entries = [...stageSdk(), ...packageFolders().map((name) => stagePackage(name))];
  writeStaged('api/index.md', overview(entries));
}

const packageFolders = () => readdirSync(join(ROOT, 'packages')).filter((name) => existsSync(join(ROOT, 'packages', name, 'typedoc.json')));

const markdownIn = (folder) =>
  readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.md'))
    .sort();

/** The SDK has a module for each entry point. */
function stageSdk() {
  const folder = join(OUT, 'sdk');
  const places = markdownIn(folder).filter((name) => name !== 'index.md');
  const renamed = (path) => path.replaceAll(/(^|\/)index\/(?=.)/g, `$1${SDK.index}/`);
  for (const name of places) {
    const text = readFileSync(join(folder, name), 'utf8').replaceAll(/\]\(([^)\s]+)\)/g, (_, target) => `](${renamed(target)})`);
    const [module] = name.split('/');
    const title = module === 'index' ? 'rx-sora' : `rx-sora/${module}`;
    const drawn = module === 'index' ? withDiagram(text, posix.basename(name, '.md')) : text;
    writeStaged(`api/${renamed(name)}`, page(drawn, name === `${module}/index.md` ? title : null));
  }
  return readdirSync(folder, { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map(({ name }) => ({ title: name === 'index' ? 'rx-sora' : `rx-sora/${name}`, folder: SDK[name] ?? name }));
}

/** The marble diagram of a name, drawn from a marble test, below what the docstring says. */
function withDiagram(text, name) {
  if (name === 'terminationRules') {
    const parts = [...ruleDiagrams()].map(([rules, drawn]) => `### ${rules}\n\n${inBlock(drawn)}`);
    return [text.trim(), '## The rules, each in a session', RULES, ...parts].join('\n\n');
  }
  const diagram = diagramOf(name);
  if (diagram === null) return text;
  const { sentence, drawn } = diagram;
  return [text.trim(), '## Marble diagram', sentence, drawn.startsWith('<svg') ? inFigure(drawn) : inBlock(drawn)].join('\n\n');
}

const RULES =
  'Each diagram is `marbleDiagram()` of a scenario of the specs to which this rule applies. The event that ended the session stands in brackets. A rule that says what has no effect shows a session that goes on, or that ends for another reason later. What each rule says is in [how a session ends](../../../termination.md).';

const inBlock = (text) => `\`\`\`text\n${text.trimEnd()}\n\`\`\``;
const inFigure = (svg) => `<figure class="drawing" tabindex="0" v-pre>${svg.replaceAll(/\n\s*/g, ' ').trim()}</figure>`;

/** Another package has one entry point. */
function stagePackage(name) {
  const folder = join(OUT, name);
  const title = `rx-sora-${name}`;
  for (const file of markdownIn(folder)) {
    const text = readFileSync(join(folder, file), 'utf8');
    writeStaged(`api/${title}/${file}`, page(text, file === 'index.md' ? title : null));
  }
  return { title, folder: title };
}

/** A page of its own title. The frontmatter keeps the reference out of the table of guides and its outline flat. */
function page(text, title) {
  const titled = title === null ? text : text.replace(/^# .*$/m, `# ${title}`);
  return `---\neditLink: false\noutline: [2, 3]\n---\n\n${titled.trim()}\n`;
}

/** The functions of every entry, each with the first sentence of its docstring. */
function overview(entries) {
  const parts = entries.map(({ title, folder }) => {
    const path = join(ROOT, 'docs/.vitepress/pages/api', folder);
    const rows = ['functions', 'classes', 'variables'].flatMap((sort) => {
      const names = existsSync(join(path, sort)) ? readdirSync(join(path, sort)).sort() : [];
      return names.map((name) => {
        const shown = sort === 'functions' ? `${name.slice(0, -3)}()` : name.slice(0, -3);
        return `| [\`${shown}\`](./${posix.join(folder, sort, name)}) | ${summary(readFileSync(join(path, sort, name), 'utf8'))} |`;
      });
    });
    const namespaces = existsSync(join(path, 'namespaces')) ? readdirSync(join(path, 'namespaces')) : [];
    const further = namespaces.map((name) => `, and the namespace [\`${name}\`](./${folder}/namespaces/${name}/index.md)`).join('');
    return [
      `## ${title}`,
      '',
      `[Every name of \`${title}\`](./${folder}/index.md), types included${further}.`,
      '',
      '| name | what it is |',
      '| --- | --- |',
      ...rows,
    ].join('\n');
  });
  return [
    '---\neditLink: false\n---\n\n# Reference',
    'Every exported name, from the docstrings of the source. Streams say whether they are hot or cold, what they replay and how they end.',
    ...parts,
    '',
  ].join('\n\n');
}

/** The first sentence of a page of the reference, without links, which would lead astray from elsewhere. */
function summary(text) {
  const paragraph =
    text
      .replace(/^---[\s\S]*?---\n/, '')
      .split(/\n\n+/)
      .map((part) => part.trim())
      .find((part) => part !== '' && !/^[#>|`-]|^\*\*\*/.test(part)) ?? '';
  const plain = paragraph.replaceAll(/\[([^\]]*)\]\([^)]*\)/g, '$1').replaceAll(/\s+/g, ' ');
  return (/^.*?[.:](?=\s|$)/.exec(plain)?.[0] ?? plain).replaceAll('|', '\\|');
}
