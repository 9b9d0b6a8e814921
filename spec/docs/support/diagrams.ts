import { readFileSync } from 'node:fs';
import { type Connectable, connectable, filter, map, merge, mergeMap, type Observable, of, repeat, Subject, takeUntil, timer } from 'rxjs';
import {
  type CallStep,
  connect,
  createSession,
  currentSession,
  failOnAbnormalEnd,
  fromCurrent,
  fromDataChannel,
  fromPeerConnection,
  type FocusedSender,
  fromWebSocket,
  isNormal,
  marbleDiagram,
  type PeerConnectionEvent,
  networkStatus,
  notifyOf,
  ofKind,
  parallel,
  type Platform,
  reconnect,
  type Roster,
  roster,
  sequential,
  type Session,
  sessions,
  sticky,
  type SignalingUrlPolicy,
  spotlight,
  staggered,
  type Termination,
  terminationRules,
  terminations,
} from '../../../src/index.ts';
import {
  explainScenario,
  FakeDataChannel,
  type FakePlatform,
  type FakeWebSocket,
  scenario,
  type ScenarioRow,
} from '../../../src/testing/index.ts';
import { ROOT } from './markdown.ts';
import { type Input, type Lane, played, type Stage } from './marble-stage.ts';

/** What the reference shows of a name: a sentence that says what to look at, and what was drawn: text, or a whole `<svg>`. */
export interface Diagram {
  readonly sentence: string;
  readonly drawn: string;
}

const kind = ({ kind: value }: { readonly kind: string }): string => value;

/** Sessions by the order in which they are seen. */
function numbered(): (session: Session | null) => string {
  const seen: Session[] = [];
  return (session) => {
    if (session === null) return 'null';
    if (!seen.includes(session)) seen.push(session);
    return `session ${seen.indexOf(session) + 1}`;
  };
}

const ended = ({ kind: value, severity }: Termination & { readonly severity?: string }): string =>
  severity === undefined ? value : `${value} ${severity}`;

/** Three sessions one after the other, each ended for another reason. */
function threeSessions(stage: Stage): { readonly session$: Connectable<Session>; readonly inputs: readonly Input[] } {
  const session$ = connectable(connect(stage.options).pipe(repeat({ count: 3, delay: 100 })), { connector: () => new Subject() });
  const inputs: readonly Input[] = [
    [0, 'subscribe', () => session$.connect()],
    [10, 'connected'],
    [20, 'ws.close 1006'],
    [130, 'connected'],
    [140, 'ws.close 1000'],
    [250, 'connected'],
    [260, 'ws.close 4490'],
  ];
  return { session$, inputs };
}

const afterThree = (lanes: (session$: Observable<Session>) => readonly Lane[]): string =>
  played({
    until: 400,
    script: (stage) => {
      const { session$, inputs } = threeSessions(stage);
      return { inputs, lanes: lanes(session$) };
    },
  });

/** A call that is lost once and then ended by the server. */
const afterCall = (lanes: (step$: Observable<CallStep>) => readonly Lane[]): string =>
  played({
    until: 5000,
    script: ({ options }) => {
      const step$ = connectable(connect(options).pipe(reconnect({ random: () => 1, page: null, isOnline: () => true })), {
        connector: () => new Subject(),
      });
      return {
        inputs: [
          [0, 'subscribe', () => step$.connect()],
          [10, 'connected'],
          [500, 'ws.close 1006'],
          [2500, 'connected'],
          [3000, 'ws.close 1000'],
        ],
        lanes: lanes(step$),
      };
    },
  });

const stepWords = (step: CallStep): string => (step.kind === 'waiting' ? `waiting ${step.delayMs}` : step.kind);

/** What the server tells a session, and what a fold of it says. */
const afterNotify = (messages: readonly (readonly [number, string, object])[], lanes: (session: Session) => readonly Lane[]): string =>
  played({
    until: 200,
    cause: 'notify',
    script: ({ options, sora }) => {
      const session = createSession(options);
      session.connect().catch(() => undefined);
      return {
        inputs: [
          [1, 'connected'],
          ...messages.map(([at, words, members]): Input => [at, words, () => sora.send({ type: 'notify', ...members })]),
          [100, 'ws.close 1006'],
        ],
        lanes: lanes(session),
      };
    },
  });

const joined = (id: string, channelConnections: number): object => ({
  event_type: 'connection.created',
  connection_id: id,
  client_id: id,
  role: 'sendrecv',
  channel_connections: channelConnections,
});

let picture = 0;

/** Two signaling URLs, and the sockets that a policy opens to them. */
const overUrls = (signalingUrlPolicy: SignalingUrlPolicy, inputsOf: (sockets: Sockets) => readonly Input[]): string =>
  played({
    until: 3000,
    cause: 'servers',
    script: ({ options, fake, sora }) => {
      const madeSubject = new Subject<FakeWebSocket>();
      const session$ = connect({
        ...options,
        // What `sticky` remembers is of one set of URLs: each picture has its own.
        signalingUrl: ['one', 'two'].map((host) => `wss://${host}.test/${(picture += 1)}`),
        signalingUrlPolicy,
        platform: { ...fake.platform, WebSocket: announced(fake, madeSubject) },
      });
      const socketTo = (host: string): FakeWebSocket => fake.sockets.findLast(({ url }) => url.includes(host))!;
      const lane = (host: string): Lane => ({
        name: `wss://${host}.test`,
        stream$: madeSubject.pipe(
          filter(({ url }) => url.includes(host)),
          mergeMap((socket) =>
            merge(
              of('begins'),
              fromWebSocket(socket).pipe(
                map(kind),
                filter((what) => what !== 'ws.message'),
              ),
            ),
          ),
        ),
        words: (what: string) => what.replace('ws.', ''),
      });
      return {
        inputs: inputsOf({
          join: () => session$.pipe(takeUntil(timer(400))).subscribe(),
          open: (host) => socketTo(host).remote.open(),
          fail: (host) => socketTo(host).remote.close(1006),
          connected: () => sora.reach('connected'),
          end: () => sora.apply('ws.close 1000'),
        }),
        lanes: [lane('one'), lane('two')],
      };
    },
  });

interface Sockets {
  readonly join: () => void;
  readonly open: (host: string) => void;
  readonly fail: (host: string) => void;
  readonly connected: () => void;
  readonly end: () => void;
}

/** The WebSocket of the fakes, which tells of each socket that is made. */
const announced = ({ platform, sockets }: FakePlatform, toldSubject: Subject<FakeWebSocket>): Platform['WebSocket'] =>
  class extends platform.WebSocket! {
    constructor(url: never) {
      super(url);
      toldSubject.next(sockets.at(-1)!);
    }
  };

/** What happens to a scenario, as `marbleDiagram` draws it from the timeline. */
function session(row: ScenarioRow, id: string): string {
  const { timeline: entries, termination } = scenario(row);
  return marbleDiagram(entries, { width: 680, id, ...(termination && { termination }) });
}

const transportEvents = (name: string, stream$: Observable<{ readonly kind: string }>, from = 0): Lane => ({
  name,
  stream$,
  words: kind,
  from,
});

const DIAGRAMS: Readonly<Record<string, readonly [sentence: string, draw: () => string]>> = {
  connect: [
    'A session that its server ends. Everything between the first socket and `termination$` belongs to one subscription.',
    () => session({ mode: 'M', start: 'switched', timeline: ['40 rx.notify', '90 dc.close *', '130 ws.close 1000'] }, 'connect'),
  ],
  createSession: [
    'A session whose application calls `disconnect()`: the server answers, and only then is it over.',
    () => session({ mode: 'W', start: 'connected', timeline: ['50 disconnect', '80 ws.close 1000'] }, 'create-session'),
  ],
  timeline: [
    'Each mark is one entry.',
    () => session({ mode: 'D', start: 'switched', timeline: ['30 ws.close 1000', '60 rx.notify', '120 dc.close *'] }, 'timeline'),
  ],
  marbleDiagram: [
    'A WebSocket that was cut. The event that ended the session is marked.',
    () => session({ mode: 'M', start: 'switched', timeline: ['40 ws.close 1006'] }, 'marble-diagram'),
  ],
  termination: [
    'ICE is disconnected for less than the limit, comes back, and is disconnected for longer: any change of state begins the ten seconds anew.',
    () => {
      const row: ScenarioRow = {
        mode: 'W',
        start: 'connected',
        timeline: ['0 ice disconnected', '6000 ice connected', '7000 ice disconnected'],
        options: { iceScope: 'always' },
      };
      return explainScenario(row, scenario(row));
    },
  ],
  fromWebSocket: [
    'Nothing is lost between the call and the first subscription, which on the second line comes after 40 ms.',
    () =>
      played({
        until: 60,
        cause: 'socket',
        script: ({ fake }) => {
          const socket = new fake.platform.WebSocket!('wss://sora.test/signaling' as never);
          const { remote } = fake.sockets[0]!;
          return {
            inputs: [
              [10, 'open', () => remote.open()],
              [20, 'message', () => remote.message('{}')],
              [30, 'close 1006', () => remote.close(1006)],
            ],
            lanes: [
              transportEvents('fromWebSocket()', fromWebSocket(socket)),
              transportEvents('fromWebSocket()', fromWebSocket(socket), 40),
            ],
          };
        },
      }),
  ],
  fromDataChannel: [
    '`closing` is no event of its own; `close` ends the stream.',
    () =>
      played({
        until: 60,
        cause: 'channel',
        script: () => {
          const channel = new FakeDataChannel('#chat');
          return {
            inputs: [
              [10, 'open', () => channel.remote.open()],
              [20, 'message', () => channel.remote.message('hello')],
              [30, 'closing', () => channel.remote.closing()],
              [40, 'close', () => channel.remote.close()],
            ],
            lanes: [transportEvents('fromDataChannel()', fromDataChannel(channel))],
          };
        },
      }),
  ],
  fromPeerConnection: [
    'Both states of the standard, in the order in which the browser reports them. Unsubscribing ends it.',
    () =>
      played({
        until: 60,
        cause: 'browser',
        script: ({ fake }) => {
          const peerConnection = new fake.platform.RTCPeerConnection!();
          const { remote } = fake.peerConnections[0]!;
          return {
            inputs: [
              [10, 'ice checking', () => remote.iceConnectionState('checking')],
              [20, 'connected', () => remote.connectionState('connected')],
              [30, 'ice disconnected', () => remote.iceConnectionState('disconnected')],
              [40, 'failed', () => remote.connectionState('failed')],
            ],
            lanes: [
              {
                name: 'fromPeerConnection()',
                stream$: fromPeerConnection(peerConnection),
                words: (event: PeerConnectionEvent) => ('iceConnectionState' in event ? event.iceConnectionState : event.kind),
              },
            ],
          };
        },
      }),
  ],
  terminations: [
    'The source is three sessions, one after the other.',
    () =>
      afterThree((session$) => [
        { name: 'session$', stream$: session$, words: numbered() },
        { name: 'terminations()', stream$: session$.pipe(terminations()), words: ended },
      ]),
  ],
  ofKind: [
    'Of the ends of three sessions, those of kind `server-close`.',
    () =>
      afterThree((session$) => [
        { name: 'terminations()', stream$: session$.pipe(terminations()), words: ended },
        { name: "ofKind('server-close')", stream$: session$.pipe(terminations(), ofKind('server-close')), words: ended },
      ]),
  ],
  isNormal: [
    'The ends of three sessions, and what `isNormal()` says of each.',
    () =>
      afterThree((session$) => [
        { name: 'terminations()', stream$: session$.pipe(terminations()), words: ended },
        { name: 'isNormal()', stream$: session$.pipe(terminations(), map(isNormal)), words: String },
      ]),
  ],
  failOnAbnormalEnd: [
    'The first session is lost: the stream fails with a `SoraTerminatedError`, drawn as `#`. A normal end would have been a completion.',
    () =>
      afterThree((session$) => [
        { name: 'session$', stream$: session$, words: numbered() },
        { name: 'failOnAbnormalEnd()', stream$: session$.pipe(failOnAbnormalEnd()), words: numbered() },
      ]),
  ],
  reconnect: [
    'A call that is lost and comes back, and that the server then ends: 1000 is nothing to try again for.',
    () => afterCall((step$) => [{ name: 'reconnect()', stream$: step$, words: stepWords }]),
  ],
  sessions: [
    'The steps of a call, and the sessions among them.',
    () =>
      afterCall((step$) => [
        { name: 'reconnect()', stream$: step$, words: stepWords },
        { name: 'sessions()', stream$: step$.pipe(sessions()), words: numbered() },
      ]),
  ],
  currentSession: [
    'The session that stands, or null while the call waits and when it is over.',
    () =>
      afterCall((step$) => [
        { name: 'reconnect()', stream$: step$, words: stepWords },
        { name: 'currentSession()', stream$: step$.pipe(currentSession()), words: numbered() },
      ]),
  ],
  fromCurrent: [
    '`connected$` of whichever session stands, and `no session` where there is none.',
    () =>
      afterCall((step$) => [
        { name: 'reconnect()', stream$: step$, words: stepWords },
        {
          name: 'fromCurrent()',
          stream$: step$.pipe(fromCurrent(({ connected$ }) => connected$.pipe(map(() => 'connected')), 'no session')),
          words: String,
        },
      ]),
  ],
  roster: [
    'Who is there, by the notifications of the server.',
    () =>
      afterNotify(
        [
          [20, 'ann joins', joined('ann', 1)],
          [40, 'ben joins', joined('ben', 2)],
          [60, 'ann leaves', { ...joined('ann', 1), event_type: 'connection.destroyed' }],
        ],
        (one) => [
          {
            name: 'roster()',
            stream$: roster(one),
            words: ({ members }: Roster) => `[${members.map(({ connectionId }) => connectionId).join(' ')}]`,
          },
        ],
      ),
  ],
  notifyOf: [
    'Of all notifications, those of one type.',
    () =>
      afterNotify(
        [
          [20, 'connection.created', joined('ann', 1)],
          [40, 'network.status', { event_type: 'network.status', unstable_level: 1 }],
          [60, 'connection.created', joined('ben', 2)],
        ],
        ({ notify$ }) => [
          {
            name: 'notifyOf()',
            stream$: notify$.pipe(notifyOf('connection.created')),
            words: ({ connection_id }: { connection_id?: string }) => String(connection_id),
          },
        ],
      ),
  ],
  networkStatus: [
    'The level that the server measures, when it changes.',
    () =>
      afterNotify(
        [0, 2, 2, 1].map(
          (level, index) => [20 * (index + 1), `level ${level}`, { event_type: 'network.status', unstable_level: level }] as const,
        ),
        (one) => [{ name: 'networkStatus()', stream$: networkStatus(one), words: String }],
      ),
  ],
  spotlight: [
    'Who is in focus. One who is fixed stays.',
    () =>
      afterNotify(
        [
          [20, 'ann speaks', focus('spotlight.focused', 'ann')],
          [40, 'ben speaks', focus('spotlight.focused', 'ben')],
          [60, 'ann is silent', focus('spotlight.unfocused', 'ann')],
        ],
        (one) => [
          {
            name: 'spotlight()',
            stream$: spotlight(one),
            words: (focused: readonly FocusedSender[]) => `[${focused.map(({ connectionId }) => connectionId).join(' ')}]`,
          },
        ],
      ),
  ],
  parallel: [
    'Both at once; the first that opens is taken.',
    () =>
      overUrls(parallel, ({ join, open }) => [
        [0, 'connect()', join],
        [40, 'two answers', () => open('two')],
      ]),
  ],
  staggered: [
    'The second begins 250 ms later, as the first has not answered.',
    () =>
      overUrls(staggered, ({ join, open }) => [
        [0, 'connect()', join],
        [300, 'two answers', () => open('two')],
      ]),
  ],
  sticky: [
    'The first session tries both and connects over the second URL. The next begins with that one, and tries the other when it fails.',
    () =>
      overUrls(sticky, ({ join, open, fail, connected, end }) => [
        [0, 'connect()', join],
        [40, 'two answers', () => open('two')],
        [60, 'connected', connected],
        [100, 'close 1000', end],
        [200, 'connect()', join],
        [240, 'two fails', () => fail('two')],
        [280, 'one answers', () => open('one')],
      ]),
  ],
  sequential: [
    'The second begins when the first has failed.',
    () =>
      overUrls(sequential, ({ join, open, fail }) => [
        [0, 'connect()', join],
        [120, 'one fails', () => fail('one')],
        [160, 'two answers', () => open('two')],
      ]),
  ],
};

const focus = (type: string, id: string): object => ({
  event_type: type,
  connection_id: id,
  client_id: id,
  audio: true,
  video: true,
  fixed: false,
});

/** Functions that give streams and have no diagram, with the reason. */
export const WITHOUT_DIAGRAM: Readonly<Record<string, string>> = {
  activeSpeakers: 'its inputs are statistics of packets, which have no marbles',
  health: 'its inputs are statistics and the clock of the page',
  probeSignalingUrl: 'one value',
  receivedLayers: 'its inputs are statistics and several calls',
  remoteAudioLevels: 'its inputs are levels of receivers',
  requestLayers: 'each value is the answer to one request',
  stats: 'a value each period',
};

/** Of an exported name, or null where it has none. */
export function diagramOf(name: string): Diagram | null {
  const [sentence, draw] = DIAGRAMS[name] ?? [];
  return sentence === undefined || draw === undefined ? null : { sentence, drawn: draw() };
}

export const diagramNames = (): readonly string[] => Object.keys(DIAGRAMS);

/**
 * Each rule of the vendor with the first scenario of the specs that it decided, as text; and with the first that cites it, where it says what
 * has no effect or what is waited for.
 */
export function ruleDiagrams(): ReadonlyMap<string, string> {
  const rows = JSON.parse(readFileSync(`${ROOT}spec/fixtures/termination-scenarios.json`, 'utf8')) as readonly ScenarioRow[];
  const runs = rows.map((row) => {
    const { timeline: entries, termination } = scenario(row);
    return { cited: row.rules ?? [], rules: termination === null ? '' : terminationRules(entries, termination), entries, termination };
  });
  const draw = ({ entries, termination }: (typeof runs)[number]): string =>
    marbleDiagram(entries, { format: 'text', width: 78, ...(termination && { termination }) });
  const found = new Map<string, string>();
  for (const run of runs) if (run.rules !== '' && !found.has(run.rules)) found.set(run.rules, draw(run));
  const decided = new Set([...found.keys()].flatMap((rules) => rules.split(' ')));
  for (const run of runs) {
    for (const rule of run.cited.filter((each) => each.startsWith('T') && !decided.has(each))) {
      if (!found.has(rule)) found.set(rule, draw(run));
    }
  }
  return new Map([...found].sort(([one], [other]) => one.localeCompare(other, 'en')));
}
