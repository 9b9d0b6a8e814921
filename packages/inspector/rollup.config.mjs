import { packageBuild } from '../../scripts/package-build.mjs';

export default packageBuild(import.meta.dirname, {
  entries: { index: 'src/index.ts' },
  external: [/^rxjs($|\/)/, /^rx-sora($|\/)/, /^lit($|\/)/, 'uplot'],
});
