import { parentPort } from 'node:worker_threads';
import { type Job, runJob } from './explore-jobs.ts';

// One job after the other; the answer to each is its result.
parentPort?.on('message', (job: Job) => {
  void runJob(job).then((result) => parentPort?.postMessage(result));
});
