// Runs Stryker once and judges each mutated folder on its own: the threshold of Stryker is over all of them, where a good folder
// hides a bad one. Folders and files given as arguments take the place of the configured ones, options go to Stryker. With --lab the
// folders are those of the lab. MUTATION_SPECS names the folders of specs that judge, where fewer than all are wanted.
import { spawnSync } from 'node:child_process';
import { readFileSync, rmSync, statSync } from 'node:fs';
import { dirname } from 'node:path';

const given = process.argv.slice(2).filter((word) => word !== '--lab');
const config = process.argv.includes('--lab') ? 'packages/lab/stryker.config.json' : 'stryker.config.json';
const { jsonReporter, thresholds } = JSON.parse(readFileSync(config, 'utf8'));
const options = given.filter((word) => word.startsWith('-'));
const places = given
  .filter((word) => !word.startsWith('-'))
  .map((place) => (isFolder(place) ? `${place.replace(/\/$/, '')}/**/*.ts` : place));
const mutate = places.length > 0 ? ['--mutate', places.join(',')] : [];

// What an earlier run has left must not be judged.
rmSync(jsonReporter.fileName, { force: true });
const stryker = 'node_modules/@stryker-mutator/core/bin/stryker.js';
const { status } = spawnSync(process.execPath, [stryker, 'run', config, ...mutate, ...options], { stdio: 'inherit' });
if (status !== 0) process.exit(status ?? 1);

const { files } = JSON.parse(readFileSync(jsonReporter.fileName, 'utf8'));
const folders = Map.groupBy(Object.entries(files), ([file]) => folderOf(file));
if (folders.size === 0) {
  console.error(`Nothing was mutated: ${places.join(' ')}`);
  process.exit(1);
}

let failed = 0;
for (const [folder, entries] of folders) {
  const mutants = entries.flatMap(([, file]) => file.mutants);
  const killed = count(mutants, 'Killed', 'Timeout');
  const survived = count(mutants, 'Survived', 'NoCoverage');
  const score = (100 * killed) / (killed + survived);
  // A folder without a single valid mutant has no score and passes.
  const passes = !(score < thresholds.low);
  if (!passes) failed += 1;
  console.log(`${passes ? 'ok  ' : 'FAIL'} ${folder}: ${score.toFixed(1)} % of ${killed + survived} mutants killed, ${survived} left`);
}
if (failed > 0) {
  console.error(`Each folder has to reach ${thresholds.low} %.`);
  process.exit(1);
}

// `src/signaling` and everything below it; in the lab a folder of its own for each protocol.
function folderOf(file) {
  return file.startsWith('packages/') ? dirname(file) : file.split('/').slice(0, 2).join('/');
}

function isFolder(place) {
  return statSync(place, { throwIfNoEntry: false })?.isDirectory() === true;
}

function count(mutants, ...states) {
  return mutants.filter(({ status }) => states.includes(status)).length;
}
