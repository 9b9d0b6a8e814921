import { packageBuild } from '../../scripts/package-build.mjs';

export default packageBuild(import.meta.dirname, {
  entries: { index: 'src/index.ts' },
  commands: { cli: 'src/cli.ts' },
  external: [/^rxjs($|\/)/, /^node:/, 'leven', 'ws'],
});
