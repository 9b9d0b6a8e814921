import { describe, expect, test } from 'vitest';
import { driveMarbles, marbleInputs } from '../../src/testing/marble-inputs.ts';
import { inputWords } from '../../src/testing/scenario-event.ts';
import { marbles } from '../support/marbles.ts';
import { TestScheduler } from 'rxjs/testing';
import { asyncScheduler } from 'rxjs';

const written = (inputs: ReturnType<typeof marbleInputs>) => inputs.map((input) => `${input.at} ${inputWords(input)}`);

describe('marbleInputs', () => {
  test('reads one diagram per transport, in the syntax of run mode', () => {
    expect(
      written(
        marbleInputs({
          application: 'd',
          webSocket: '3s c',
          dataChannel: { stats: '-c', '*': '5ms e' },
          peerConnection: '--f',
          ice: '10ms d',
          page: '20ms h',
        }),
      ),
    ).toEqual([
      '0 disconnect',
      '1 dc.close stats',
      '2 pc failed',
      '5 dc.error *',
      '10 ice disconnected',
      '20 pagehide',
      '3000 ws.close 1000',
    ]);
  });

  test('keeps the order of a group, and that of the diagrams at one time', () => {
    expect(written(marbleInputs({ webSocket: '(ec)', peerConnection: 'f' }))).toEqual(['0 ws.error', '0 ws.close 1000', '0 pc failed']);
    expect(written(marbleInputs({ peerConnection: 'f', webSocket: 'e' }))).toEqual(['0 pc failed', '0 ws.error']);
  });

  test('reads the end of a diagram as the end of its transport', () => {
    expect(written(marbleInputs({ webSocket: '-#' }))).toEqual(['1 ws.error', '1 ws.close 1006']);
    expect(written(marbleInputs({ webSocket: '-|', dataChannel: { '*': '--#' }, received: 'm|' }, { m: 'rx.notify' }))).toEqual([
      '0 rx.notify',
      '1 ws.close 1000',
      '2 dc.error *',
      '2 dc.close *',
    ]);
  });

  test('takes values as words, as objects, as several in a row and as something to run', () => {
    const values = {
      a: 'rx.switched T',
      b: { kind: 'ws.close', code: 4490 },
      c: ['ws.error', 'ws.close 1011'],
      d: () => undefined,
    } as const;
    expect(written(marbleInputs({ received: 'a---', webSocket: 'b-c-', application: '---d' }, values))).toEqual([
      '0 rx.switched T',
      '0 ws.close 4490',
      '2 ws.error',
      '2 ws.close 1011',
      '3 d',
    ]);
  });

  test('refuses a letter that means nothing', () => {
    expect(() => marbleInputs({ webSocket: 'z' })).toThrow(
      '"z" means nothing on webSocket in "z": give it a value, or take one of o e c x | #',
    );
    expect(() => marbleInputs({ received: '-m' })).toThrow(/"m" means nothing on received in "-m": give it a value$/);
  });

  test('says how a time is written where one was tried', () => {
    expect(() => marbleInputs({ webSocket: '10 ms c' })).toThrow('a time is written like "10ms a"');
  });

  test('refuses a diagram of nothing', () => {
    expect(() => marbleInputs({ webSockets: 'c' } as never)).toThrow('"webSockets" is no diagram: those are webSocket, dataChannel');
  });
});

describe('driveMarbles', () => {
  const diagrams = { webSocket: '2ms (ec)', application: '-d' };
  const drive = (tool: Parameters<typeof driveMarbles>[0], seen: string[]) => {
    const see = (what: string) => seen.push(`${asyncScheduler.now()} ${what}`);
    driveMarbles(tool, { apply: (input) => see(inputWords(input)) }, diagrams, { d: () => see('called') });
  };
  const expected = ['1 called', '2 ws.error', '2 ws.close 1000'];

  test('drives a far end in TestScheduler.run', () => {
    const seen: string[] = [];
    new TestScheduler(() => undefined).run((helpers) => drive(helpers, seen));
    expect(seen).toEqual(expected);
  });

  test('tells a slip where the diagram is written, before anything happens', () => {
    new TestScheduler(() => undefined).run((helpers) => {
      const apply = () => expect.unreachable();
      expect(() => driveMarbles(helpers, { apply }, { webSocket: '10ms k' })).toThrow('"k" means nothing');
      expect(() => driveMarbles(helpers, { apply }, { received: '10ms k' }, { k: 'rx.closed' })).toThrow(
        '"rx.closed" is not known, only rx.offer',
      );
    });
  });

  const seenWithRxjsMarbles: string[] = [];
  test(
    'drives a far end under rxjs-marbles',
    marbles((m) => {
      drive(m, seenWithRxjsMarbles);
      m.flush();
      expect(seenWithRxjsMarbles).toEqual(expected);
    }),
  );
});
