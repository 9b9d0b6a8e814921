import { WeriftClient } from '../e2e/support/werift-client.ts';
import { badBeginning, badChannels, badManners, brokenFrames, newTally, type Tally } from './attack.ts';
import { Random } from './random.ts';

export interface FuzzOptions {
  readonly url: string;
  readonly seed: number;
  /** Malformed messages and frames, at least. */
  readonly cases: number;
  readonly progress?: (cases: number) => void;
}

export interface FuzzResult extends Tally {
  readonly cases: number;
  /** Messages that the two witnesses exchanged meanwhile. */
  readonly witnessed: number;
}

const total = (tally: Tally): number => tally.webSocketMessages + tally.webSocketFrames + tally.channelMessages;

/** Two well-behaved clients that must not notice anything. */
class Witnesses {
  readonly #pair: readonly [WeriftClient, WeriftClient];
  count = 0;

  static async start(url: string): Promise<Witnesses> {
    const join = async (): Promise<WeriftClient> => {
      const channels = [{ label: '#witness', direction: 'sendrecv', compress: true }];
      const client = await new WeriftClient(url, { mode: 'both', connect: { channel_id: 'witness', data_channels: channels } }).ready();
      await client.event((event) => event.kind === 'channel' && event.label === '#witness');
      return client;
    };
    return new Witnesses([await join(), await join()]);
  }

  private constructor(pair: readonly [WeriftClient, WeriftClient]) {
    this.#pair = pair;
  }

  /** One message there and one back. */
  async exchange(): Promise<void> {
    const text = `witness ${this.count}`;
    const [one, two] = this.#pair;
    for (const [sender, receiver] of [
      [one, two],
      [two, one],
    ] as const) {
      sender.sendData('#witness', Buffer.from(text));
      await receiver.event((event) => event.kind === 'data' && event.payload.toString() === text);
      this.count += 1;
    }
  }

  async leave(): Promise<void> {
    for (const client of this.#pair) {
      const lost = client.events.filter(({ kind }) => kind === 'websocket-close' || kind === 'channel-close');
      if (lost.length > 0) throw new Error(`a witness was disturbed: ${JSON.stringify(lost)}`);
      await client.close();
    }
  }
}

/** Attacks a lab by every door, with two witnesses in it. Throws when a witness was disturbed. */
export async function fuzz({ url, seed, cases, progress }: FuzzOptions): Promise<FuzzResult> {
  const random = new Random(seed);
  const tally = newTally();
  const witnesses = await Witnesses.start(url);
  while (total(tally) < cases) {
    await Promise.all([
      ...Array.from({ length: 60 }, () => badManners(url, random, tally)),
      ...Array.from({ length: 30 }, () => badBeginning(url, random, tally)),
      ...Array.from({ length: 12 }, () => brokenFrames(url, random, tally)),
      badChannels(url, Math.min(600, Math.max(20, Math.floor(cases / 20))), random, tally),
    ]);
    await witnesses.exchange();
    progress?.(total(tally));
  }
  await witnesses.leave();
  return { ...tally, cases: total(tally), witnessed: witnesses.count };
}
