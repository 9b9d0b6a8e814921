import { defineConfig } from 'vitest/config';

/** Folders of `spec/rtc` that judge the mutants; fewer are quicker, and what survives them may not survive all. */
const judges = process.env['MUTATION_SPECS'] ?? 'stun,srtp,sdp,dtls,sctp,channels';

// No browser and no socket. Floods of malformed input (hostile) and long runs over a rough network are left out: they take longer than
// everything else together. So would the setup files of other specs, once for each mutant: nothing here is random.
export default defineConfig({
  test: {
    include: judges.split(',').map((folder) => `packages/lab/spec/rtc/${folder}/**/*.spec.ts`),
    exclude: ['**/*.{hostile,rough}.spec.ts'],
    environment: 'node',
    // One worker after the other, not one for each file: starting them takes longer than most mutants.
    isolate: false,
    // Stryker has its own limit; instrumented code on a busy machine is slow.
    testTimeout: 60_000,
  },
});
