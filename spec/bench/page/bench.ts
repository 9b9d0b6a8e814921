import type { Sdk } from '../sdk.ts';
import { officialParty } from './official-party.ts';
import type { Party, PartyOptions } from './party.ts';
import { rxSoraParty } from './rx-sora-party.ts';

const makers = { rxSora: rxSoraParty, official: officialParty } as const satisfies Record<Sdk, unknown>;

/** Messages that are handed over without waiting in between; before the next ones each promise is waited for. */
const BURST = 100;

const parties = new Map<string, Party>();

/** When the last of so many is told, in Unix milliseconds, by name. */
const counts = new Map<string, Promise<number>>();

let camera: Promise<MediaStream> | undefined;

/** One for the whole run, so that no figure has the opening of a device in it. */
const cameraStream = (): Promise<MediaStream> => (camera ??= navigator.mediaDevices.getUserMedia({ audio: true, video: true }));

function party(name: string): Party {
  const found = parties.get(name);
  if (found === undefined) throw new Error(`nobody is called ${name}`);
  return found;
}

async function make(sdk: Sdk, options: PartyOptions): Promise<Party> {
  const stream = options.hasMedia ? await cameraStream() : null;
  return makers[sdk](options, stream);
}

const bench = {
  /** One life: connects, waits until signaling has moved where it moves, disconnects. */
  life: async (sdk: Sdk, options: PartyOptions): Promise<{ readonly connectMs: number; readonly disconnectMs: number }> => {
    const one = await make(sdk, options);
    const moved = options.mode === 'W' ? null : one.switched();
    const began = performance.now();
    await one.connect();
    // In mode D nothing but DataChannels carries signaling in the end: it is there when it has moved.
    if (options.mode === 'D') await moved;
    const connectMs = performance.now() - began;
    await moved;
    const leaving = performance.now();
    await one.disconnect();
    return { connectMs, disconnectMs: performance.now() - leaving };
  },

  open: async (name: string, sdk: Sdk, options: PartyOptions): Promise<void> => {
    const one = await make(sdk, options);
    const moved = options.mode === 'W' ? null : one.switched();
    parties.set(name, one);
    let wanted = 0;
    let reached: (at: number) => void = () => undefined;
    const told = (): void => {
      wanted -= 1;
      if (wanted === 0) reached(Date.now());
    };
    one.onMessage(told);
    one.onNotify(told);
    await one.connect();
    await moved;
    counters.set(name, (count) => {
      wanted = count;
      return new Promise((resolve) => (reached = resolve));
    });
  },

  /** From now on so many messages or notifications are counted. */
  count: (name: string, count: number): void => {
    counts.set(name, counters.get(name)?.(count) ?? Promise.reject(new Error(`nobody is called ${name}`)));
  },

  /** When the last of them was told, in Unix milliseconds. */
  counted: async (name: string): Promise<number> => counts.get(name) ?? 0,

  /** Sends by bursts. `startedAt` in Unix milliseconds; `callsMs` is the time in which the calls of `send` had the thread. */
  send: async (
    name: string,
    { label, count, bytes }: { readonly label: string; readonly count: number; readonly bytes: number },
  ): Promise<{ readonly startedAt: number; readonly callsMs: number }> => {
    const one = party(name);
    const data = message(bytes);
    const startedAt = Date.now();
    let callsMs = 0;
    for (let sent = 0; sent < count; sent += BURST) {
      const taken: Promise<void>[] = [];
      const began = performance.now();
      for (let index = sent; index < Math.min(count, sent + BURST); index += 1) taken.push(one.send(label, data));
      callsMs += performance.now() - began;
      await Promise.all(taken);
    }
    return { startedAt, callsMs };
  },

  close: async (name: string): Promise<void> => {
    await party(name).disconnect();
    parties.delete(name);
    counters.delete(name);
    counts.delete(name);
  },
};

const counters = new Map<string, (count: number) => Promise<number>>();

/** Text like that of an application: it can be compressed, but not to nothing. */
function message(bytes: number): Uint8Array {
  let text = '';
  for (let index = 0; text.length < bytes; index += 1) text += `{"x":${(index * 7919) % 1000},"y":${(index * 104_729) % 1000}},`;
  return new TextEncoder().encode(text.slice(0, bytes));
}

/** What the page offers. */
export type Bench = typeof bench;

Object.assign(globalThis, { bench });
