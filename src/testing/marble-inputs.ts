import { Subscription, type Observable } from 'rxjs';
import { TestScheduler } from 'rxjs/testing';
import { calledFrom, framesAbove } from './caller-frames.ts';
import { inputsOfValue, type MarbleValue } from './marble-value.ts';
import { parseInput, type ScenarioInput, type TimedInput } from './scenario-event.ts';

/**
 * One marble diagram per transport, in the syntax of `TestScheduler.run` (1 frame is 1 ms, `3s` and `10ms` are times).
 *
 * Letters that need no value: on `webSocket` o open, e error, c close 1000, x close 1006, `|` close 1000, `#` error and close 1006;
 * on a DataChannel o open, g closing, e error, c close, `|` close, `#` error and close; on `peerConnection` n connecting, c connected,
 * d disconnected, f failed; on `ice` k checking, c connected, d disconnected, f failed; on `application` d disconnect, u unsub, a abort;
 * on `page` h pagehide, p pagehide-persisted, z freeze. Any other letter needs a value, and a value goes before these.
 */
export interface MarbleDiagrams {
  readonly webSocket?: string;
  /** A diagram per label; `*` means all of them. */
  readonly dataChannel?: Readonly<Record<string, string>>;
  readonly peerConnection?: string;
  readonly ice?: string;
  /** Messages of the server; every letter needs a value. */
  readonly received?: string;
  readonly application?: string;
  readonly page?: string;
}

/** Meanings of letters, for all diagrams. */
export type MarbleValues = Readonly<Record<string, MarbleValue>>;

/** What a marble tool has to offer: the helpers of `TestScheduler.run`, or the context of rxjs-marbles. */
export interface MarbleTool {
  cold(marbles: string): Observable<string>;
}

/** Where inputs go to: a {@link FakeSora}, or whatever else can act on them. */
export interface InputTarget {
  apply(input: ScenarioInput): void;
}

/** Marbles are read in run mode, 1 ms per frame, wherever this is called. */
class RunModeMarbles extends TestScheduler {
  static override frameTimeFactor = 1;
}

/**
 * The inputs that these diagrams stand for, in order of time; what happens at the same time keeps the order of the diagrams. For the
 * `timeline` of a scenario: `scenario({ mode: 'W', start: 'connected', timeline: marbleInputs({ application: 'd', webSocket: '3s c' }) })`.
 *
 * @example
 * ```ts
 * const timeline = marbleInputs({ webSocket: '3s c' });
 * console.log(scenario({ mode: 'W', start: 'connected', timeline }).termination?.at); // 3000
 * ```
 */
export function marbleInputs(diagrams: MarbleDiagrams, values: MarbleValues = {}): TimedInput[] {
  return lanesOf(diagrams)
    .flatMap(({ marbles, lane, label }) =>
      RunModeMarbles.parseMarbles(marbles, undefined, undefined, false, true).flatMap(({ frame, notification }) => {
        const letter = notification.kind === 'N' ? String(notification.value) : notification.kind === 'E' ? '#' : '|';
        return inputsOf(letter, { lane, label, marbles }, values).map((input): TimedInput => ({ ...input, at: frame }));
      }),
    )
    .sort((a, b) => a.at - b.at);
}

/**
 * Lets the diagrams happen to a far end, in the virtual time of a marble test that is running. What happens at the same time keeps the order
 * of the diagrams.
 *
 * @example
 * ```ts
 * new TestScheduler(assertMarbles).run((helpers) => {
 *   const fake = createFakePlatform();
 *   const sora = new FakeSora(fake, { mode: 'W' });
 *   const session = createSession({ ...options, platform: fake.platform });
 *   void session.connect();
 *   sora.reach('connected');
 *   driveMarbles(helpers, sora, { webSocket: '10ms #' });
 *   helpers.expectObservable(session.termination$.pipe(map(({ kind }) => kind))).toBe('10ms (k|)', { k: 'websocket-error' });
 * });
 * ```
 */
export function driveMarbles(tool: MarbleTool, target: InputTarget, diagrams: MarbleDiagrams, values: MarbleValues = {}): Subscription {
  const driving = new Subscription();
  // Read once before anything happens, so that a slip is told where the diagram is written and not in virtual time.
  marbleInputs(diagrams, values);
  // What goes wrong in virtual time goes wrong below the flush, far from the line that asked for it.
  const frames = framesAbove(driveMarbles);
  for (const { marbles, lane, label } of lanesOf(diagrams)) {
    const act = (letter: string): void => {
      try {
        for (const input of inputsOf(letter, { lane, label, marbles }, values)) {
          if (input.kind === 'call') input.run();
          else target.apply(input);
        }
      } catch (error) {
        throw calledFrom(error, frames);
      }
    };
    driving.add(tool.cold(marbles).subscribe({ next: act, error: () => act('#'), complete: () => act('|') }));
  }
  return driving;
}

interface Lane {
  readonly lane: keyof MarbleDiagrams;
  readonly label: string;
  readonly marbles: string;
}

function lanesOf(diagrams: MarbleDiagrams): readonly Lane[] {
  return (Object.entries(diagrams) as [keyof MarbleDiagrams, string | Record<string, string>][]).flatMap(([lane, marbles]) => {
    if (!Object.hasOwn(usual, lane)) throw new Error(`"${lane}" is no diagram: those are ${Object.keys(usual).join(', ')}`);
    return typeof marbles === 'string'
      ? [{ lane, label: '', marbles }]
      : Object.entries(marbles).map(([label, ofLabel]) => ({ lane, label, marbles: ofLabel }));
  });
}

const usual: Readonly<Record<keyof MarbleDiagrams, Readonly<Record<string, readonly string[]>>>> = {
  webSocket: {
    o: ['ws.open'],
    e: ['ws.error'],
    c: ['ws.close 1000'],
    x: ['ws.close 1006'],
    '|': ['ws.close 1000'],
    '#': ['ws.error', 'ws.close 1006'],
  },
  dataChannel: {
    o: ['dc.open'],
    g: ['dc.closing'],
    e: ['dc.error'],
    c: ['dc.close'],
    '|': ['dc.close'],
    '#': ['dc.error', 'dc.close'],
  },
  peerConnection: { n: ['pc connecting'], c: ['pc connected'], d: ['pc disconnected'], f: ['pc failed'] },
  ice: { k: ['ice checking'], c: ['ice connected'], d: ['ice disconnected'], f: ['ice failed'] },
  received: {},
  application: { d: ['disconnect'], u: ['unsub'], a: ['abort'] },
  page: { h: ['pagehide'], p: ['pagehide-persisted'], z: ['freeze'] },
};

function inputsOf(letter: string, { lane, label, marbles }: Lane, values: MarbleValues): readonly ScenarioInput[] {
  const value = values[letter];
  if (value !== undefined) return inputsOfValue(value, letter);
  const words = usual[lane][letter];
  // A diagram that only ends says nothing where the end has no meaning.
  if (!words && letter === '|') return [];
  if (!words) throw new Error(`"${letter}" means nothing on ${lane} in "${marbles}": ${remedy(letter, lane)}`);
  return words.map((word) => parseInput(lane === 'dataChannel' ? `${word} ${label}` : word));
}

function remedy(letter: string, lane: keyof MarbleDiagrams): string {
  if (/\d/.test(letter)) return 'a time is written like "10ms a", without a space before the unit and with one after it';
  const known = Object.keys(usual[lane]);
  return `give it a value${known.length > 0 ? `, or take one of ${known.join(' ')}` : ''}`;
}
