import { describe, expect, test } from 'vitest';
import { type VirtualStory, healthOver, healthsOver } from '../support/health-story.ts';

/** A call of two: both send and receive. */
const call = { media: 80, feedback: 20, sent: 80 };
/** Nothing gets through any more, in either direction. */
const dead = { media: 0, feedback: 0, answers: false };

describe('a call that stands', () => {
  test('is good from the beginning, and says by what', () => {
    expect(healthOver(600_000, ({ traffic }) => traffic.set(call))).toEqual(['0 good unmeasured', '1000 good receiving']);
  });

  test('is good as long as there is none', () => {
    const healths = healthOver(
      20_000,
      ({ at, sora, fake, traffic }) => {
        at(
          5000,
          () => sora.reach('negotiating'),
          () => traffic.set(call).attach(fake.peerConnection!),
          () => sora.reach('connected'),
        );
      },
      { start: 'signaling' },
    );
    expect(healths).toEqual(['0 good not-connected', '5000 good unmeasured', '6000 good receiving']);
  });

  test('tells how much comes in', () => {
    const [, receiving] = healthsOver(3000, ({ traffic }) => traffic.set(call));
    expect(receiving).toEqual({ state: 'good', at: 1000, evidence: [{ kind: 'receiving', bytesPerSecond: 10_000 }] });
  });
});

describe('a peer that falls silent', () => {
  test('is shown within two seconds to one who sends: the reports on what is sent are missed', () => {
    const healths = healthsOver(20_000, ({ traffic, at }) => {
      traffic.set(call);
      at(6000, () => traffic.set(dead));
      at(12_000, () => traffic.set({ ...call, answers: true }));
    });
    expect(healths.map(({ at, state, evidence }) => [at, state, evidence])).toEqual([
      [0, 'good', [{ kind: 'unmeasured' }]],
      [1000, 'good', [{ kind: 'receiving', bytesPerSecond: 10_000 }]],
      [7300, 'unstable', [{ kind: 'nothing-received', expected: 'feedback', forMs: 1300 }]],
      [7600, 'stalled', [{ kind: 'nothing-received', expected: 'feedback', forMs: 1600 }]],
      [
        8100,
        'stalled',
        [
          { kind: 'checks-unanswered', count: 11, forMs: 2100 },
          { kind: 'nothing-received', expected: 'feedback', forMs: 2100 },
        ],
      ],
      [12_100, 'unstable', [{ kind: 'recovering', forMs: 500 }]],
      [13_600, 'good', [{ kind: 'receiving', bytesPerSecond: 8000 }]],
    ]);
  });

  test.each([0, 130, 250, 499, 700, 990])('at any moment between two looks: %s ms', (offset) => {
    const healths = healthsOver(12_000, ({ traffic, at }) => {
      traffic.set(call);
      at(6000 + offset, () => traffic.set(dead));
    });
    const stalled = healths.find(({ state }) => state === 'stalled');
    expect(stalled!.at - 6000 - offset).toBeLessThan(1700);
  });

  test('is doubted within two seconds by one who only receives, and known by checks without an answer', () => {
    const healths = healthOver(12_000, ({ traffic, at }) => {
      traffic.set({ media: 80 });
      at(6000, () => traffic.set(dead));
    });
    expect(healths).toEqual([
      '0 good unmeasured',
      '1000 good receiving',
      '7300 unstable nothing-received',
      '7800 stalled checks-unanswered nothing-received',
    ]);
  });

  test('is known by checks alone where nothing flows', () => {
    const healths = healthOver(14_000, ({ traffic, at }) => at(6000, () => traffic.set(dead)));
    expect(healths).toEqual([
      '0 good unmeasured',
      '1000 good nothing-expected',
      '3000 good checks-answered',
      '8000 stalled checks-unanswered',
    ]);
  });

  test('is shown as soon in the minute in which the server tells of everybody', () => {
    const healths = healthOver(8000, ({ traffic, at }) => {
      traffic.set(call);
      at(5500, 'rx.notify connection.updated');
      at(6000, () => traffic.set(dead));
    });
    expect(healths.at(-1)).toBe('7600 stalled nothing-received');
  });

  test('is not known before it has been heard for two seconds', () => {
    const healths = healthOver(5000, ({ traffic, at }) => {
      traffic.set({ media: 80 });
      at(1900, () => traffic.set({ media: 0 }));
    });
    expect(healths.filter((line) => !line.includes('good'))).toEqual([]);
  });
});

describe('a call in which nothing is expected', () => {
  test.each([
    ['one receives alone', {}],
    ['one is connected and has stopped everything', { sent: 0 }],
    ['the server reports every five seconds on sound alone', { sent: 50, feedback: 0.2 }],
  ])('is good for ten minutes: %s', (_, rates) => {
    const states = healthsOver(600_000, ({ traffic }) => traffic.set(rates)).map(({ state }) => state);
    expect(new Set(states)).toEqual(new Set(['good']));
  });

  test('who sends alone gets reports, and gets none as soon as nothing is sent', () => {
    const healths = healthOver(60_000, ({ traffic, at }) => {
      traffic.set({ sent: 80, feedback: 20 });
      at(10_000, () => traffic.set({ sent: 0, feedback: 0 }));
      at(40_000, () => traffic.set({ sent: 80, feedback: 20 }));
    });
    expect(healths).toEqual(['0 good unmeasured', '1000 good receiving', '20600 good checks-answered', '40600 good receiving']);
  });

  test('others who stop sending are a doubt until a check is answered', () => {
    const healths = healthOver(30_000, ({ traffic, at }) => {
      traffic.set({ media: 80 });
      at(6000, () => traffic.set({ media: 0 }));
      at(15_000, () => traffic.set({ media: 80 }));
    });
    expect(healths).toEqual([
      '0 good unmeasured',
      '1000 good receiving',
      '7300 unstable nothing-received',
      '7800 good checks-answered',
      '15800 good receiving',
    ]);
  });

  test('others who leave are no doubt at all', () => {
    const healths = healthOver(30_000, ({ traffic, at }) => {
      traffic.set({ media: 80 });
      at(6000, () => traffic.set({ media: 0 }));
      at(6050, 'rx.notify connection.destroyed');
    });
    expect(healths.filter((line) => !line.includes('good'))).toEqual([]);
  });

  test('a picture that moves in bursts is not missed in between', () => {
    const healths = healthOver(60_000, ({ traffic, at }) => {
      for (let second = 0; second < 60; second += 1) at(second * 1000, () => traffic.set({ media: second % 10 === 0 ? 200 : 1 }));
    });
    expect(healths.filter((line) => !line.includes('good'))).toEqual([]);
  });
});

describe('ICE', () => {
  test('disconnected while data come in: unstable, at once', () => {
    const healths = healthOver(12_000, ({ traffic, at }) => {
      traffic.set(call);
      at(5500, 'ice disconnected');
      at(7700, 'ice connected');
    });
    expect(healths).toEqual([
      '0 good unmeasured',
      '1000 good receiving',
      '5500 unstable ice',
      '7700 unstable recovering',
      '9700 good receiving',
    ]);
  });

  test('disconnected and nothing comes in: stalled', () => {
    const healths = healthsOver(8500, ({ traffic, at }) => {
      at(5500, () => traffic.set({ answers: false }), 'ice disconnected');
    });
    expect(healths.slice(3, 4)).toEqual([{ state: 'stalled', at: 5500, evidence: [{ kind: 'ice', state: 'disconnected' }] }]);
  });

  test('a peer connection that the application has closed is noticed at the next look (Q82)', () => {
    const healths = healthsOver(10_000, ({ traffic, at, sora }) => {
      traffic.set(call);
      at(5500, () => sora.peerConnection.close());
    });
    expect(healths.at(-1)).toEqual({ state: 'stalled', at: 6000, evidence: [{ kind: 'ice', state: 'closed' }] });
  });
});

describe('what the server says', () => {
  /** It tells of these levels, one every three seconds. */
  const levels =
    (...told: readonly number[]) =>
    ({ traffic, at, sora }: VirtualStory): void => {
      traffic.set(call);
      told.forEach((unstable_level, index) => {
        at(2500 + index * 3000, () => sora.send({ type: 'notify', event_type: 'network.status', unstable_level }));
      });
    };

  test('network.status is taken at its word, at once', () => {
    const healths = healthsOver(20_000, levels(0, 1, 3, 0));
    expect(healths.slice(2).map(({ at, state, evidence }) => [at, state, evidence[0]])).toEqual([
      [5500, 'unstable', { kind: 'network-status', level: 1 }],
      [8500, 'unstable', { kind: 'network-status', level: 3 }],
      [11_500, 'unstable', { kind: 'recovering', forMs: 500 }],
      [13_000, 'good', { kind: 'receiving', bytesPerSecond: 10_000 }],
    ]);
  });

  test('from the level on that the application names', () => {
    const healths = healthOver(20_000, levels(0, 1, 3, 0), { limits: { networkLevel: 2 } });
    expect(healths.slice(2, 3)).toEqual(['8500 unstable network-status']);
  });

  test('pings that came every five seconds and stop are missed: a WebSocket may be dead while media flow', () => {
    const healths = healthsOver(60_000, ({ traffic, at }) => {
      traffic.set(call);
      for (let ping = 1; ping <= 6; ping += 1) at(ping * 5000, 'rx.ping');
      at(50_000, 'rx.ping');
    });
    expect(healths.slice(2).map(({ at, state, evidence }) => [at, state, evidence])).toEqual([
      [44_000, 'unstable', [{ kind: 'pings-missing', periodMs: 5000, forMs: 14_000 }]],
      [50_000, 'unstable', [{ kind: 'recovering', forMs: 500 }]],
      [51_500, 'good', [{ kind: 'receiving', bytesPerSecond: 10_000 }]],
    ]);
  });

  test('pings may stop after switched', () => {
    const healths = healthOver(
      120_000,
      ({ traffic, at }) => {
        traffic.set(call);
        for (let ping = 1; ping <= 6; ping += 1) at(ping * 5000, 'rx.ping');
        at(31_000, 'rx.switched F');
      },
      { mode: 'M' },
    );
    expect(healths.slice(2)).toEqual([]);
  });

  test('two pings are no pace', () => {
    const healths = healthOver(120_000, ({ traffic, at }) => {
      traffic.set(call);
      at(5000, 'rx.ping');
      at(10_000, 'rx.ping');
    });
    expect(healths.slice(2)).toEqual([]);
  });

  test.each<[string, object[], string[]]>([
    ['no channel is open', [{ id: 'PC', type: 'peer-connection' }], ['0 unstable no-signaling']],
    ['the channel is closed', [{ id: 'D', type: 'data-channel', label: 'signaling', state: 'closed' }], ['0 unstable no-signaling']],
    ['the channel is open', [{ id: 'D', type: 'data-channel', label: 'signaling', state: 'open' }], ['1000 good receiving']],
    ['the browser does not tell', [], ['1000 good receiving']],
  ])('switched to DataChannels for good, and %s (Q82)', (_, more, expected) => {
    const healths = healthOver(
      5000,
      ({ traffic }) => {
        traffic.set(call);
        traffic.more = more as Record<string, unknown>[];
      },
      { mode: 'D', start: 'switched' },
    );
    expect(healths.slice(1)).toEqual(expected);
  });
});

describe('quality', () => {
  test.each([
    ['received', { lost: 20 }],
    ['sent', { sentLost: 20 }],
  ] as const)('packets that are lost: %s', (direction, rates) => {
    const healths = healthsOver(30_000, ({ traffic, at }) => {
      traffic.set(call);
      at(10_000, () => traffic.set(rates));
      at(20_000, () => traffic.set({ lost: 0, sentLost: 0 }));
    });
    expect(healths.slice(2).map(({ at, state, evidence }) => [at, state, evidence])).toEqual(
      direction === 'received'
        ? [
            [13_000, 'unstable', [{ kind: 'loss', direction, ratio: 60 / 460 }]],
            [23_500, 'unstable', [{ kind: 'recovering', forMs: 500 }]],
            [25_000, 'good', [{ kind: 'receiving', bytesPerSecond: 10_000 }]],
          ]
        : [
            [12_000, 'unstable', [{ kind: 'loss', direction, ratio: 40 / 400 }]],
            [22_000, 'unstable', [{ kind: 'recovering', forMs: 500 }]],
            [23_500, 'good', [{ kind: 'receiving', bytesPerSecond: 10_000 }]],
          ],
    );
  });

  test('a few packets say nothing about how many are lost', () => {
    const healths = healthOver(20_000, ({ traffic }) => traffic.set({ media: 5, lost: 3, feedback: 2, sent: 2 }));
    expect(healths.slice(2)).toEqual([]);
  });

  test('a loss around the limit does not flicker', () => {
    const healths = healthOver(40_000, ({ traffic, at }) => {
      traffic.set({ ...call, lost: 12 });
      for (let second = 5; second < 40; second += 1) at(second * 1000, () => traffic.set({ lost: second % 2 === 0 ? 7 : 11 }));
    });
    expect(healths.slice(1)).toEqual(['1000 unstable loss']);
  });

  test('a round trip that is too long for two seconds', () => {
    const healths = healthsOver(30_000, ({ traffic, at }) => {
      traffic.set(call);
      at(5500, () => traffic.set({ roundTripMs: 900 }));
      at(7000, () => traffic.set({ roundTripMs: 20 })); // a spike
      at(10_500, () => traffic.set({ roundTripMs: 900 }));
      at(20_500, () => traffic.set({ roundTripMs: 20 }));
    });
    expect(healths.slice(2).map(({ at, state, evidence }) => [at, state, evidence])).toEqual([
      [13_000, 'unstable', [{ kind: 'round-trip', roundTripMs: 900 }]],
      [20_500, 'unstable', [{ kind: 'recovering', forMs: 500 }]],
      [22_000, 'good', [{ kind: 'receiving', bytesPerSecond: 10_000 }]],
    ]);
  });

  test('the limits are those of the application', () => {
    const healths = healthOver(
      30_000,
      ({ traffic }) => {
        traffic.set({ ...call, lost: 20, roundTripMs: 900 });
      },
      { limits: { lossRatio: 0.5, roundTripMs: 1500 } },
    );
    expect(healths.slice(2)).toEqual([]);
  });
});
