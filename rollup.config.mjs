import { chmodSync, rmSync } from 'node:fs';
import { dts } from 'rollup-plugin-dts';
import esbuild from 'rollup-plugin-esbuild';

const input = {
  index: 'src/index.ts',
  'testing/index': 'src/testing/index.ts',
  'media/index': 'src/media/index.ts',
  'lab/index': 'src/lab/index.ts',
};
const external = [/^rxjs($|\/)/, /^node:/, 'ws', /^werift($|\/)/];
const tsconfig = 'tsconfig.build.json';
const names = (extension) => ({
  dir: 'dist',
  format: 'es',
  entryFileNames: `[name].${extension}`,
  chunkFileNames: `chunks/[name]-[hash].${extension}`,
});

/** Chunks are named by their content: those of an earlier build must not stay. */
const clean = {
  name: 'clean',
  buildStart: () => rmSync('dist', { recursive: true, force: true }),
};
const executable = {
  name: 'executable',
  writeBundle: () => chmodSync('dist/lab/cli.js', 0o755),
};

const javascript = {
  input: { ...input, 'lab/cli': 'src/lab/cli.ts' },
  external,
  plugins: [clean, esbuild({ target: 'es2022', tsconfig }), executable],
  output: { ...names('js'), sourcemap: true },
};
const declarations = { input, external, plugins: [dts({ tsconfig })], output: names('d.ts') };

/** `rollup -c --configJavaScriptOnly` leaves out the declarations: what `npm start` needs, in a tenth of the time. */
export default (options) => {
  const { configJavaScriptOnly } = options;
  delete options.configJavaScriptOnly;
  return configJavaScriptOnly ? javascript : [javascript, declarations];
};
