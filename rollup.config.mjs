import { packageBuild } from './scripts/package-build.mjs';

export default packageBuild(import.meta.dirname, {
  entries: {
    index: 'src/index.ts',
    'angular/index': 'src/angular/index.ts',
    'media/index': 'src/media/index.ts',
    'telemetry/index': 'src/telemetry/index.ts',
    'testing/index': 'src/testing/index.ts',
  },
  external: [/^rxjs($|\/)/, /^@angular\//, /^@opentelemetry\/api(-logs)?$/],
});
