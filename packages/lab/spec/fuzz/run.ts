// node packages/lab/spec/fuzz/run.ts [cases] [seed]: malformed messages and frames against the lab's command, in a process of its own.
import { fuzz } from './fuzz.ts';
import { LabProcess } from '../support/lab-process.ts';

const cases = Number(process.argv[2] ?? 100_000);
const seed = Number(process.argv[3] ?? 1);
const began = performance.now();
const seconds = (): number => Math.round((performance.now() - began) / 100) / 10;
let next = 0;

const lab = await LabProcess.start(['--log-capacity', '100'], ['--max-old-space-size=512']);
try {
  const result = await fuzz({
    url: lab.url,
    seed,
    cases,
    progress: (sum) => {
      if (sum < next) return;
      next += 10_000;
      console.log(`${sum} cases after ${seconds()} s, the lab has ${lab.residentMebibytes()} MiB`);
    },
  });
  console.log(JSON.stringify({ seed, seconds: seconds(), ...result }));
} finally {
  const code = await lab.stop();
  console.log(
    `the lab ended with ${code ?? 'a signal'} and ${lab.complaints === '' ? 'complained about nothing' : `said: ${lab.complaints}`}`,
  );
  process.exitCode = code === 0 && lab.complaints === '' ? 0 : 1;
}
process.exit();
