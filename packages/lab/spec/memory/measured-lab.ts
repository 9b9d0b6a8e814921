// A lab in a process of its own that tells, when asked, what it holds after a garbage collection. Started by measured-lab-process.ts.
import { startLab } from '../../src/index.ts';

const lab = await startLab({ logCapacity: 100, lingerMs: 50, normalCloseReason: true });

const collect = (): void => {
  if (globalThis.gc === undefined) throw new Error('start me with --expose-gc');
  globalThis.gc();
};

process.on('message', (question) => {
  if (question === 'stop') {
    void lab.close().then(() => process.disconnect());
    return;
  }
  collect();
  // Finalizers run between turns: a second collection takes what the first one released.
  setImmediate(() => {
    collect();
    const { heapUsed, external } = process.memoryUsage();
    process.send!({ heapUsed, external, connections: lab.connections.length, resources: process.getActiveResourcesInfo() });
  });
});
process.send!({ url: lab.url });
