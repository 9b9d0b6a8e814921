export default {
  testMatch: ['<rootDir>/*.spec.ts'],
  // rx-sora is an ES module: jest runs such modules with --experimental-vm-modules.
  extensionsToTreatAsEsm: ['.ts'],
  transform: { '\\.ts$': '<rootDir>/jest-esbuild.js' },
};
