import type { Mode } from '../e2e/support/modes.ts';
import type { Tab } from '../e2e/support/open-page.ts';
import type { OfficialBench } from '../e2e/support/page/official.ts';
import { type Client, CLIENT_ID, METHOD, PARAMS } from './client.ts';

const modeOptions: Readonly<Record<Mode, object>> = {
  W: { dataChannelSignaling: false },
  M: { dataChannelSignaling: true, ignoreDisconnectWebSocket: false },
  D: { dataChannelSignaling: true, ignoreDisconnectWebSocket: true },
};

/** Connections of the official SDK in a tab. */
export function officialClient(name: string, tab: Tab<OfficialBench>): Client {
  let count = 0;
  return {
    name,
    // Its waits take 3 s, and some of its second events come after one.
    secondThoughtsMs: 3500,
    open: async ({ url, mode, connectionMs }) => {
      count += 1;
      const key = String(count);
      const options = {
        clientId: CLIENT_ID,
        audio: false,
        video: false,
        ...(connectionMs !== null && { connectionTimeout: connectionMs }),
        ...modeOptions[mode],
      };
      await tab.run(({ open }, { key, url, options }) => void open(key, url, 'matrix', options), { key, url, options });
      return {
        connect: () => tab.run(({ subject }, key) => subject(key).connect(), key),
        switched: () => tab.run(({ subject }, key) => subject(key).switched(), key),
        pushed: () => tab.run(({ subject }, key) => subject(key).pushed(), key),
        disconnect: () => tab.run(({ subject }, key) => subject(key).disconnect(), key),
        rpc: () =>
          tab.run(({ subject }, { key, method, params }) => subject(key).rpc(method, params), { key, method: METHOD, params: PARAMS }),
        ended: () => tab.run(({ subject }, key) => subject(key).ended(), key),
        told: async () => {
          const ends = await tab.run(({ subject }, key) => subject(key).ends, key);
          return { lines: ends.map(({ line }) => line), at: ends[0]?.at ?? null, terminations: [], left: [] };
        },
      };
    },
  };
}
