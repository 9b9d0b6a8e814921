// Adds up what the test runs reported; a step that failed without a report counts as one failure. The last line is for machines.
import { existsSync, readFileSync, readdirSync } from 'node:fs';

const failedSteps = Number(process.argv[2] ?? 0);
const reports = existsSync('reports') ? readdirSync('reports').filter((name) => /^vitest-.*\.json$/.test(name)) : [];
let passed = 0;
let failed = 0;
for (const name of reports) {
  const { numPassedTests, numFailedTests } = JSON.parse(readFileSync(`reports/${name}`, 'utf8'));
  passed += numPassedTests;
  failed += numFailedTests;
}
if (passed === 0 || (failedSteps > 0 && failed === 0)) failed += Math.max(failedSteps, 1);
console.log(`${passed} passed, ${failed} failed`);
process.exit(failed === 0 && failedSteps === 0 ? 0 : 1);
