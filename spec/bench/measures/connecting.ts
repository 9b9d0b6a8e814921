import type { Mode } from '../../e2e/support/modes.ts';
import { allModes } from '../../e2e/support/modes.ts';
import { connectionOf } from '../../e2e/support/lab-side.ts';
import { alternating, each } from '../alternating.ts';
import type { Figure, FigureGroup } from '../figure.ts';
import type { Life } from '../page/fresh.ts';
import type { PartyOptions } from '../page/party.ts';
import { quantile } from '../statistics.ts';
import { inFreshPage, nobodyLeft, type Stand } from '../stand.ts';

const modeNames: Readonly<Record<Mode, string>> = { W: 'WebSocket only', M: 'WebSocket and DataChannel', D: 'DataChannel only' };

const roles = ['recvonly', 'sendrecv'] as const;

/** Lives in one page: the first is cold, the last ones are warm. */
const LIVES = 8;
const WARM = 4;

export const optionsOf = (url: string, mode: Mode, role: PartyOptions['role']): PartyOptions => ({
  url,
  channelId: `connecting-${mode}-${role}`,
  clientId: 'bench',
  mode,
  role,
  hasMedia: true,
  labels: {},
});

const ms = { unit: 'ms', better: 'less' } as const;

/** What a user waits for: nothing in the page, not even the browser's WebRTC, has been used before. */
export async function firstConnect(stand: Stand): Promise<readonly FigureGroup[]> {
  const figures: Figure[] = [];
  for (const mode of ['W', 'D'] as const) {
    const options = optionsOf(stand.lab.url, mode, 'recvonly');
    const samples = await alternating({ warmUp: 1, counted: stand.rounds }, (sdk) =>
      inFreshPage(stand, sdk, (tab) => tab.run(({ life }, options) => life(options), options)),
    );
    figures.push(
      { name: modeNames[mode], ...ms, samples: each(samples, ({ connectMs }) => connectMs), atMost: 1 },
      { name: `${modeNames[mode]}: until \`new WebSocket\``, ...ms, samples: each(samples, ({ socketMs }) => socketMs) },
      { name: `${modeNames[mode]}: first disconnect`, ...ms, samples: each(samples, ({ disconnectMs }) => disconnectMs) },
    );
  }
  return [
    {
      title: 'First connect of a fresh page',
      meaning:
        'A new page for each round, with one SDK in it, minified as in production, and nothing used before: what somebody waits who opens a call. From the call of ' +
        '`connect()` until its promise resolves; the role is `recvonly`.',
      figures,
    },
  ];
}

/** Code of the SDK that runs for the first time, and code that has run before, in a browser whose WebRTC is in use already. */
export async function connecting(stand: Stand): Promise<readonly FigureGroup[]> {
  const cold: Figure[] = [];
  const warm: Figure[] = [];
  const disconnecting: Figure[] = [];
  for (const role of roles) {
    for (const mode of allModes) {
      const options = optionsOf(stand.lab.url, mode, role);
      const samples = await alternating({ warmUp: 1, counted: stand.rounds }, (sdk) =>
        inFreshPage(stand, sdk, async (tab) => {
          await tab.run(({ warmBrowser }, url) => warmBrowser(url), options.url);
          const lives: Life[] = [];
          while (lives.length < LIVES) {
            lives.push(await tab.run(({ life }, options) => life(options), options));
            await nobodyLeft(stand.lab);
          }
          return lives;
        }),
      );
      const first = (lives: readonly Life[]): Life => lives[0] as Life;
      const middle = (lives: readonly Life[], number: (life: Life) => number): number => quantile(lives.slice(-WARM).map(number), 0.5);
      const name = `${role}, ${modeNames[mode]}`;
      cold.push(
        { name, ...ms, samples: each(samples, (lives) => first(lives).connectMs), atMost: 0.9 },
        { name: `${name}: until \`new WebSocket\``, ...ms, samples: each(samples, (lives) => first(lives).socketMs) },
      );
      warm.push({ name, ...ms, samples: each(samples, (lives) => middle(lives, ({ connectMs }) => connectMs)), atMost: 0.8 });
      disconnecting.push(
        { name: `${name}, cold`, ...ms, samples: each(samples, (lives) => first(lives).disconnectMs), atMost: 1.25 },
        { name: `${name}, warm`, ...ms, samples: each(samples, (lives) => middle(lives, ({ disconnectMs }) => disconnectMs)) },
      );
    }
  }
  const media = 'Audio and video are those of a fake microphone and camera that are open before.';
  return [
    {
      title: 'Connecting, cold',
      meaning:
        'A new page for each round, in which camera, WebSocket and WebRTC of the browser were used once without an SDK: what differs is the code of the SDK, which ' +
        `runs for the first time. From the call of \`connect()\` until its promise resolves. ${media}`,
      figures: cold,
    },
    {
      title: 'Connecting, warm',
      meaning: `The median of the last ${WARM} of ${LIVES} lives in such a page: a call that follows another.`,
      figures: warm,
    },
    {
      title: 'Disconnecting',
      meaning:
        'From the call of `disconnect()` until its promise resolves, in a session that stands: the server has told of it and, where DataChannels are used, has sent ' +
        '`switched`. In the same pages.',
      figures: disconnecting,
    },
  ];
}

/** How long an application waits to be told of an end that the browser knows of. */
export async function faults(stand: Stand): Promise<readonly FigureGroup[]> {
  const figures: Figure[] = [];
  for (const [name, breaks] of [
    ['WebSocket close, code 4490', 'close'],
    ['TCP cut', 'cut'],
  ] as const) {
    const options = { ...optionsOf(stand.lab.url, 'W', 'recvonly'), clientId: `fault-${breaks}` };
    const samples = await alternating({ warmUp: 1, counted: stand.rounds }, (sdk) =>
      inFreshPage(stand, sdk, async (tab) => {
        await tab.run(({ warmBrowser }, url) => warmBrowser(url), options.url);
        const told: number[] = [];
        while (told.length < LIVES) {
          const [side] = await Promise.all([
            connectionOf(stand.lab, options.clientId),
            tab.run(({ open }, options) => open(options), options),
          ]);
          if (breaks === 'cut') side.cutWebSocket();
          else side.closeWebSocket(4490, 'SIGNALING-ERROR');
          told.push(await tab.run(({ toldMs }) => toldMs()));
          await nobodyLeft(stand.lab);
        }
        return { cold: told[0] ?? Number.NaN, warm: quantile(told.slice(-WARM), 0.5) };
      }),
    );
    figures.push(
      { name: `${name}, cold`, ...ms, samples: each(samples, ({ cold }) => cold), atMost: 1.1 },
      { name: `${name}, warm`, ...ms, samples: each(samples, ({ warm }) => warm), atMost: 1.1 },
    );
  }
  return [
    {
      title: 'From a fault to the value',
      meaning:
        'From the first event that the browser fires at the WebSocket (`error` or `close`) until the application learns of it: by `termination$` of rx-sora, by the ' +
        `callback \`disconnect\` of the official SDK. In a session that stands, in WebSocket-only mode; the first of ${LIVES} in a page is cold, the last ${WARM} are warm.`,
      figures,
    },
  ];
}
