import { transformSync } from 'esbuild';

export default {
  process: (text, file) => transformSync(text, { loader: 'ts', format: 'esm', sourcefile: file, sourcemap: 'inline', target: 'es2022' }),
};
