import { labels, type Label, type Mode } from './scenario-row.ts';

export type SocketInput =
  | { readonly kind: 'ws.open' | 'ws.error' | 'ws.closing'; readonly socket: number | null }
  | { readonly kind: 'ws.close'; readonly code: number; readonly socket: number | null };

/** Where a message arrives: a label, the WebSocket, or (null) the transport that carries signaling at that moment. */
export type Where = Label | 'ws' | null;

export type MessageInput =
  | { readonly kind: 'rx.offer'; readonly mode: Mode | null }
  | { readonly kind: 'rx.switched'; readonly ignore: boolean }
  | { readonly kind: 'rx.redirect'; readonly to: 'fresh' | 'known' | 'insecure' }
  | { readonly kind: 'rx.close'; readonly code: number | null; readonly where: Where }
  | { readonly kind: 'rx.close-begin' | 'rx.ping' | 'rx.re-offer-begin' | 'rx.re-offer-end' }
  | { readonly kind: 'rx.close-end'; readonly code: number | null }
  | { readonly kind: 'rx.invalid' | 'rx.unknown'; readonly where: Where };

export type ChannelInput = {
  readonly kind: 'dc.open' | 'dc.close' | 'dc.error' | 'dc.closing';
  readonly label: Label;
  readonly stale: boolean;
};

export type HealthInput =
  | { readonly kind: 'pc'; readonly state: string; readonly silent: boolean }
  | { readonly kind: 'ice'; readonly state: string; readonly silent: boolean };

export type CommandInput = {
  readonly kind: 'connect' | 'disconnect' | 'dispose' | 'unsub' | 'abort' | 'pagehide' | 'freeze' | 'internal';
};

export type Input =
  SocketInput | MessageInput | ChannelInput | HealthInput | CommandInput | { readonly kind: 'suspend'; readonly until: number };

export interface TimedInput {
  readonly at: number;
  readonly input: Input;
}

const fail = (text: string): never => {
  throw new Error(`not an entry of a timeline: ${text}`);
};

const socketOf = (words: readonly string[]): number | null => {
  const tag = words.find((word) => word.startsWith('#'));
  return tag === undefined ? null : Number(tag.slice(1));
};

const codeOf = (word: string | undefined): number | null => (word === undefined || word === 'none' ? null : Number(word));

const whereOf = (word: string | undefined): Where => (word === 'ws' ? 'ws' : (labels.find((label) => label === word) ?? null));

const labelOf = (word: string | undefined, text: string): Label => labels.find((label) => label === word) ?? fail(text);

const message = (kind: string, words: readonly string[], text: string): MessageInput => {
  const [first, second] = words;
  switch (kind) {
    case 'rx.offer':
      return { kind, mode: first === 'W' || first === 'M' || first === 'D' ? first : null };
    case 'rx.switched':
      return { kind, ignore: first === 'T' };
    case 'rx.redirect':
      return { kind, to: first === 'known' || first === 'insecure' ? first : 'fresh' };
    case 'rx.close':
      return { kind, code: codeOf(first), where: whereOf(second) ?? 'signaling' };
    case 'rx.close-end':
      return { kind, code: codeOf(first) };
    case 'rx.close-begin':
    case 'rx.ping':
    case 'rx.re-offer-begin':
    case 'rx.re-offer-end':
      return { kind };
    case 'rx.invalid':
    case 'rx.unknown':
      return { kind, where: whereOf(first) };
    default:
      return fail(text);
  }
};

const parse = (text: string): readonly Input[] => {
  const [kind = '', ...words] = text.split(' ');
  switch (kind) {
    case 'ws.open':
    case 'ws.error':
    case 'ws.closing':
      return [{ kind, socket: socketOf(words) }];
    case 'ws.close':
      return [{ kind, code: Number(words[0]), socket: socketOf(words) }];
    case 'dc.open':
    case 'dc.close':
    case 'dc.error':
    case 'dc.closing': {
      const stale = words.includes('stale');
      if (words[0] === '*') return labels.map((label) => ({ kind, label, stale }));
      return [{ kind, label: labelOf(words[0], text), stale }];
    }
    case 'pc':
    case 'ice':
      return [{ kind, state: words[0] ?? fail(text), silent: false }];
    case 'pc~':
      return [{ kind: 'pc', state: words[0] ?? fail(text), silent: true }];
    case 'ice~':
      return [{ kind: 'ice', state: words[0] ?? fail(text), silent: true }];
    case 'connect':
    case 'disconnect':
    case 'dispose':
    case 'unsub':
    case 'abort':
    case 'pagehide':
    case 'freeze':
    case 'internal':
      return [{ kind }];
    case 'pagehide-persisted':
      return [{ kind: 'pagehide' }]; // Q56: whatever its `persisted`
    case 'suspend':
      return [{ kind, until: Number(words[0]) }];
    default:
      return [message(kind, words, text)];
  }
};

// Exploration meets the same few texts millions of times.
const parsed = new Map<string, readonly Input[]>();

/** The inputs that a text such as `dc.close *` or `ws.close 1000 #1` stands for. */
export const inputsOf = (text: string): readonly Input[] => {
  const known = parsed.get(text);
  if (known !== undefined) return known;
  const inputs = parse(text);
  // `suspend` carries a time, so its texts have no bound.
  if (inputs[0]?.kind !== 'suspend') parsed.set(text, inputs);
  return inputs;
};

/** `1000 suspend 60000` → what happens, and when. */
export const timelineEntry = (entry: string): { readonly at: number; readonly text: string } => {
  const space = entry.indexOf(' ');
  return { at: Number(entry.slice(0, space)), text: entry.slice(space + 1) };
};
