import { describe, expect, test } from 'vitest';
import { attach, inOrder } from '../../src/transports/attach.ts';
import { SyncThenable } from '../../src/testing/sync-thenable.ts';

describe('attach', () => {
  test.each(['addEventListener', 'removeEventListener'])('a target that has only %s is listened to by handlers', (name) => {
    const target: Record<string, unknown> = { [name]: () => expect.fail('was called') };
    const detach = attach(target, { value: () => undefined });
    expect(target['onvalue']).toBeTypeOf('function');
    detach();
    expect(target['onvalue']).toBeNull();
  });

  test('a target that loses its methods afterwards does not make detaching throw', () => {
    const target: { addEventListener?: () => void; removeEventListener?: () => void } = {
      addEventListener: () => undefined,
      removeEventListener: () => undefined,
    };
    const detach = attach(target, { value: () => undefined });
    delete target.removeEventListener;
    expect(() => detach()).not.toThrow();
  });

  test('methods are called on their object, and the listeners are gone afterwards', () => {
    const target = new EventTarget();
    const seen: string[] = [];
    const detach = attach(target, { value: ({ type }: Event) => seen.push(type) });
    target.dispatchEvent(new Event('value'));
    detach();
    target.dispatchEvent(new Event('value'));
    expect(seen).toEqual(['value']);
  });

  test('where a listener cannot be added, none stays', () => {
    let left = 0;
    const add = (type: string): void => {
      if (type === 'second') throw new Error('made to fail');
      left += 1;
    };
    const remove = (type: string): void => {
      if (type === 'first') left -= 1;
    };
    const listeners = { first: () => undefined, second: () => undefined };
    expect(() => attach({ addEventListener: add, removeEventListener: remove }, listeners)).toThrow('made to fail');
    expect(left).toBe(0);
  });

  test('what an application has put into Object.prototype is no listener', () => {
    const types: string[] = [];
    const note = (type: string): unknown => types.push(type);
    Object.defineProperty(Object.prototype, 'foreign', { value: 'no function', enumerable: true, configurable: true });
    try {
      attach({ addEventListener: note, removeEventListener: note }, { value: () => undefined })();
    } finally {
      Reflect.deleteProperty(Object.prototype, 'foreign');
    }
    expect(types).toEqual(['value', 'value']);
  });
});

/** A Blob that is read when the test says so. */
class LateBlob {
  #resolve: (buffer: ArrayBuffer) => void = () => undefined;
  #reject: (error: unknown) => void = () => undefined;
  arrayBuffer(): PromiseLike<ArrayBuffer> {
    return new SyncThenable<ArrayBuffer>((resolve, reject) => {
      this.#resolve = resolve;
      this.#reject = reject;
    });
  }
  read(...bytes: number[]): void {
    this.#resolve(new Uint8Array(bytes).buffer);
  }
  fail(): void {
    this.#reject(new Error('cannot be read'));
  }
}

describe('inOrder: events keep their order although a Blob among them has to be read first', () => {
  function events(): { seen: unknown[]; emit: (event: unknown) => void; message: (data: unknown) => void } {
    const seen: unknown[] = [];
    const { emit, emitMessage } = inOrder<unknown>((event) => seen.push(event));
    return { seen, emit, message: (data) => emitMessage(data, (received) => (typeof received === 'string' ? received : [...received])) };
  }

  test('without a Blob everything is emitted in its call', () => {
    const { seen, emit, message } = events();
    message('a');
    emit('close');
    message(new Uint8Array([1]));
    expect(seen).toEqual(['a', 'close', [1]]);
  });

  test('what comes after a Blob waits until it is read', () => {
    const { seen, emit, message } = events();
    const blob = new LateBlob();
    message(blob);
    message('b');
    emit('close');
    expect(seen).toEqual([]);
    blob.read(1, 2);
    expect(seen).toEqual([[1, 2], 'b', 'close']);
    message('c');
    expect(seen.at(-1)).toBe('c');
  });

  test('a second Blob among what waited makes the rest wait again', () => {
    const { seen, emit, message } = events();
    const [first, second] = [new LateBlob(), new LateBlob()];
    message(first);
    message('b');
    message(second);
    message('c');
    emit('close');
    first.read(1);
    expect(seen).toEqual([[1], 'b']);
    second.read(2);
    expect(seen).toEqual([[1], 'b', [2], 'c', 'close']);
  });

  test('a Blob that cannot be read is dropped, and what came after it is not', () => {
    const { seen, emit, message } = events();
    const blob = new LateBlob();
    message(blob);
    emit('close');
    blob.fail();
    expect(seen).toEqual(['close']);
  });

  test.each([[undefined], [null], [5], [{}], [new Date(0)], [[1, 2]]])('data that is neither text nor bytes is dropped: %o', (data) => {
    const { seen, emit, message } = events();
    message(data);
    emit('close');
    expect(seen).toEqual(['close']);
  });
});
