// The tour of `npm start`: sessions over real WebSocket, ICE, DTLS and SCTP connect to the embedded lab, talk, and end for different
// reasons, each told by one value of `termination$`.
import { type ConnectOptions, createSession, type Session } from 'rx-sora';
import { type Lab, type LabConnection, startLab } from 'rx-sora-lab';
import { filter, firstValueFrom } from 'rxjs';
import { RTCPeerConnection } from 'werift';
import { WebSocket } from 'ws';
import { diagram, type Ending, headline, table, watch } from './tour/stage.ts';

const MODES = {
  'WebSocket only': { dataChannelSignaling: false },
  'WebSocket + DataChannel': { dataChannelSignaling: true, ignoreDisconnectWebSocket: false },
  'DataChannel only': { dataChannelSignaling: true, ignoreDisconnectWebSocket: true },
} as const satisfies Record<string, Partial<ConnectOptions>>;

type Mode = keyof typeof MODES;

if (process.argv.includes('--serve')) {
  // The lab's own command, with its log, its page and its Ctrl+C. What follows `--serve` is for it.
  process.argv.splice(process.argv.indexOf('--serve'), 1);
  await import(new URL('../packages/lab/bin/rx-sora-lab.js', import.meta.url).href);
  process.exit();
}

const lab = await startLab({
  normalCloseReason: true,
  auth: ({ metadata }) => (metadata === 'wrong' ? { allowed: false, reason: 'UNKNOWN-TICKET' } : { allowed: true }),
});

await tour();

async function tour(): Promise<void> {
  const endings: Ending[] = [];

  headline('1. Two sessions over the WebSocket; one application says goodbye');
  const ann = open('ann', 'WebSocket only');
  await ann.session.connect();
  const ben = open('ben', 'WebSocket only');
  await ben.session.connect();
  await ann.session.disconnect();

  headline('2. Over WebSocket and DataChannels they talk; the server ends one, the network loses the other');
  const cat = open('cat', 'WebSocket + DataChannel');
  const dan = open('dan', 'WebSocket + DataChannel');
  await talk(cat.session, dan.session);
  (await labConnection(lab, cat.session)).disconnect();
  await cat.ending;
  (await labConnection(lab, dan.session)).cutWebSocket();
  await dan.ending;
  (await labConnection(lab, ben.session)).cutWebSocket();

  headline('3. On DataChannels alone: the loss of the WebSocket means nothing, the loss of the channels everything');
  const eve = open('eve', 'DataChannel only');
  const fay = open('fay', 'DataChannel only');
  await talk(eve.session, fay.session);
  (await labConnection(lab, eve.session)).abortChannels();
  await eve.ending;
  await fay.session.disconnect();

  headline('4. A server that refuses');
  const gus = open('gus', 'WebSocket only', { metadata: 'wrong' });
  await gus.session.connect().catch((error: unknown) => {
    console.log(`${' '.repeat(18)}connect() rejected: ${String(error)}`);
  });

  for (const { ending } of [ann, ben, cat, dan, eve, fay, gus]) endings.push(await ending);
  headline('How they ended');
  console.log(table(endings));
  headline("fay's session as a marble diagram");
  console.log(diagram(await fay.ending));
  await lab.close();
}

function open(
  name: string,
  mode: Mode,
  more: Partial<ConnectOptions> = {},
): { readonly session: Session; readonly ending: Promise<Ending> } {
  const session = createSession({
    signalingUrl: lab.url,
    channelId: mode,
    clientId: name,
    role: 'sendrecv',
    platform: { RTCPeerConnection, WebSocket },
    ...MODES[mode],
    ...(MODES[mode].dataChannelSignaling && { dataChannels: [{ label: '#chat', direction: 'sendrecv', compress: true }] }),
    ...more,
  });
  return { session, ending: watch(name, mode, session) };
}

/** Both connect, then say hello and answer over the channel #chat. */
async function talk(one: Session, other: Session): Promise<void> {
  const switched = Promise.all([one, other].map(({ switched$ }) => firstValueFrom(switched$)));
  await Promise.all([one.connect(), other.connect()]);
  await switched;
  const heard = firstValueFrom(other.messages('#chat'));
  await one.send('#chat', 'hello');
  await heard;
  const answered = firstValueFrom(one.messages('#chat'));
  await other.send('#chat', 'hello to you');
  await answered;
}

/** The lab's side of a session. */
async function labConnection({ connections$ }: Lab, session: Session): Promise<LabConnection> {
  const { connectionId } = await session.connect();
  return firstValueFrom(connections$.pipe(filter((connection) => connection.connectionId === connectionId)));
}
