// What a session costs on fakes, in a process of its own: prints groups of figures as JSON. Run by the benchmark, with --expose-gc.
import { Observable } from 'rxjs';
import { createSession, roster, type Session } from '../../src/index.ts';
import { createFakePlatform, FakeSora } from '../../src/testing/index.ts';
import { FakeEventTarget } from '../../src/testing/fake-event-target.ts';
import type { FigureGroup, OwnFigure } from './figure.ts';
import { quantile } from './statistics.ts';

const { gc } = globalThis as { readonly gc?: () => void };
if (gc === undefined) throw new Error('run with --expose-gc');

/** The listeners of the fakes, so that an event reaches a session without the bookkeeping of the fake; not noted while the heap is measured. */
let notesListeners = false;
const listeners = new WeakMap<object, Map<string, ((event: object) => void)[]>>();
// eslint-disable-next-line @typescript-eslint/unbound-method -- called on the target below
const { addEventListener } = FakeEventTarget.prototype;
FakeEventTarget.prototype.addEventListener = function (this: FakeEventTarget, type, listener, options) {
  if (notesListeners) {
    const own = listeners.get(this) ?? new Map<string, ((event: object) => void)[]>();
    listeners.set(this, own);
    own.set(type, [...(own.get(type) ?? []), listener as (event: object) => void]);
  }
  addEventListener.call(this, type, listener, options);
};

let subscribes = 0;
// eslint-disable-next-line @typescript-eslint/unbound-method, @typescript-eslint/no-deprecated -- called on the Observable below, whatever its signature
const { subscribe } = Observable.prototype;
// eslint-disable-next-line @typescript-eslint/no-deprecated -- as above
Observable.prototype.subscribe = function (this: Observable<unknown>, ...args: never[]) {
  subscribes += 1;
  return (subscribe as (...args: never[]) => never).apply(this, args);
} as typeof subscribe;

interface Made {
  readonly session: Session;
  readonly sora: FakeSora;
  readonly subscribesUntilSocket: () => number;
  readonly connect: () => void;
}

function make(mode: 'W' | 'M' | 'D', labels: readonly string[] = []): Made {
  const fake = createFakePlatform();
  const WebSocket = fake.platform.WebSocket as new (url: string) => object;
  let untilSocket = Number.NaN;
  let began = 0;
  const platform = {
    ...fake.platform,
    WebSocket: new Proxy(WebSocket, {
      construct: (target, args) => {
        untilSocket = subscribes - began;
        return Reflect.construct(target, args) as object;
      },
    }),
  };
  began = subscribes;
  const session = createSession({
    signalingUrl: 'wss://sora.example.com/signaling',
    channelId: 'room',
    role: 'recvonly',
    dataChannelSignaling: mode !== 'W',
    ignoreDisconnectWebSocket: mode === 'D',
    dataChannels: labels.map((label) => ({ label, direction: 'sendrecv' })),
    disconnectPolicy: 'immediate', // so that nothing of one measure is left in the next
    platform: platform as never,
  });
  const sora = new FakeSora(fake, { mode });
  const connect = (): void => {
    void session.connect().catch(() => undefined);
    sora.reach(mode === 'W' ? 'connected' : 'switched');
  };
  return { session, sora, subscribesUntilSocket: () => untilSocket, connect };
}

function heapBytes(): number {
  for (let turn = 0; turn < 4; turn += 1) gc?.();
  return process.memoryUsage().heapUsed;
}

const own = (name: string, unit: string, samples: readonly number[], atMost?: number): OwnFigure => ({
  name,
  unit,
  samples,
  ...(atMost !== undefined && { atMost }),
});

/** Heap and time of so many sessions that are alive at once. */
async function perSession(count: number, mode: 'W' | 'D' | null): Promise<{ readonly kib: number; readonly ms: number }> {
  const kept: Made[] = [];
  await new Promise(setImmediate);
  const before = heapBytes();
  const began = performance.now();
  for (let index = 0; index < count; index += 1) {
    const made = make(mode ?? 'D');
    if (mode !== null) made.connect();
    kept.push(made);
  }
  const ms = (performance.now() - began) / count;
  await new Promise(setImmediate);
  const kib = (heapBytes() - before) / count / 1024;
  for (const { session } of kept) if (mode !== null) void session.disconnect();
  await new Promise((resolve) => setTimeout(resolve, 20));
  return { kib, ms };
}

async function sessions(): Promise<FigureGroup> {
  await perSession(200, 'D'); // compiles
  const figures: OwnFigure[] = [];
  for (const [name, mode, atMost] of [
    ['made', null, 16],
    ['connected, WebSocket only', 'W', undefined],
    ['connected, DataChannel only', 'D', 80],
  ] as const) {
    for (const count of mode === 'W' ? [1000] : [100, 1000, 10_000]) {
      const { kib, ms } = await perSession(count, mode);
      figures.push(
        own(`${name}, ${count} alive: heap per session`, 'KiB', [kib], atMost),
        own(`${name}, ${count} alive: time per session`, 'ms', [ms]),
      );
    }
  }
  const first = make('D');
  const before = subscribes;
  first.connect();
  figures.push(
    own('`subscribe` calls until the socket is made', '', [first.subscribesUntilSocket()], 20),
    own('`subscribe` calls until a session stands, DataChannel only', '', [subscribes - before], 60),
  );
  return {
    title: 'A session on fakes',
    meaning:
      'In Node, on the fakes of `rx-sora/testing`, which are part of what is measured: what is on the heap after a collection, and the time to make a session, or to make and ' +
      'connect it, while so many are alive.',
    own: figures,
  };
}

/** Microseconds per event, in blocks. */
function usPerEvent(send: (index: number) => void, count: number): readonly number[] {
  const samples: number[] = [];
  for (let block = 0; block < 12; block += 1) {
    const began = performance.now();
    for (let index = 0; index < count; index += 1) send(index);
    if (block > 2) samples.push(((performance.now() - began) * 1000) / count);
  }
  return samples;
}

const listenersOf = (target: object): ((event: object) => void) => {
  const found = listeners.get(target)?.get('message') ?? [];
  return (event) => found.forEach((listener) => listener(event));
};

function subscribers(): FigureGroup {
  notesListeners = true;
  const figures = [0, 1, 10, 100, 1000].map((count) => {
    const { session, sora, connect } = make('W');
    connect();
    let told = 0;
    for (let index = 0; index < count; index += 1) session.notify$.subscribe(() => (told += 1));
    const hand = listenersOf(sora.socket);
    const data = JSON.stringify({ type: 'notify', event_type: 'connection.updated', connection_id: 'SOMEBODY', minutes: 1 });
    const samples = usPerEvent(() => hand({ data }), 2000);
    if (told !== count * 2000 * 12) throw new Error(`${told} notifications for ${count} subscribers`);
    return own(`\`notify\` with ${count} subscribers`, 'µs', samples);
  });
  const withLabels = (count: number): readonly number[] => {
    const labels = Array.from({ length: count }, (_, index) => `#label-${index}`);
    const { session, sora, connect } = make('M', labels);
    connect();
    let told = 0;
    for (const label of labels) session.messages(label).subscribe(() => (told += 1));
    const hands = labels.map((label) => listenersOf(sora.channel(label) as object));
    const data = new Uint8Array(64).buffer;
    const samples = usPerEvent((index) => hands[index % count]?.({ data }), 20_000);
    if (told !== 20_000 * 12) throw new Error(`${told} messages`);
    return samples;
  };
  const withMembers = (count: number): readonly number[] => {
    const { session, sora, connect } = make('W');
    connect();
    let told = 0;
    const member = (index: number, event_type: string): string =>
      JSON.stringify({
        type: 'notify',
        event_type,
        role: 'sendrecv',
        connection_id: `MEMBER-${index}`,
        client_id: `${index}`,
        minutes: index,
      });
    roster(session).subscribe(() => (told += 1));
    for (let index = 0; index < count; index += 1) sora.send(member(index, 'connection.created'));
    const hand = listenersOf(sora.socket);
    const events = Array.from({ length: 10 }, (_, index) => ({ data: member(index, 'connection.updated') }));
    const samples = usPerEvent((index) => hand(events[index % 10] as object), 2000);
    if (told < 2000) throw new Error(`${told} rosters`);
    return samples;
  };
  const [one, fifty] = [withLabels(1), withLabels(50)];
  const [few, many] = [withMembers(10), withMembers(5000)];
  const ratio = (more: readonly number[], less: readonly number[]): readonly number[] => [quantile(more, 0.5) / quantile(less, 0.5)];
  return {
    title: 'Subscribers, labels and members',
    meaning: 'The time of one event in the same process, from the listener on, with everything that is subscribed to.',
    own: [
      ...figures,
      own('receive 64 B, 1 label', 'µs', one),
      own('receive 64 B, 50 labels', 'µs', fifty),
      own('50 labels / 1', 'times', ratio(fifty, one), 2),
      own('`roster`: an event among 10 members', 'µs', few),
      own('`roster`: an event among 5,000 members', 'µs', many),
      own('5,000 members / 10', 'times', ratio(many, few), 2),
    ],
  };
}

console.log(JSON.stringify([await sessions(), subscribers()]));
process.exit(0);
