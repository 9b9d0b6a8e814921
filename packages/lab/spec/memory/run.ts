// node packages/lab/spec/memory/run.ts [visits]: what a lab holds before and after so many connects and ends, in steps of 200.
import { MeasuredLabProcess } from './measured-lab-process.ts';
import { visits } from './visits.ts';

const total = Number(process.argv[2] ?? 2000);
const lab = await MeasuredLabProcess.start();
const show = async (done: number): Promise<void> => {
  const { heapUsed, external, resources } = await lab.quietMeasure();
  console.log(
    `${done} visits: heap ${(heapUsed / 1024).toFixed(0)} KiB, external ${(external / 1024).toFixed(0)} KiB, ${resources.join(' ')}`,
  );
};
await show(0);
for (let done = 0; done < total; done += 200) {
  await visits(lab.url, 200);
  await show(done + 200);
}
console.log(`the lab ended with ${await lab.stop()}`);
process.exit();
