import { redacted, redactText } from './redact-text.ts';

export { redactText, redactUrl } from './redact-text.ts';

/** Names of members that hold secrets or personal data; the wire's spelling and ours are one, as capitals and separators do not count. */
const masked = named(
  'metadata',
  'signalingnotifymetadata',
  'authnmetadata',
  'authzmetadata',
  'authmetadata',
  'metadatalist',
  'accesstoken',
  'secret',
  // TURN and ICE credentials.
  'credential',
  'username',
  'password',
  'usernamefragment',
  'icepwd',
  'iceufrag',
);

/** Members of an RPC result that name connections and layers; a result may be the metadata that was stored, so nothing else is kept. */
const plainResult = named(
  'channelid',
  'receiverconnectionid',
  'senderconnectionid',
  'recvconnectionid',
  'sendconnectionid',
  'rid',
  'spotlightfocusrid',
  'spotlightunfocusrid',
);

const limits = { depth: 16, values: 10_000, entries: 1_000, jsonLength: 262_144 };

/** The beginning of a JSON object, or of an array of objects, arrays or texts. */
const jsonStart = /^\s*(?:\{\s*["}]|\[\s*[[{"\]])/;

/** One look tells: with every message come the same few names, of which hardly any is meant. */
function named(...names: readonly string[]): RegExp {
  const spelled = names.map((name) => Array.from(name).join('[^a-z0-9]*')).join('|');
  return new RegExp(`^[^a-z0-9]*(?:${spelled})[^a-z0-9]*$`);
}

/**
 * A copy of a value that may leave the application: into a timeline, a log, telemetry, a recording. The one place that decides it.
 *
 * Metadata, tokens, TURN and ICE credentials are masked by name, texts are cleaned by pattern, a text that is JSON is redacted as what
 * it says, bytes are counted. Plain data comes out; live objects are named. Cycles and hostile sizes are cut. Never throws, changes nothing,
 * and leaves a redacted value as it is.
 */
export function redact(value: unknown): unknown {
  return new Redaction().copy(value, []);
}

class Redaction {
  #values = 0;

  copy(value: unknown, around: readonly object[]): unknown {
    this.#values += 1;
    if (this.#values > limits.values) return '[cut]';
    if (typeof value === 'string') return this.#text(value, around);
    if (typeof value === 'bigint') return String(value);
    if (typeof value === 'function' || typeof value === 'symbol') return `[${typeof value}]`;
    if (typeof value !== 'object' || value === null) return value;
    if (around.includes(value)) return '[circular]';
    if (around.length >= limits.depth) return '[deep]';
    try {
      return this.#object(value, [...around, value]);
    } catch {
      // A getter or a proxy that throws.
      return '[unreadable]';
    }
  }

  #object(value: object, inside: readonly object[]): unknown {
    if (ArrayBuffer.isView(value) || value instanceof ArrayBuffer) return `[${value.byteLength} bytes]`;
    if (Array.isArray(value)) return this.#list(value, inside);
    if (value instanceof Date) return Number.isNaN(value.getTime()) ? null : value.toISOString();
    if (value instanceof Error) return { name: redactText(value.name), message: redactText(value.message) };
    const prototype: unknown = Object.getPrototypeOf(value);
    if (prototype !== null && prototype !== Object.prototype) return `[${nameOf(value)}]`;
    return this.#members(value, inside);
  }

  #list(list: readonly unknown[], inside: readonly object[]): unknown[] {
    const items = list.slice(0, limits.entries).map((item) => this.copy(item, inside));
    if (list.length > limits.entries) items.push('[cut]');
    return items;
  }

  #members(value: object, inside: readonly object[]): Record<string, unknown> {
    const copies: Record<string, unknown> = {};
    const isRpc = 'jsonrpc' in value || ('method' in value && 'params' in value);
    for (const [name, member] of Object.entries(value).slice(0, limits.entries)) {
      if (name === '__proto__' || member === undefined) continue;
      copies[name] = isRpc ? this.#rpcMember(name, member, inside) : this.#member(name, member, inside);
    }
    return copies;
  }

  #member(name: string, member: unknown, inside: readonly object[]): unknown {
    // Null says that there is none, which is no secret.
    if (member !== null && masked.test(name.toLowerCase())) return redacted;
    if (name === 'candidate' && typeof member === 'string') return candidateType(member);
    return this.copy(member, inside);
  }

  /** Parameters and results of an RPC hold metadata under names of the application's choosing. */
  #rpcMember(name: string, member: unknown, inside: readonly object[]): unknown {
    if (name !== 'params' && name !== 'result' && name !== 'error') return this.copy(member, inside);
    if (typeof member !== 'object' || member === null || Array.isArray(member)) return member === null ? null : redacted;
    const isPlain = (key: string): boolean => {
      if (name === 'error') return key === 'code' || key === 'message';
      return plainResult.test(key.toLowerCase()) || (name === 'params' && (key === 'key' || key === 'push'));
    };
    return Object.fromEntries(
      Object.entries(member)
        .filter(([key]) => key !== '__proto__')
        .slice(0, limits.entries)
        .map(([key, content]) => [key, isPlain(key) ? this.copy(content, [...inside, member]) : redacted]),
    );
  }

  /** A message as it stood on the wire is redacted by its members; what looks like one and is not may hold anything. */
  #text(text: string, around: readonly object[]): string {
    if (!jsonStart.test(text)) return redactText(text);
    try {
      if (text.length <= limits.jsonLength) return JSON.stringify(this.copy(JSON.parse(text), [...around, {}]));
    } catch {
      // Not JSON.
    }
    return `[text of ${text.length} characters]`;
  }
}

/** Of a candidate line only its type may be told; the empty line that ends a generation stays. */
function candidateType(line: string): string {
  const [, type] = /\btyp (\w+)/.exec(line) ?? [];
  if (type !== undefined) return `candidate typ ${type}`;
  return line === '' ? '' : redacted;
}

function nameOf(value: object): string {
  const { constructor } = value as { constructor?: { name?: unknown } };
  return typeof constructor?.name === 'string' && constructor.name !== '' ? constructor.name : 'object';
}
