import type { Mode } from '../e2e/support/modes.ts';
import type { Tab } from '../e2e/support/open-page.ts';
import type { OfficialBench } from '../e2e/support/page/official.ts';
import { type Client, CLIENT_ID, METHOD, PARAMS } from './client.ts';

const modeOptions: Readonly<Record<Mode, object>> = {
  W: { dataChannelSignaling: false },
  M: { dataChannelSignaling: true, ignoreDisconnectWebSocket: false },
  D: { dataChannelSignaling: true, ignoreDisconnectWebSocket: true },
};

/**
 * Connections of the official SDK, each in a tab of its own: what it leaves behind after one fault (peer connections, in Chromium up to the limit of a
 * page) must not count against it in the next.
 */
export const officialClient = (name: string, openTab: () => Promise<Tab<OfficialBench>>): Client => ({
  name,
  // Its waits take 3 s, and some of its second events come after one.
  secondThoughtsMs: 3500,
  open: async ({ url, mode, connectionMs }) => {
    const tab = await openTab();
    let isClosed = false;
    /** Asks the page. A closed tab would reject what is unanswered. */
    const ask: Tab<OfficialBench>['run'] = <Args, Result>(
      what: (bench: OfficialBench, args: Args) => Result | Promise<Result>,
      args?: Args,
    ): Promise<Result> =>
      tab
        .run(what, args as Args)
        .catch((error: unknown) => (isClosed ? new Promise<never>(() => undefined) : Promise.reject(error as Error)));
    const options = {
      clientId: CLIENT_ID,
      audio: false,
      video: false,
      ...(connectionMs !== null && { connectionTimeout: connectionMs }),
      ...modeOptions[mode],
    };
    await ask(({ open }, { url, options }) => void open('subject', url, 'matrix', options), { url, options });
    return {
      connect: () => ask(({ subject }) => subject('subject').connect()),
      switched: () => ask(({ subject }) => subject('subject').switched()),
      pushed: () => ask(({ subject }) => subject('subject').pushed()),
      disconnect: () => ask(({ subject }) => subject('subject').disconnect()),
      rpc: () => ask(({ subject }, { method, params }) => subject('subject').rpc(method, params), { method: METHOD, params: PARAMS }),
      ended: () => ask(({ subject }) => subject('subject').ended()),
      told: async () => {
        const ends = await ask(({ subject }) => subject('subject').ends);
        return { lines: ends.map(({ line }) => line), at: ends[0]?.at ?? null, terminations: [], left: [] };
      },
      close: () => {
        isClosed = true;
        return tab.close();
      },
    };
  },
});
