import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';

export interface Measure {
  readonly heapUsed: number;
  readonly external: number;
  readonly connections: number;
  /** Handles and timers that keep the process alive, by name. */
  readonly resources: readonly string[];
}

/** A lab whose memory is only its own. */
export class MeasuredLabProcess {
  readonly url: string;
  readonly #child: ChildProcess;

  static async start(): Promise<MeasuredLabProcess> {
    const child = fork(new URL('measured-lab.ts', import.meta.url).pathname, { execArgv: ['--expose-gc'], stdio: 'inherit' });
    const [{ url }] = (await once(child, 'message')) as [{ readonly url: string }];
    return new MeasuredLabProcess(child, url);
  }

  private constructor(child: ChildProcess, url: string) {
    this.#child = child;
    this.url = url;
  }

  async measure(): Promise<Measure> {
    const answer = once(this.#child, 'message');
    this.#child.send('measure');
    return ((await answer) as [Measure])[0];
  }

  /** The measure once nobody is connected and no timer of a farewell is left. */
  async quietMeasure(): Promise<Measure> {
    for (;;) {
      const measure = await this.measure();
      if (measure.connections === 0 && !measure.resources.includes('Timeout')) return measure;
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  }

  /** Closes the lab; its process must end by itself then, with nothing left that keeps it alive. */
  async stop(): Promise<number | null> {
    const exit = once(this.#child, 'exit');
    this.#child.send('stop');
    return ((await exit) as [number | null])[0];
  }
}
