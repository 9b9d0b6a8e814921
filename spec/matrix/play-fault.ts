import { firstValueFrom, timer } from 'rxjs';
import {
  type Fault,
  type Lab,
  type LabConnection,
  type LabLogEntry,
  type LabOptions,
  type OpeningFault,
  startLab,
} from '../../packages/lab/src/index.ts';
import type { Mode } from '../e2e/support/modes.ts';
import { eventAt, receivedFrom, receivedSoFar } from '../e2e/support/lab-side.ts';
import { CLIENT_ID, type Client, type Subject, type Told } from './client.ts';
import type { FaultRow } from './fault-row.ts';

/** What came of a fault at one client. */
export interface Finding extends Told {
  readonly row: FaultRow;
  readonly mode: Mode;
  readonly client: string;
  /** `lives`: it went on, and answered a sign of life where the fault left a way for one. */
  readonly outcome: 'ended' | 'lives' | 'no sign of life';
  /** From the fault to the emission; null where nothing was emitted. */
  readonly afterMs: number | null;
  /** What the lab received after `connect`. */
  readonly received: readonly string[];
  /** What came of the call, in rows with a call. */
  readonly rpc: string | null;
}

/** A client that neither comes up nor ends by then is given up. */
const COMING_UP_MS = 15_000;

const LAST_WORDS_MS = 1200;

/** Long enough for a message over a network that loses much. */
const SIGN_OF_LIFE_MS = 10_000;

/** A client that disconnects gets this long. */
const LEAVING_MS = 5000;

/** The lab of one row: nothing in it ends a connection by itself before the client does. */
const labOptions = ({ fault, when, before, lab = {} }: FaultRow): LabOptions => ({
  normalCloseReason: true,
  lingerMs: 10_000,
  iceFailedTimeoutMs: 120_000,
  pingIntervalMs: 1000,
  ...lab,
  faults: [
    ...(before === undefined ? [] : [{ fault: before }]),
    ...(when === 'ready' ? [] : [when === 'start' ? { fault } : { fault, at: when }]),
  ],
});

const wait = (ms: number): Promise<'over'> => firstValueFrom(timer(ms)).then(() => 'over' as const);

/** When the lab did what the row says, by its own log; where it only kept silent, when it was asked. */
function brokenAt(lab: Lab, { fault }: FaultRow): number | null {
  const entries: LabLogEntry[] = [];
  lab.log$.subscribe((entry) => entries.push(entry)).unsubscribe();
  const broken = entries.find(({ kind, type }) => kind === 'fault' && type === fault.kind);
  const asked = entries.find(({ direction, type }) => direction === 'received' && type === 'connect');
  return broken?.at ?? asked?.at ?? null;
}

async function ready(subject: Subject, row: FaultRow, mode: Mode, lab: Lab): Promise<void> {
  if (row.unswitched === true || mode === 'W') return;
  await subject.switched();
  const ignores = row.fault.kind === 'switched-flag' ? row.fault.ignoreDisconnectWebSocket : mode === 'D';
  if (ignores) await eventAt(lab, CLIENT_ID, 'websocket-close');
}

/** Does what the row says to a session that is ready; gives what came of a call. */
async function act(subject: Subject, row: FaultRow, connection: LabConnection | undefined): Promise<string | null> {
  const { fault, when, deed, resumeMs } = row;
  if (when === 'ready' && !isOpeningFault(fault)) connection?.inject(fault);
  if (deed === 'disconnect') subject.disconnect().catch(() => undefined);
  if (deed === 'end') connection?.disconnect();
  if (resumeMs !== undefined) {
    await wait(resumeMs);
    connection?.resume();
  }
  return deed === 'rpc' ? subject.rpc() : null;
}

/** What the lab received until it let go of the client, or for as long as a last word may take. */
const lastWords = async (lab: Lab): Promise<readonly string[]> => {
  const received = await Promise.race([receivedFrom(lab, CLIENT_ID), wait(LAST_WORDS_MS)]);
  return received === 'over' ? receivedSoFar(lab, CLIENT_ID) : received;
};

const isOpeningFault = (fault: Fault): fault is OpeningFault => fault.kind === 'refused' || fault.kind.startsWith('upgrade-');

async function signOfLife(subject: Subject, { mute = false }: FaultRow, connection: LabConnection | undefined): Promise<boolean> {
  if (mute) return true;
  connection?.push({ sign: 'of life' });
  return (await Promise.race([subject.pushed(), wait(SIGN_OF_LIFE_MS)])) !== 'over';
}

/** A session that has to end is waited for, however busy the machine is; after this time it is taken not to end. */
const LONGEST_END_MS = 40_000;

/** How long a session is watched that may live; milliseconds. */
const WATCH_MS = 800;

/** How long an end is waited for, in milliseconds. */
function watch({ watchMs, expect, elsewhere = {} }: FaultRow, mode: Mode): number {
  const expectations = [expect, ...Object.values(elsewhere)].map((each) => each[mode]);
  return expectations.some((each) => each?.includes('lives')) ? (watchMs ?? WATCH_MS) : Math.max(LONGEST_END_MS, watchMs ?? 0);
}

/** Brings a fault over one session of a client, in a lab of its own, and tells what came of it. */
export async function playFault(row: FaultRow, mode: Mode, client: Client, watchMs: number = watch(row, mode)): Promise<Finding> {
  const lab = await startLab(labOptions(row));
  try {
    return await played({ ...row, watchMs }, mode, client, lab);
  } finally {
    await lab.close();
  }
}

async function played(row: FaultRow & { readonly watchMs: number }, mode: Mode, client: Client, lab: Lab): Promise<Finding> {
  const { watchMs } = row;
  const connections: LabConnection[] = [];
  lab.connections$.subscribe((connection) => connections.push(connection));

  let began = Date.now();
  const subject = await client.open({ url: lab.url, mode, connectionMs: row.connectionMs ?? null });
  const ended = subject.ended().then(() => 'ended' as const);
  const up = subject.connect().then((isUp) => (isUp ? ready(subject, row, mode, lab).then(() => 'up' as const) : ended));
  const came = await Promise.race([up, ended, wait(COMING_UP_MS)]);
  const [connection] = connections;
  let rpc: string | null = null;
  if (came === 'up') {
    const acted = Date.now();
    rpc = await act(subject, row, connection);
    if (row.deed === 'disconnect' || row.deed === 'end') began = acted;
  }

  const first = came === 'ended' ? came : await Promise.race([ended, wait(came === 'over' ? 0 : watchMs)]);
  let outcome: Finding['outcome'] = 'ended';
  if (first === 'over') outcome = came === 'up' && (await signOfLife(subject, row, connection)) ? 'lives' : 'no sign of life';
  else await wait(client.secondThoughtsMs);
  const told = await subject.told();
  const soFar = receivedSoFar(lab, CLIENT_ID);
  if (row.deed !== 'disconnect' && row.deed !== 'end') began = brokenAt(lab, row) ?? began;

  await Promise.race([subject.disconnect().catch(() => undefined), wait(LEAVING_MS)]);
  connection?.resume();
  connection?.disconnect();
  const received = outcome === 'ended' && connection !== undefined ? await lastWords(lab) : soFar;
  await subject.close();
  const afterMs = told.at === null ? null : Math.max(0, Math.round(told.at - began));
  return { ...told, row, mode, client: client.name, outcome, afterMs, received, rpc };
}
