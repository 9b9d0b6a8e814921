// How every package of the repository is built: JavaScript and declarations of its entries, and its commands, into its dist/.
import { readFileSync, readdirSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { dts } from 'rollup-plugin-dts';
import esbuild from 'rollup-plugin-esbuild';
import { typeOnlyExports } from './type-only-exports.mjs';

/**
 * Chunks are named by their content: those of an earlier build must not stay. What another output wrote must, or a build of the JavaScript
 * alone would leave a package without its declarations.
 */
const clean = (dist, pattern) => ({
  name: 'clean',
  buildStart: () => {
    for (const file of filesIn(dist)) if (pattern.test(file)) rmSync(join(dist, file));
  },
});

const FILE_READ = /readFileSync\(new URL\(['"](\.[^'"]+)['"], import\.meta\.url\), ['"]utf8['"]\)/g;

/** A text that a module reads from beside itself is part of the built module: there is no such file in dist/. */
const inlineTexts = {
  name: 'inline-texts',
  transform(code, id) {
    if (!code.includes('import.meta.url')) return null;
    const inlined = code.replaceAll(FILE_READ, (_, path) => {
      const file = join(dirname(id), path);
      this.addWatchFile(file);
      return JSON.stringify(readFileSync(file, 'utf8'));
    });
    if (inlined === code) return null;
    // What nothing uses any more would stay as a bare import.
    return { code: inlined.replace(/import \{ readFileSync \} from ['"]node:fs['"];\n/, ''), map: null };
  },
};

function filesIn(folder) {
  try {
    return readdirSync(folder, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => join(entry.parentPath, entry.name).slice(folder.length + 1));
  } catch (error) {
    if (error.code === 'ENOENT') return [];
    throw error;
  }
}

/**
 * The rollup configuration of the package in `folder`. `entries` are what users import, `commands` what they run: those have no declarations. `assets` writes
 * files beside the JavaScript.
 * `rollup -c --configJavaScriptOnly` leaves the declarations as they are: what `npm start` needs, in a tenth of the time.
 */
export function packageBuild(folder, { entries, commands = {}, external, assets }) {
  const at = (path) => join(folder, path);
  const inFolder = (files) => Object.fromEntries(Object.entries(files).map(([name, path]) => [name, at(path)]));
  const dist = at('dist');
  const tsconfig = at('tsconfig.build.json');
  const names = (extension) => ({
    dir: dist,
    format: 'es',
    entryFileNames: `[name].${extension}`,
    chunkFileNames: `chunks/[name]-[hash].${extension}`,
  });
  const javascript = {
    input: inFolder({ ...entries, ...commands }),
    external,
    plugins: [clean(dist, /\.js(\.map)?$/), inlineTexts, esbuild({ target: 'es2022', tsconfig }), { name: 'assets', writeBundle: assets }],
    // No source maps: the sources are not in the package, and the output is as readable as they are.
    // A module for each file, so that a bundler leaves out whole files that an application does not import.
    output: { ...names('js'), preserveModules: true, preserveModulesRoot: at('src') },
  };
  const declarations = {
    input: inFolder(entries),
    external,
    plugins: [clean(dist, /\.d\.ts$/), dts({ tsconfig }), typeOnlyExports(dist)],
    // Types of messages are public as members of the namespace `Wire`, which the plugin does not count.
    onwarn: (warning, warn) => {
      if (!warning.message.includes('still references private shared type exports')) warn(warning);
    },
    output: names('d.ts'),
  };
  return (options) => {
    const { configJavaScriptOnly } = options;
    delete options.configJavaScriptOnly;
    return configJavaScriptOnly ? javascript : [javascript, declarations];
  };
}
