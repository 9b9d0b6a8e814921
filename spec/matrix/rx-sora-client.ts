import type { ConnectOptions, Termination, TerminationCommon } from 'rx-sora';
import { modes } from '../e2e/support/modes.ts';
import type { Stage } from '../e2e/support/stage.ts';
import type { Account } from '../e2e/support/watched-session.ts';
import { CLIENT_ID, METHOD, PARAMS, type Client, type OpenRequest, type Told } from './client.ts';

const optionsOf = ({ url, mode, connectionMs }: OpenRequest): ConnectOptions => ({
  signalingUrl: url,
  channelId: 'matrix',
  clientId: CLIENT_ID,
  role: 'sendrecv',
  audio: false,
  video: false,
  timeouts: { rpcMs: 1000, ...(connectionMs !== null && { connectionMs }) },
  ...modes[mode],
});

const word = (value: unknown): string => (typeof value === 'string' && value !== '' ? value : JSON.stringify(value));

/** What every termination carries. */
const common: readonly string[] = [
  'phase',
  'switched',
  'sent',
  'startedAt',
  'causeAt',
  'endedAt',
  'trailing',
  'initiator',
  'retry',
] satisfies readonly (keyof TerminationCommon)[];

/** A termination as the application sees it: the kind, and the members that tell it from others of its kind. */
const line = ({ kind, ...members }: Termination): string =>
  [kind, ...Object.entries(members).flatMap(([name, value]) => (common.includes(name) ? [] : [`${name} ${word(value)}`]))].join(', ');

function told({ terminations, left }: Account): Told {
  const [first] = terminations;
  return { lines: terminations.map(line), at: first === undefined ? null : first.startedAt + first.endedAt, terminations, left };
}

/** Sessions of rx-sora on a stage. */
export const rxSoraClient = (name: string, stage: Stage): Client => ({
  name,
  secondThoughtsMs: 400,
  open: async (request) => {
    const session = await stage.open(optionsOf(request), 'apart');
    return {
      connect: () => session.connect().then((info) => info !== null),
      switched: () => session.switched(),
      pushed: () => session.pushed(),
      disconnect: () => session.disconnect(),
      rpc: () => session.rpc(METHOD, PARAMS),
      ended: () => session.account(),
      told: async () => told(await session.glance()),
      // All its sessions share a page: nothing of them may be left that would be in the way of the next.
      close: () => Promise.resolve(),
    };
  },
});
