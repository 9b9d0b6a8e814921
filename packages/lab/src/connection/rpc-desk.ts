import type { JsonObject } from '../wire/json.ts';
import type { RpcFailure } from '../rpc/json-rpc.ts';
import type { Outbox } from './outbox.ts';
import type { Shape } from './shape.ts';

export interface RpcDeskParts {
  readonly shape: Shape;
  readonly outbox: Outbox;
  readonly later: (ms: number, action: () => void) => void;
  /** Carries out a request; undefined for a notification. `forced` is the error that a fault asks for. */
  readonly answer: (request: unknown, forced: RpcFailure | undefined) => JsonObject | undefined;
}

/** Answers the requests of DataChannel `rpc`, as faults want it: late, twice, wrongly or not at all. */
export class RpcDesk {
  readonly #parts: RpcDeskParts;

  constructor(parts: RpcDeskParts) {
    this.#parts = parts;
  }

  onRequest(request: unknown): void {
    const { shape, outbox, later, answer } = this.#parts;
    if (shape.has('rpc-silent')) return;
    const response = answer(request, shape.get('rpc-error'));
    if (response === undefined) return;
    const times = shape.has('rpc-duplicate') ? 2 : 1;
    later(shape.delayMs('rpc-delayed'), () => {
      for (let count = 0; count < times; count += 1) outbox.onChannel('rpc', response);
    });
  }
}
