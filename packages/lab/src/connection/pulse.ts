import { Subject, Subscription } from 'rxjs';
import type { LabSettings } from '../lab-options.ts';
import { observe } from '../observe.ts';
import type { JsonObject } from '../wire/json.ts';
import { heartbeat } from './heartbeat.ts';
import type { Shape } from './shape.ts';

export interface PulseParts {
  readonly settings: LabSettings;
  readonly shape: Shape;
  /** Sends a ping, with or without a question for statistics. */
  readonly ping: (stats: boolean) => void;
  /** No pong came for too long. */
  readonly lost: () => void;
}

/** Pings of one connection, as faults want them, and what the client reports about itself. */
export class Pulse {
  readonly #parts: PulseParts;
  readonly #pongSubject = new Subject<void>();
  #beating = Subscription.EMPTY;
  #clientStats: readonly unknown[] = [];

  constructor(parts: PulseParts) {
    this.#parts = parts;
  }

  /** What the client reported last, with `pong` or `stats`. */
  get clientStats(): readonly unknown[] {
    return this.#clientStats;
  }

  start(): void {
    const { settings, shape, ping, lost } = this.#parts;
    this.#beating = observe(heartbeat(settings, this.#pongSubject), (beat) => {
      if (beat.kind === 'pong-timeout') lost();
      else if (!shape.has('ping-withheld')) ping(beat.stats);
    });
  }

  stop(): void {
    this.#beating.unsubscribe();
  }

  onPong(message: JsonObject): void {
    this.#keep(message['stats']);
    if (!this.#parts.shape.has('pong-ignored')) this.#pongSubject.next();
  }

  onStats(message: JsonObject): void {
    this.#keep(message['reports']);
  }

  #keep(reports: unknown): void {
    if (Array.isArray(reports)) this.#clientStats = reports as readonly unknown[];
  }
}
