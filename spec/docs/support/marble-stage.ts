import { type Observable, Subscription, timer } from 'rxjs';
import { TestScheduler } from 'rxjs/testing';
import type { ConnectOptions } from '../../../src/index.ts';
import {
  createFakePlatform,
  FakeSora,
  type FakePlatform,
  marbleText,
  type MarbleLane,
  type ScenarioMode,
} from '../../../src/testing/index.ts';

/** What happens at a virtual millisecond: words for the far end, or anything with a name. */
export type Input = readonly [at: number, words: string, run?: () => void];

/** A stream to be drawn below the inputs, with the words for its values. */
export interface Lane {
  readonly name: string;
  readonly stream$: Observable<unknown>;
  readonly words: (value: never) => string;
  /** When it is subscribed to. Default: 0. */
  readonly from?: number;
}

export interface Stage {
  readonly fake: FakePlatform;
  readonly sora: FakeSora;
  /** Options of a session on the fakes. */
  readonly options: ConnectOptions;
}

export interface Play {
  readonly mode?: ScenarioMode;
  /** The name of the line of inputs. Default: `far end`. */
  readonly cause?: string;
  readonly script: (stage: Stage) => { readonly inputs: readonly Input[]; readonly lanes: readonly Lane[] };
  /** When everything is left. */
  readonly until: number;
}

/**
 * Plays a marble test on the fakes and draws what came, not what was expected. Time is that of a `TestScheduler`, so every run gives the same
 * picture.
 */
export function played({ mode = 'W', cause = 'far end', script, until }: Play): string {
  const scheduler = new TestScheduler(() => undefined);
  return scheduler.run(({ flush }) => {
    const fake = createFakePlatform({ now: () => scheduler.now() });
    const sora = new FakeSora(fake, { mode });
    const options: ConnectOptions = {
      signalingUrl: 'wss://sora.test/signaling',
      channelId: 'room',
      role: 'recvonly',
      dataChannelSignaling: mode !== 'W',
      platform: fake.platform,
    };
    const stage: Stage = { fake, sora, options };
    const { inputs, lanes } = script(stage);
    const drawn = lanes.map((lane) => recorded(lane, scheduler, until));
    for (const [at, words, run] of inputs) timer(at).subscribe(() => (run ?? (() => apply(sora, words)))());
    flush();
    return marbleText([{ name: cause, marks: inputs.map(([at, text]) => ({ at, text })) }, ...drawn.map((lane) => lane())]);
  });
}

function apply(sora: FakeSora, words: string): void {
  if (words === 'connected' || words === 'switched') sora.reach(words);
  else sora.apply(words);
}

/** Subscribes as a reader would, and remembers. */
function recorded({ name, stream$, words, from = 0 }: Lane, scheduler: TestScheduler, until: number): () => MarbleLane {
  const marks: { readonly at: number; readonly text: string }[] = [];
  let end: Pick<MarbleLane, 'endsAt' | 'endsWith'> = {};
  const subscription = new Subscription();
  const begin = (): void => {
    subscription.add(
      stream$.subscribe({
        next: (value) => marks.push({ at: scheduler.now(), text: words(value as never) }),
        error: () => (end = { endsAt: scheduler.now(), endsWith: '#' }),
        complete: () => (end = { endsAt: scheduler.now() }),
      }),
    );
  };
  if (from === 0) begin();
  else timer(from).subscribe(begin);
  timer(until).subscribe(() => subscription.unsubscribe());
  return () => ({ name, marks, ...end });
}
