import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { pseudoRandom } from '../support/pseudo-random.ts';
import { smooth, weriftPair } from '../support/werift-sctp.ts';
import type { Roughness, WeriftPair } from '../support/werift-sctp.ts';

// Against an implementation that is not ours, what both ends of our own get wrong in the same way shows.

// Minutes of virtual time with many promises: on a busy machine that takes seconds.
vi.setConfig({ testTimeout: 60_000 });

const string = 51;
const message = (data: string | Buffer, streamId = 1) => ({ streamId, protocolId: string, data: Buffer.from(data) });
const texts = (messages: readonly { readonly data: Buffer }[]): string[] => messages.map(({ data }) => data.subarray(0, 40).toString());

let pair: WeriftPair;

const connect = async (seed: number, network: Roughness = smooth): Promise<void> => {
  pair = weriftPair(pseudoRandom(seed));
  pair.network = network;
  await vi.advanceTimersByTimeAsync(60_000);
  expect(pair.events).toEqual(['established']);
};

beforeEach(() => {
  vi.useFakeTimers();
});

afterEach(() => {
  pair.close();
  vi.useRealTimers();
});

const networks: readonly (readonly [string, Roughness])[] = [
  ['a smooth network', smooth],
  ['5 % loss', { loss: 0.05, duplication: 0, jitterMs: 0 }],
  ['reordering', { loss: 0, duplication: 0, jitterMs: 20 }],
  ['30 % duplicates', { loss: 0, duplication: 0.3, jitterMs: 0 }],
  ['10 % loss, reordering and 20 % duplicates', { loss: 0.1, duplication: 0.2, jitterMs: 20 }],
  ['25 % loss, reordering and 20 % duplicates', { loss: 0.25, duplication: 0.2, jitterMs: 20 }],
];

describe.each(networks)('with werift over %s', (_, network) => {
  test.each([1, 2, 3])('messages of every size arrive once and in order, both ways (seed %i)', async (seed) => {
    await connect(seed, network);
    const sent = Array.from({ length: 60 }, (_unused, index) =>
      message(`${index} `.padEnd([1, 30, 1159, 1160, 1161, 5000, 20_000][index % 7] ?? 1, 'x')),
    );
    for (const one of sent) {
      pair.lab.send({ ...one, ordered: true });
      pair.sendFromWerift(one);
    }
    await vi.advanceTimersByTimeAsync(600_000);
    expect(pair.events).toEqual(['established']);
    expect(texts(pair.weriftMessages)).toEqual(texts(sent));
    expect(texts(pair.labMessages)).toEqual(texts(sent));
    expect(pair.weriftMessages.every(({ data }, index) => data.equals(sent[index]!.data))).toBe(true);
    expect(pair.labMessages.every(({ data }, index) => data.equals(sent[index]!.data))).toBe(true);
  });

  test('unordered messages arrive once, both ways', async () => {
    await connect(4, network);
    const sent = Array.from({ length: 100 }, (_unused, index) => message(String(index)));
    for (const one of sent) {
      pair.lab.send({ ...one, ordered: false });
      pair.sendFromWerift(one, { ordered: false });
    }
    await vi.advanceTimersByTimeAsync(300_000);
    const all = texts(sent).sort();
    expect(texts(pair.weriftMessages).sort()).toEqual(all);
    expect(texts(pair.labMessages).sort()).toEqual(all);
  });

  // From the lab unordered and in one piece: werift drops whole ordered messages that lie behind one that was given up. Browsers do not (see spec/e2e).
  test('messages that may be given up hold up nothing, both ways', async () => {
    await connect(5, network);
    for (let index = 0; index < 60; index++) {
      pair.lab.send({ ...message(String(index)), ordered: false, maxRetransmits: 0 });
      // werift takes 0 for any number.
      pair.sendFromWerift(message(`${index} `.padEnd(index % 3 === 0 ? 3000 : 20, 'x')), { maxRetransmits: 1 });
    }
    await vi.advanceTimersByTimeAsync(120_000);
    pair.network = smooth;
    pair.lab.send({ ...message('after', 3), ordered: true });
    pair.sendFromWerift(message('after'));
    await vi.advanceTimersByTimeAsync(120_000);
    const [fromLab, fromWerift] = [texts(pair.weriftMessages), texts(pair.labMessages)];
    expect([fromLab.pop(), fromWerift.pop()]).toEqual(['after', 'after']);
    expect(new Set(fromLab).size).toBe(fromLab.length);
    // A packet that is overtaken by three others counts as lost, so reordering too makes an end give up.
    if (network.loss + network.jitterMs === 0) expect([fromLab.length, fromWerift.length]).toEqual([60, 60]);
    else expect(fromLab.length).toBeLessThan(60);
    const numbers = fromWerift.map((text) => Number.parseInt(text, 10));
    expect(numbers).toEqual([...new Set(numbers)].sort((a, b) => a - b));
  });

  test('a stream that is reset starts again from zero', async () => {
    await connect(6, network);
    for (const text of ['one', 'two']) pair.lab.send({ ...message(text), ordered: true });
    pair.lab.resetStream(1);
    await vi.advanceTimersByTimeAsync(120_000);
    expect(pair.events).toContain('outgoing reset 1');
    expect(new Set(pair.weriftResets)).toEqual(new Set([1]));
    pair.lab.send({ ...message('again'), ordered: true });
    await vi.advanceTimersByTimeAsync(120_000);
    expect(texts(pair.weriftMessages)).toEqual(['one', 'two', 'again']);
  });
});
