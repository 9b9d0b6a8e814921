// npm run example:call: serves the example with the lab until Ctrl+C.
import { serveCall } from './site.ts';

const site = await serveCall(Number(process.env['PORT'] ?? 8080));
console.log(`A call with rx-sora: ${site.url} (open it in two tabs)`);
console.log(`Its server is the lab; faults and log: ${site.lab.httpUrl}/lab`);
process.once('SIGINT', () => {
  site.close().catch(console.error);
});
