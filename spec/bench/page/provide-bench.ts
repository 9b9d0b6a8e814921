import type { Sdk } from '../sdk.ts';
import { freshNatives, type Natives, watchNatives } from './natives.ts';
import type { MakeParty, Party, PartyOptions } from './party.ts';

let makers: Readonly<Record<Sdk, MakeParty>>;

/** Messages that are handed over without waiting in between; before the next ones each promise is waited for. */
const BURST = 100;

interface Opened {
  readonly party: Party;
  readonly natives: Natives;
  /** From now on so many messages or notifications are counted; resolves with the last of them, in Unix milliseconds. */
  readonly count: (count: number) => Promise<number>;
}

const opened = new Map<string, Opened>();

/** When the last of so many is told, by name. */
const counts = new Map<string, Promise<number>>();

function get(name: string): Opened {
  const found = opened.get(name);
  if (found === undefined) throw new Error(`nobody is called ${name}`);
  return found;
}

export interface Load {
  readonly label: string;
  readonly count: number;
  readonly bytes: number;
}

const bench = {
  /** One life: connects, disconnects. */
  life: async (sdk: Sdk, options: PartyOptions): Promise<void> => {
    const one = makers[sdk](options, null);
    const moved = options.mode === 'W' ? null : one.switched();
    await one.connect();
    await moved;
    await one.disconnect();
  },

  open: async (name: string, sdk: Sdk, options: PartyOptions): Promise<void> => {
    const natives = freshNatives();
    const party = makers[sdk](options, null);
    const moved = options.mode === 'W' ? null : party.switched();
    let wanted = 0;
    let reached: (at: number) => void = () => undefined;
    const told = (): void => {
      wanted -= 1;
      if (wanted === 0) reached(Date.now());
    };
    party.onMessage(told);
    party.onNotify(told);
    const count = (count: number): Promise<number> => {
      wanted = count;
      return new Promise((resolve) => (reached = resolve));
    };
    opened.set(name, { party, natives, count });
    await party.connect();
    await moved;
  },

  /** From now on so many messages or notifications are counted. */
  count: (name: string, count: number): void => void counts.set(name, get(name).count(count)),

  /** When the last of them was told, in Unix milliseconds. */
  counted: async (name: string): Promise<number> => counts.get(name) ?? 0,

  /** Sends by bursts. Gives when it began, in Unix milliseconds. */
  send: async (name: string, { label, count, bytes }: Load): Promise<number> => {
    const { party } = get(name);
    const data = message(bytes);
    const startedAt = Date.now();
    for (let sent = 0; sent < count; sent += BURST) {
      const taken: Promise<void>[] = [];
      for (let index = sent; index < Math.min(count, sent + BURST); index += 1) taken.push(party.send(label, data));
      await Promise.all(taken);
    }
    return startedAt;
  },

  /** From now on what is sent on this channel goes nowhere. */
  muteChannel: (name: string, label: string): void => {
    const channel = get(name).natives.channels.get(label);
    if (channel === undefined) throw new Error(`no channel ${label}`);
    Object.defineProperty(channel, 'send', { value: () => undefined, configurable: true });
  },

  /** Hands messages to the listeners of a channel, as the browser would, in bursts, each of which is waited for. */
  receive: async (name: string, { label, count, bytes }: Load, isCompressed: boolean): Promise<void> => {
    const { natives, count: expect } = get(name);
    const channel = natives.channels.get(label);
    if (channel === undefined) throw new Error(`no channel ${label}`);
    const plain = message(bytes);
    const data = isCompressed ? await deflated(plain) : plain.buffer;
    for (let sent = 0; sent < count; sent += BURST) {
      const all = expect(BURST);
      for (let index = 0; index < BURST; index += 1) channel.dispatchEvent(new MessageEvent('message', { data }));
      await all;
    }
  },

  /** Hands notifications to the listeners of the WebSocket. */
  notify: async (name: string, text: string, count: number): Promise<void> => {
    const { natives, count: expect } = get(name);
    for (let sent = 0; sent < count; sent += BURST) {
      const all = expect(BURST);
      for (let index = 0; index < BURST; index += 1) natives.socket?.dispatchEvent(new MessageEvent('message', { data: text }));
      await all;
    }
  },

  close: async (name: string): Promise<void> => {
    const { party, natives } = get(name);
    for (const channel of natives.channels.values()) Reflect.deleteProperty(channel, 'send');
    await party.disconnect();
    opened.delete(name);
    counts.delete(name);
  },
};

/** Text like that of an application: it can be compressed, but not to nothing. */
function message(bytes: number): Uint8Array<ArrayBuffer> {
  let text = '';
  for (let index = 0; text.length < bytes; index += 1) text += `{"x":${(index * 7919) % 1000},"y":${(index * 104_729) % 1000}},`;
  return new Uint8Array(new TextEncoder().encode(text.slice(0, bytes)));
}

async function deflated(bytes: Uint8Array<ArrayBuffer>): Promise<ArrayBuffer> {
  return new Response(new Blob([bytes]).stream().pipeThrough(new CompressionStream('deflate'))).arrayBuffer();
}

/** What the page offers. */
export type Bench = typeof bench;

/** Puts the bench into the page, for two clients that are measured beside each other. */
export function provideBench(both: Readonly<Record<Sdk, MakeParty>>): void {
  watchNatives();
  makers = both;
  Object.assign(globalThis, { bench });
}
