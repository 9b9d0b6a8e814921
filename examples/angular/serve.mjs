// The lab and the application, on this machine only. Offline: nothing is fetched from anywhere.
import { startLab } from 'rx-sora-lab';

const lab = await startLab({ normalCloseReason: true });
process.env.SIGNALING_URL = lab.url;
process.env.PORT ??= '4000';
console.log(`lab: ${lab.httpUrl}, its page can end connections and inject faults`);
console.log('application, in two tabs:');
await import('./dist/server/server.mjs');
process.once('SIGINT', () => void lab.close().then(() => process.exit()));
