import type { HeldCall } from '../../src/testing/call-script.ts';
import type { FakeEventTarget } from '../../src/testing/fake-event-target.ts';
import { FakeMediaStream, FakeMediaStreamTrack } from '../../src/testing/fake-media.ts';
import type { FakePlatform } from '../../src/testing/fake-platform.ts';
import type { ScenarioMode } from '../../src/testing/scenario-row.ts';
import { hostileData, hostileDeflate } from './hostile-bytes.ts';
import { hostileJson } from './hostile-json.ts';
import type { Random } from './random.ts';
import { secrets } from './secrets.ts';

const eventTypes: Readonly<Record<string, readonly string[]>> = {
  websocket: ['open', 'message', 'error', 'close'],
  datachannel: ['open', 'message', 'error', 'close', 'closing', 'bufferedamountlow'],
  'peer-connection': [
    'connectionstatechange',
    'iceconnectionstatechange',
    'icegatheringstatechange',
    'signalingstatechange',
    'negotiationneeded',
    'icecandidate',
    'track',
    'datachannel',
  ],
  page: ['pagehide', 'pageshow', 'freeze', 'visibilitychange'],
};

const weird: readonly unknown[] = [undefined, null, 0, -1, NaN, '', 'x', true, {}, [], [null], { label: null }, 'v'.repeat(100_000)];
const codes: readonly unknown[] = [0, 999, 1000, 1001, 1005, 1006, 1011, 4000, 4490, 4999, 5000, 65_536, -1, 1.5];
const names = ['code', 'reason', 'wasClean', 'data', 'error', 'candidate', 'channel', 'track', 'streams', 'transceiver', 'persisted'];
const labels = [
  'signaling',
  'notify',
  'push',
  'stats',
  'rpc',
  '#chat',
  '#raw',
  '#none',
  '',
  '#',
  '__proto__',
  'constructor',
  `#${'l'.repeat(70_000)}`,
  '\ud800',
];

const scripted = {
  webSocket: ['new', 'send', 'close', 'readyState'],
  dataChannel: ['send', 'close', 'readyState', 'bufferedAmount'],
  peerConnection: [
    'new',
    'createOffer',
    'createAnswer',
    'setLocalDescription',
    'setRemoteDescription',
    'addTrack',
    'addTransceiver',
    'getStats',
    'close',
    'connectionState',
    'iceConnectionState',
    'setConfiguration',
  ],
  compression: ['new', 'transform'],
  decompression: ['new', 'transform'],
} as const;

const getters = new Set<string>([
  'new',
  'send',
  'close',
  'readyState',
  'bufferedAmount',
  'connectionState',
  'iceConnectionState',
  'addTrack',
  'addTransceiver',
  'setConfiguration',
]);

/** What a native call may throw. */
const thrown: readonly unknown[] = [new Error(secrets.inAnError), new TypeError(''), 'text', undefined, null, { name: 1, message: {} }, 0];

/** The natives of one session and everything that may befall them, in whatever state they are. */
export class HostileNatives {
  readonly #random: Random;
  readonly #fake: FakePlatform;
  readonly #mode: ScenarioMode;
  readonly #held: HeldCall[] = [];
  #saidClosed = false;

  constructor(random: Random, fake: FakePlatform, mode: ScenarioMode) {
    this.#random = random;
    this.#fake = fake;
    this.#mode = mode;
  }

  /** Whether a channel can still be handed over: nothing comes from a peer connection that is closed, or that has said so. */
  get handsOver(): boolean {
    const { peerConnection } = this.#fake;
    return peerConnection !== null && !peerConnection.closed && !this.#saidClosed;
  }

  /** One thing that befalls them; the words tell a failure's story. */
  befall(): string {
    const random = this.#random;
    switch (random.below(10)) {
      case 0:
      case 1:
      case 2:
        return this.#message();
      case 3:
        return this.#dataMessage();
      case 4:
        return this.#close();
      case 5:
        return this.#channel();
      case 6:
        return this.#event();
      case 7:
        return this.#script();
      case 8:
        return this.#late();
      default:
        return this.#state();
    }
  }

  get #text(): string {
    return hostileJson(this.#random, this.#mode);
  }

  #message(): string {
    const { sockets } = this.#fake;
    if (sockets.length === 0) return 'no socket';
    const data = hostileData(this.#random, this.#text);
    this.#random.pick(sockets).fire('message', { data });
    return `socket message ${shown(data)}`;
  }

  #dataMessage(): string {
    const channels = this.#fake.peerConnection?.channels ?? [];
    if (channels.length === 0) return 'no channel';
    const channel = this.#random.pick(channels);
    const text = this.#text;
    const data = this.#random.chance(0.5) ? hostileData(this.#random, text) : hostileDeflate(this.#random, text).slice().buffer;
    channel.fire('message', { data });
    return `channel ${channel.label.slice(0, 20)} message ${shown(data)}`;
  }

  #close(): string {
    const { sockets } = this.#fake;
    if (sockets.length === 0) return 'no socket';
    const code = this.#random.pick(codes) as number;
    const reason = this.#random.pick(['', 'bye', 'r'.repeat(123), 'R'.repeat(100_000), '\u0000\ud800', '{"type":"close"}']);
    this.#random.pick(sockets).remote.close(code, reason);
    return `close ${code}`;
  }

  #channel(): string {
    const { peerConnection } = this.#fake;
    if (peerConnection === null || !this.handsOver) return 'no peer connection';
    const label = this.#random.pick(labels);
    peerConnection.remote.dataChannel(label, {}, this.#random.pick(['at-once', 'later']));
    return `new channel ${label.slice(0, 20)}`;
  }

  #event(): string {
    const random = this.#random;
    const { sockets, peerConnections, page } = this.#fake;
    const targets: readonly FakeEventTarget[] = [
      ...sockets,
      ...peerConnections,
      ...peerConnections.flatMap(({ channels }) => channels),
      page,
    ];
    const target = random.pick(targets);
    const type = random.pick(eventTypes[target.sort] ?? ['event']);
    const fields: Record<string, unknown> = {};
    for (let count = random.below(4); count > 0; count -= 1) fields[random.pick(names)] = random.pick(weird);
    if (type === 'track' && random.chance(0.5)) {
      fields['track'] = new FakeMediaStreamTrack('video');
      fields['streams'] = [new FakeMediaStream([], random.pick(['default', 'one', '']))];
    }
    if (type === 'icecandidate' && random.chance(0.5))
      fields['candidate'] = random.pick<unknown>([{}, { candidate: 1 }, { toJSON: 1 }, { candidate: 'x'.repeat(9000) }]);
    if (type === 'error' && random.chance(0.5)) fields['error'] = { errorDetail: random.pick(weird), sctpCauseCode: random.pick(weird) };
    target.fire(type, fields);
    return `${target.sort} event ${type} ${Object.entries(fields)
      .map(([name, value]) => `${name}=${shown(value)}`)
      .join(' ')}`;
  }

  #script(): string {
    const random = this.#random;
    const sort = random.pick(Object.keys(scripted) as (keyof typeof scripted)[]);
    const method: string = random.pick<string>(scripted[sort]);
    const script = this.#fake.scripts[sort] as {
      next: (method: string, call: object) => void;
      always: (method: string, call: object) => void;
      usual: (method: string) => void;
      hold: (method: string) => HeldCall;
    };
    const error = random.pick(thrown);
    const call = random.chance(0.5) ? { throws: error } : { rejects: error };
    const how = getters.has(method) ? random.pick(['next', 'always', 'usual']) : random.pick(['next', 'always', 'usual', 'hold', 'hold']);
    if (how === 'next') script.next(method, call);
    else if (how === 'always') script.always(method, call);
    else if (how === 'usual') script.usual(method);
    else this.#held.push(script.hold(method));
    return `script ${sort}.${method} ${how} ${how === 'hold' ? '' : shown(error)}`;
  }

  #late(): string {
    const held = this.#held.shift();
    if (held === undefined) return 'nothing held';
    if (this.#random.chance(0.6)) held.release();
    else held.fail(this.#random.pick(thrown));
    return 'a held call settles';
  }

  #state(): string {
    const { peerConnection } = this.#fake;
    if (peerConnection === null) return 'no peer connection';
    const state = this.#random.pick(['new', 'connecting', 'connected', 'disconnected', 'failed', 'closed', 'completed', 'nonsense', '']);
    const silently = this.#random.chance(0.3);
    if (state === 'closed') this.#saidClosed = true;
    if (this.#random.chance(0.5)) peerConnection.remote.connectionState(state, silently);
    else peerConnection.remote.iceConnectionState(state, silently);
    return `state ${state}${silently ? ' silently' : ''}`;
  }
}

const shown = (value: unknown): string => {
  if (typeof value === 'string') return JSON.stringify(value.length > 400 ? `${value.slice(0, 400)}…` : value);
  if (value instanceof Error) return `${value.name} ${value.message}`;
  return Object.prototype.toString.call(value);
};
