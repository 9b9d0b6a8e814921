import { defineConfig } from 'vitest/config';

const source = (path: string): string => new URL(path, import.meta.url).pathname;

/** Folders of `spec` that judge the mutants; fewer are quicker, and what survives them may not survive all. */
const judges = process.env['MUTATION_SPECS'] ?? 'platform,transports,signaling,termination,session';

// What judges the mutants: the specs of the mutated folders and the sessions that stand on them; no browser, no network, no exploration.
export default defineConfig({
  resolve: {
    alias: [
      { find: /^rx-sora$/, replacement: source('src/index.ts') },
      { find: /^rx-sora\/media$/, replacement: source('src/media/index.ts') },
      { find: /^rx-sora\/testing$/, replacement: source('src/testing/index.ts') },
    ],
  },
  test: {
    include: judges.split(',').map((folder) => `spec/${folder}/**/*.spec.ts`),
    environment: 'node',
    // Stryker has its own limit; instrumented code on a busy machine is slow.
    testTimeout: 60_000,
    setupFiles: ['spec/support/seed.ts', 'spec/support/unhandled.ts'],
  },
});
