import { defineConfig } from 'vitest/config';

const source = (path: string): string => new URL(path, import.meta.url).pathname;

const alias = [
  { find: /^rx-sora$/, replacement: source('src/index.ts') },
  { find: /^rx-sora\/(angular|media|telemetry|testing)$/, replacement: `${source('src/')}$1/index.ts` },
  { find: /^rx-sora-lab$/, replacement: source('packages/lab/src/index.ts') },
  { find: /^rx-sora-inspector$/, replacement: source('packages/inspector/src/index.ts') },
];

const setupFiles = ['spec/support/seed.ts', 'spec/support/unhandled.ts'];
const angular = ['spec/angular/**/*.spec.ts', 'spec/docs/angular-blocks.spec.ts'];

/** Runs are counted from their reports. */
const run = ['e2e', 'examples'].find((project) => process.argv.includes(project)) ?? 'unit';

export default defineConfig({
  test: {
    reporters: process.env['CI'] === undefined ? ['default'] : ['default', ['json', { outputFile: `reports/vitest-${run}.json` }]],
    projects: [
      {
        resolve: { alias },
        test: {
          name: 'unit',
          include: ['{spec,packages/*/spec}/**/*.spec.ts'],
          exclude: ['{spec,packages/*/spec}/e2e/**', 'spec/examples/angular.spec.ts', ...angular],
          environment: 'node',
          setupFiles,
          // A worker for each file takes four times as long. A spec that changes a global puts it back.
          isolate: false,
        },
      },
      {
        // Zone.js, Angular's platform and its DOM stay in the worker that loads them.
        resolve: { alias },
        test: { name: 'angular', include: angular, environment: 'node', setupFiles },
      },
      {
        // Against the embedded lab: real sockets, real ICE, DTLS and SCTP, real browsers.
        resolve: { alias },
        test: {
          name: 'e2e',
          include: ['{spec,packages/*/spec}/e2e/**/*.spec.ts'],
          environment: 'node',
          testTimeout: 60_000,
          hookTimeout: 60_000,
          maxWorkers: 2,
          isolate: false,
        },
      },
      {
        // An example that is tested as its readers would test it.
        resolve: { alias },
        test: { name: 'marble-test', include: ['examples/marble-test/*.spec.ts'], environment: 'node', globals: true },
      },
      {
        // An application that stands on the packed files and is built by `scripts/example-angular.mjs` before.
        resolve: { alias },
        test: {
          name: 'examples',
          include: ['spec/examples/angular.spec.ts'],
          environment: 'node',
          testTimeout: 60_000,
          hookTimeout: 60_000,
        },
      },
    ],
    coverage: {
      provider: 'v8',
      include: ['{src,packages/*/src}/**/*.ts'],
      reporter: ['text-summary', 'json-summary', 'lcov'],
      reportsDirectory: 'coverage',
      thresholds: {
        'src/termination/**': { branches: 100 },
        'src/transports/**': { branches: 100 },
        'packages/lab/src/rtc/{channels,dtls,link,rtp,sctp,sdp,srtp,stun}/**': { branches: 90 },
      },
    },
  },
});
