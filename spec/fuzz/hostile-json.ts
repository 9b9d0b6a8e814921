import { builtInLabels, fakeClose, fakeNotify, fakeOffer, fakeReOffer } from '../../src/testing/fake-messages.ts';
import type { ScenarioMode } from '../../src/testing/scenario-row.ts';
import { hostileSdp } from './hostile-sdp.ts';
import type { Random } from './random.ts';
import { secrets } from './secrets.ts';

type Json = null | boolean | number | string | Json[] | { [name: string]: Json };

const deep = (levels: number, open: string, close: string): string => `${open.repeat(levels)}1${close.repeat(levels)}`;

/** Texts that no JSON parser likes, or that it likes too much. */
const texts: readonly string[] = [
  '',
  ' ',
  '{',
  '{"type":',
  '[]',
  'null',
  '1e999',
  '"offer"',
  '\u0000',
  '\ufeff{"type":"ping"}',
  '{"type":"ping"}{"type":"ping"}',
  '{"type":"ping","type":"close"}',
  '{"__proto__":{"type":"offer"}}',
  '{"type":"ping","__proto__":{"stats":true},"constructor":{"prototype":{"polluted":true}}}',
  `{"type":"notify","data":${deep(200, '[', ']')}}`,
  `{"type":"push","data":${deep(20_000, '{"a":', '}')}}`,
  `{"type":"unknown-${'x'.repeat(70_000)}"}`,
  `{"type":"notify","event_type":"${'\\ud800'.repeat(500)}"}`,
];

const keys = ['__proto__', 'constructor', 'toString', 'hasOwnProperty', 'type', 'then', 'length', '', 'a'.repeat(300), '0', 'extra'];

const values: readonly Json[] = [
  null,
  true,
  false,
  0,
  -1,
  1.5,
  2 ** 53,
  '',
  'x',
  '1000',
  '\u0000\ud800',
  'y'.repeat(10_000),
  [],
  {},
  [null],
  [[[[]]]],
  { type: 'offer' },
  { toString: 1 },
];

/** One message of every type that a server sends, as it should be. */
const messages = (mode: ScenarioMode): readonly object[] => [
  fakeOffer({
    mode,
    labels: [...builtInLabels, '#chat', '#raw'],
    compress: false,
    connect: { channel_id: 'sora' },
    overrides: secrets.offer,
  }),
  fakeReOffer(mode),
  { ...fakeReOffer(mode), type: 'update' },
  fakeNotify(),
  { ...fakeNotify('connection.destroyed'), data: [{ connection_id: 'A' }] },
  { type: 'notify', event_type: 'network.status', unstable_level: 3 },
  { type: 'notify', event_type: 'spotlight.focused', client_id: null, connection_id: 'A', audio: true, video: true, fixed: false },
  { type: 'push', data: { text: 'pushed' } },
  { type: 'ping' },
  { type: 'ping', stats: true },
  { type: 'req-stats' },
  { type: 'switched', ignore_disconnect_websocket: true },
  { type: 'switched', ignore_disconnect_websocket: false },
  { type: 'redirect', location: 'wss://two.sora.test/signaling' },
  { type: 'redirect', location: 'javascript:alert(1)' },
  fakeClose({ code: 1000 }),
  fakeClose({ code: 4490, reason: 'r'.repeat(5000) }),
  { jsonrpc: '2.0', id: 1, result: { ok: true } },
  { jsonrpc: '2.0', id: 1, error: { code: -32_000, message: 'no' } },
  { type: 'not-known-yet', since: 2099 },
];

const isHolder = (value: Json | undefined): value is Json[] | { [name: string]: Json } => typeof value === 'object' && value !== null;

/** Changes one place of a message, somewhere in its depth. */
function change(random: Random, whole: Json): void {
  let holder = whole;
  for (;;) {
    if (!isHolder(holder)) return;
    const names = Object.keys(holder);
    const name = names.length === 0 ? null : random.pick(names);
    const inner: Json | undefined = name === null ? undefined : (holder as { [name: string]: Json })[name];
    if (isHolder(inner) && random.chance(0.6)) {
      holder = inner;
      continue;
    }
    const target = holder as { [name: string]: Json };
    const put = (at: string, value: Json): void => {
      Object.defineProperty(target, at, { value, enumerable: true, configurable: true, writable: true });
    };
    if (Array.isArray(holder)) holder[random.below(holder.length + 1)] = structuredClone(random.pick(values));
    else if (name === null || random.chance(0.2)) put(random.pick(keys), structuredClone(random.pick(values)));
    else if (random.chance(0.3)) Reflect.deleteProperty(target, name);
    else if (name === 'sdp' && random.chance(0.7)) put(name, hostileSdp(random));
    else put(name, structuredClone(random.pick(values)));
    return;
  }
}

/** The text of a message of the server: as it should be, with a few changes, or no JSON at all. */
export function hostileJson(random: Random, mode: ScenarioMode): string {
  if (random.chance(0.15)) return random.pick(texts);
  const message = structuredClone(random.pick(messages(mode))) as Json;
  for (let changes = random.below(4); changes > 0; changes -= 1) change(random, message);
  const text = JSON.stringify(message);
  return random.chance(0.05) ? text.slice(0, random.below(text.length)) : text;
}
