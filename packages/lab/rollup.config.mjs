import { join } from 'node:path';
import { packageBuild } from '../../scripts/package-build.mjs';
import { buildPage } from './page/build.mjs';

export default packageBuild(import.meta.dirname, {
  entries: { index: 'src/index.ts' },
  commands: { cli: 'src/cli.ts' },
  external: [/^rxjs($|\/)/, /^node:/, 'leven', 'ws'],
  assets: () => buildPage(join(import.meta.dirname, 'dist/assets')),
});
