import { checked, Fields, type Checked } from '../wire/fields.ts';
import { isJsonObject, withoutUndefined, type JsonObject } from '../wire/json.ts';
import { ROLES } from '../wire/words.ts';
import { FAULT_MOMENTS, type Fault, type FaultMatch, type FaultRule } from './fault.ts';
import { FAULT_KINDS } from './fault-kinds.ts';

const MAX_TIMER_MS = 2_147_483_647;
const MAX_FAULT_BYTES = 64 * 1024 * 1024;

type Reader = (fields: Fields, name: string) => unknown;

const required =
  (reader: Reader): Reader =>
  (fields, name) =>
    reader(fields, name) ?? fields.refuse(name, 'is required');

const integer =
  (low: number, high: number): Reader =>
  (fields, name) =>
    fields.integer(name, low, high);

const text: Reader = (fields, name) => fields.text(name);
const flag: Reader = (fields, name) => fields.flag(name);
const any: Reader = (fields, name) => fields.any(name);
const ms = required(integer(0, MAX_TIMER_MS));
const bytes = required(integer(0, MAX_FAULT_BYTES));
const label = required(text);

const oneOf =
  (...allowed: readonly string[]): Reader =>
  (fields, name) =>
    fields.oneOf(name, allowed);

const object: Reader = (fields, name) => {
  const value = fields.any(name);
  return value === undefined || isJsonObject(value) ? value : fields.refuse(name, 'must be an object');
};

const texts: Reader = (fields, name) =>
  fields.list(name, 1000)?.map((entry) => (typeof entry === 'string' ? entry : fields.refuse(name, 'must hold strings')));

const between =
  (low: number, high: number): Reader =>
  (fields, name) => {
    const value = fields.any(name);
    if (value === undefined || (typeof value === 'number' && value >= low && value <= high)) return value;
    return fields.refuse(name, `must be a number from ${low} to ${high}`);
  };

/** What each kind carries beside `kind`; kinds that carry nothing are left out. */
const parameters: Readonly<Partial<Record<Fault['kind'], Readonly<Record<string, Reader>>>>> = {
  refused: { ms: integer(0, MAX_TIMER_MS) },
  'upgrade-rejected': { status: required(integer(400, 599)) },
  'upgrade-delayed': { ms },
  redirect: { location: text },
  'auth-refused': { reason: text },
  'offer-delayed': { ms },
  'offer-bad-sdp': { sdp: text },
  'offer-altered': { members: required(object) },
  'wrong-order': { message: required(object) },
  'answer-delayed': { ms },
  'switched-delayed': { ms },
  'switched-flag': { ignoreDisconnectWebSocket: required(flag) },
  'switched-with-re-offer': { first: required(oneOf('switched', 're-offer')) },
  'channel-missing': { label },
  'disconnect-delayed': { ms },
  'end-without': { websocketClose: flag, channelClose: flag },
  'slow-channel-close': { ms },
  'rpc-delayed': { ms },
  'rpc-error': { code: required(integer(-2_147_483_648, MAX_TIMER_MS)), message: required(text), data: any },
  'websocket-close': { code: integer(1000, 4999), reason: text },
  'websocket-malformed': { text },
  'websocket-binary': { text },
  'websocket-oversized': { bytes },
  message: { message: required(object), transport: oneOf('websocket', 'datachannel'), label: text },
  're-offer': { count: integer(1, 100), transport: oneOf('websocket', 'datachannel') },
  'channel-close': { labels: texts },
  'channel-reopened': { label },
  'channel-unannounced': { label },
  'channel-malformed': { label, text },
  'channel-bad-deflate': { label },
  'channel-text': { label, text },
  'channel-oversized': { label, bytes },
  'close-message': { code: any, reason: any },
  'dtls-close': { notify: flag },
  network: { lossRatio: between(0, 1), delayMs: integer(0, 60_000), jitterMs: integer(0, 60_000) },
};

const kinds = FAULT_KINDS.map((description) => description.kind);

/** Reads one fault. Throws a Refusal. */
export function faultFrom(value: unknown, path: string): Fault {
  const fields = Fields.of(value, path);
  const kind = fields.requiredOneOf('kind', kinds);
  const members = Object.entries(parameters[kind] ?? {}).map(([name, reader]) => [name, reader(fields, name)] as const);
  return { kind, ...withoutUndefined(Object.fromEntries(members)) } as unknown as Fault;
}

/** Reads a match. Throws a Refusal. */
export function faultMatchFrom(value: unknown, path: string): FaultMatch {
  const fields = Fields.of(value, path);
  return withoutUndefined({
    node: fields.text('node'),
    channelId: fields.text('channelId'),
    clientId: fields.text('clientId'),
    connectionId: fields.text('connectionId'),
    role: fields.oneOf('role', ROLES),
    mode: fields.oneOf('mode', ['websocket', 'both', 'datachannel']),
  });
}

function faultRuleFrom(value: unknown): FaultRule {
  const fields = Fields.of(value, 'rule');
  return withoutUndefined({
    fault: faultFrom(fields.any('fault'), 'rule.fault'),
    match: fields.has('match') ? faultMatchFrom(fields.any('match'), 'rule.match') : undefined,
    at: fields.oneOf('at', FAULT_MOMENTS),
    afterMs: fields.integer('afterMs', 0, MAX_TIMER_MS),
    times: fields.integer('times', 1, 1_000_000),
  });
}

/** Checks a rule that came as JSON. */
export const readFaultRule = (value: unknown): Checked<FaultRule> => checked(() => faultRuleFrom(value));

/** Checks `{ fault, match? }` that came as JSON. */
export const readInjection = (value: JsonObject): Checked<{ readonly fault: Fault; readonly match: FaultMatch }> =>
  checked(() => ({
    fault: faultFrom(value['fault'], 'fault'),
    match: value['match'] === undefined ? {} : faultMatchFrom(value['match'], 'match'),
  }));
