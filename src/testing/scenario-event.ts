/** An event of the WebSocket without fields. `socket` counts from 1; without it the one that counts at that moment is meant. */
export interface SocketInput {
  readonly kind: 'ws.open' | 'ws.closing' | 'ws.error';
  readonly socket?: number;
}

/** The close event of a WebSocket. */
export interface SocketCloseInput {
  readonly kind: 'ws.close';
  readonly code: number;
  readonly reason?: string;
  readonly wasClean?: boolean;
  readonly socket?: number;
}

/** An event of the WebSocket. */
export type WebSocketInput = SocketInput | SocketCloseInput;

/** An event of a DataChannel: of one label, or of all with `*`. `stale` means the object that another one of its label has replaced. */
export interface ChannelInput {
  readonly kind: 'dc.open' | 'dc.closing' | 'dc.close';
  readonly label: string;
  readonly stale?: boolean;
}

/** The error event of a DataChannel. */
export interface ChannelErrorInput {
  readonly kind: 'dc.error';
  readonly label: string;
  readonly stale?: boolean;
  readonly errorDetail?: string;
  readonly sctpCauseCode?: number;
}

/** An event of DataChannels. */
export type DataChannelInput = ChannelInput | ChannelErrorInput;

/** A change of state of the peer connection; `pc~` and `ice~` change it without an event. */
export interface PeerConnectionInput {
  readonly kind: 'pc' | 'pc~' | 'ice' | 'ice~';
  readonly state: string;
}

/** A `type: close`; `rx.close-end` is the moment in which a compressed one is inflated. */
export interface CloseMessageInput {
  readonly kind: 'rx.close' | 'rx.close-end';
  /** Left out of the message where it is not given. */
  readonly code?: number;
  readonly reason?: string;
  readonly where?: string;
}

/** A message that is no JSON, or one of a type that nobody knows. */
export interface StrangeMessageInput {
  readonly kind: 'rx.invalid' | 'rx.unknown';
  /** `ws` or the label of a DataChannel; by default what carries signaling at that moment. */
  readonly where?: string;
}

/** A message of the server, on the transport that carries it at that moment. */
export type ReceivedInput =
  | {
      readonly kind: 'rx.reoffer' | 'rx.reoffer-begin' | 'rx.reoffer-end' | 'rx.update' | 'rx.push' | 'rx.req-stats' | 'rx.close-begin';
    }
  /** `mode` is what the server decided, by default what the client asked for. */
  | { readonly kind: 'rx.offer'; readonly mode?: 'W' | 'M' | 'D' }
  | { readonly kind: 'rx.switched'; readonly ignore?: boolean }
  | { readonly kind: 'rx.redirect'; readonly location?: string }
  | { readonly kind: 'rx.notify'; readonly eventType?: string }
  | { readonly kind: 'rx.ping'; readonly stats?: boolean }
  | CloseMessageInput
  | StrangeMessageInput
  /** Any message: an object is written as JSON. `label` sends it over that DataChannel, otherwise it takes the WebSocket. */
  | { readonly kind: 'rx'; readonly message: string | object; readonly label?: string };

/** Something that the application, the page or the machine does. */
export type ApplicationInput =
  | {
      readonly kind: 'disconnect' | 'connect' | 'unsub' | 'abort' | 'dispose' | 'internal' | 'pagehide' | 'pagehide-persisted' | 'freeze';
    }
  /** Timers stand still until then. */
  | { readonly kind: 'suspend'; readonly until: number }
  /** An event of the page by its type. */
  | { readonly kind: 'page'; readonly type: string }
  /** Whatever else a test wants to happen; `name` stands in pictures. */
  | { readonly kind: 'call'; readonly name: string; readonly run: () => void };

/** One event of a scenario, as an object. The same can be written as words, see {@link parseInput}. */
export type ScenarioInput = WebSocketInput | DataChannelInput | PeerConnectionInput | ReceivedInput | ApplicationInput;

/** An event with its time in virtual milliseconds. */
export type TimedInput = ScenarioInput & { readonly at: number };

/** An event in the words of the scenario notation that cannot be read. */
export class ScenarioSyntaxError extends SyntaxError {
  override readonly name = 'ScenarioSyntaxError';

  constructor(words: string, why: string) {
    super(`"${words}" is no event of a scenario: ${why}`);
  }
}

/**
 * Reads `"30 dc.close *"`; an object is taken as it is.
 *
 * @example
 * ```ts
 * console.log(parseTimedInput('30 dc.close *')); // { at: 30, kind: 'dc.close', label: '*' }
 * ```
 */
export function parseTimedInput(entry: string | TimedInput): TimedInput {
  if (typeof entry !== 'string') return entry;
  const match = /^\s*(\d+)\s+(.+)$/.exec(entry);
  if (!match?.[1] || !match[2]) throw new ScenarioSyntaxError(entry, 'it has to begin with a time in milliseconds');
  return { at: Number(match[1]), ...parseInput(match[2]) };
}

/**
 * Reads an event in words, without its time.
 *
 * `ws.open`, `ws.closing`, `ws.error`, `ws.close 1006` (each with `#2` for the second socket); `dc.open L`, `dc.closing L`, `dc.close L`,
 * `dc.error L` (L a label or `*`, with `stale` for the replaced object); `pc failed`, `pc~ failed` (no event), `ice disconnected`, `ice~ …`;
 * `rx.offer`, `rx.switched T`, `rx.switched F`, `rx.redirect`, `rx.reoffer` (`rx.reoffer-begin` and `-end` where applying it takes time),
 * `rx.notify`, `rx.push`, `rx.ping`, `rx.req-stats`, `rx.close 1000` (or `none`), `rx.close-begin`, `rx.close-end 1000`, `rx.invalid`,
 * `rx.unknown` (the last three take `ws` or a label); `disconnect`, `connect`, `unsub`, `abort`, `dispose`,
 * `pagehide`, `pagehide-persisted`, `freeze`, `page T` (any page event), `internal`, `suspend 60000`.
 *
 * @throws ScenarioSyntaxError for anything else
 * @example
 * ```ts
 * console.log(parseInput('ws.close 1006')); // { kind: 'ws.close', code: 1006 }
 * ```
 */
export function parseInput(words: string): ScenarioInput {
  const [kind = '', ...rest] = words.trim().split(/\s+/);
  const read = readers[kind];
  if (!read) throw new ScenarioSyntaxError(words, `"${kind}" is not known, only ${likely(kind).join(', ')}`);
  const rested = new Words(words, rest);
  const input = read(rested, kind);
  rested.end();
  return input;
}

/** The words after the first one, taken one by one. */
class Words {
  readonly #text: string;
  readonly #rest: string[];

  constructor(text: string, rest: readonly string[]) {
    this.#text = text;
    this.#rest = [...rest];
  }

  next(what: string): string {
    return this.maybe() ?? this.#fail(`${what} is missing`);
  }

  maybe(): string | undefined {
    return this.#rest.shift();
  }

  integer(what: string): number {
    return this.#integer(this.next(what), what);
  }

  maybeInteger(what: string, none: string): number | undefined {
    const word = this.maybe();
    return word === undefined || word === none ? undefined : this.#integer(word, what);
  }

  oneOf<Known extends string>(known: readonly Known[], what: string): Known {
    const word = this.next(what);
    return known.find((one) => one === word) ?? this.#fail(`${what} is none of ${known.join(', ')}`);
  }

  maybeOneOf<Known extends string>(known: readonly Known[], what: string): Known | undefined {
    return this.#rest.length === 0 ? undefined : this.oneOf(known, what);
  }

  where(): { where?: string } {
    const word = this.maybe();
    return word === undefined ? {} : { where: word };
  }

  flag(): boolean | undefined {
    const word = this.maybe();
    if (word === undefined || word === 'T' || word === 'F') return word === undefined ? undefined : word === 'T';
    return this.#fail(`${word} is neither T nor F`);
  }

  /** `#2`, taken from wherever it stands. */
  socket(): { socket?: number } {
    const index = this.#rest.findIndex((word) => word.startsWith('#'));
    if (index < 0) return {};
    const [word = ''] = this.#rest.splice(index, 1);
    return { socket: this.#integer(word.slice(1), 'the number of the socket') };
  }

  /** The word `stale`, taken from wherever it stands. */
  stale(): { stale?: boolean } {
    const index = this.#rest.indexOf('stale');
    if (index < 0) return {};
    this.#rest.splice(index, 1);
    return { stale: true };
  }

  end(): void {
    if (this.#rest.length > 0) this.#fail(`"${this.#rest.join(' ')}" is left over`);
  }

  #integer(word: string, what: string): number {
    return /^\d+$/.test(word) ? Number(word) : this.#fail(`${what} is not a number`);
  }

  #fail(why: string): never {
    throw new ScenarioSyntaxError(this.#text, why);
  }
}

type Reader = (words: Words, kind: string) => ScenarioInput;

/** An input that has no words but its kind; only used for kinds of which that is true. */
const alone: Reader = (_, kind) => ({ kind }) as ScenarioInput;
const socket: Reader = (words, kind) => ({ kind: kind as SocketInput['kind'], ...words.socket() });
const channel: Reader = (words, kind) => ({ kind: kind as ChannelInput['kind'], ...words.stale(), label: words.next('the label') });
const state =
  (known: readonly string[]): Reader =>
  (words, kind) => ({ kind: kind as PeerConnectionInput['kind'], state: words.oneOf(known, 'the state') });
/** @source W3C WebRTC 4.4.4, RTCPeerConnectionState */
const connectionState = state(['new', 'connecting', 'connected', 'disconnected', 'failed', 'closed']);
/** @source W3C WebRTC 5.6.4, RTCIceConnectionState */
const iceState = state(['new', 'checking', 'connected', 'completed', 'disconnected', 'failed', 'closed']);
const closeMessage: Reader = (words, kind) => {
  const code = words.maybeInteger('the code', 'none');
  return { kind: kind as CloseMessageInput['kind'], ...(code !== undefined && { code }), ...words.where() };
};
const strange: Reader = (words, kind) => ({ kind: kind as StrangeMessageInput['kind'], ...words.where() });

const readers: Readonly<Record<string, Reader | undefined>> = {
  'ws.open': socket,
  'ws.closing': socket,
  'ws.error': socket,
  'ws.close': (words) => ({ kind: 'ws.close', ...words.socket(), code: words.integer('the code') }),
  'dc.open': channel,
  'dc.closing': channel,
  'dc.close': channel,
  'dc.error': channel,
  pc: connectionState,
  'pc~': connectionState,
  ice: iceState,
  'ice~': iceState,
  'rx.offer': (words) => {
    const mode = words.maybeOneOf(['W', 'M', 'D'] as const, 'the mode');
    return { kind: 'rx.offer', ...(mode !== undefined && { mode }) };
  },
  'rx.reoffer': alone,
  'rx.reoffer-begin': alone,
  'rx.reoffer-end': alone,
  'rx.re-offer': () => ({ kind: 'rx.reoffer' }),
  'rx.re-offer-begin': () => ({ kind: 'rx.reoffer-begin' }),
  'rx.re-offer-end': () => ({ kind: 'rx.reoffer-end' }),
  'rx.update': alone,
  'rx.push': alone,
  'rx.req-stats': alone,
  'rx.unknown': strange,
  'rx.invalid': strange,
  'rx.close-begin': alone,
  'rx.close': closeMessage,
  'rx.close-end': closeMessage,
  'rx.switched': (words) => {
    const ignore = words.flag();
    return { kind: 'rx.switched', ...(ignore !== undefined && { ignore }) };
  },
  'rx.redirect': (words) => {
    const location = words.maybe();
    return { kind: 'rx.redirect', ...(location !== undefined && { location }) };
  },
  'rx.notify': (words) => {
    const eventType = words.maybe();
    return { kind: 'rx.notify', ...(eventType !== undefined && { eventType }) };
  },
  'rx.ping': (words) => {
    const stats = words.flag();
    return { kind: 'rx.ping', ...(stats !== undefined && { stats }) };
  },
  disconnect: alone,
  connect: alone,
  unsub: alone,
  abort: alone,
  dispose: alone,
  internal: alone,
  pagehide: alone,
  'pagehide-persisted': alone,
  freeze: alone,
  page: (words) => ({ kind: 'page', type: words.next('the type of the event') }),
  suspend: (words) => ({ kind: 'suspend', until: words.integer('the time') }),
};

/** What may have been meant: the events of the same transport, or all of them. */
function likely(kind: string): readonly string[] {
  const known = Object.keys(readers).filter((name) => !name.startsWith('rx.re-offer'));
  const alike = known.filter((name) => name.split('.')[0] === kind.split('.')[0]);
  return alike.length > 0 ? alike : known;
}

/**
 * The words of an event, for pictures and messages: the way back of {@link parseInput}.
 *
 * @example
 * ```ts
 * console.log(inputWords({ kind: 'ws.close', code: 1006 })); // ws.close 1006
 * ```
 */
export function inputWords(input: ScenarioInput): string {
  if (input.kind === 'call') return input.name;
  if (input.kind === 'rx') return `rx ${typeof input.message === 'string' ? input.message : JSON.stringify(input.message)}`;
  const fields = input as unknown as Readonly<Record<string, unknown>>;
  const told = [
    'code',
    'mode',
    'label',
    'state',
    'ignore',
    'stats',
    'location',
    'eventType',
    'until',
    'type',
    'where',
    'stale',
    'socket',
  ].flatMap((name) => fieldWords(name, fields[name]));
  return [input.kind, ...told].join(' ');
}

function fieldWords(name: string, value: unknown): string[] {
  if (name === 'stale') return value === true ? ['stale'] : [];
  if (name === 'socket' && typeof value === 'number') return [`#${value}`];
  if (typeof value === 'boolean') return [value ? 'T' : 'F'];
  return typeof value === 'string' || typeof value === 'number' ? [String(value)] : [];
}
