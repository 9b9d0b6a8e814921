import { describe, expect, test } from 'vitest';
import { type Link, openLink } from '../../src/signaling/link.ts';

class WebSocket {
  readonly url: string;
  readyState = 0;
  readonly calls: unknown[][] = [];

  constructor(url: string) {
    this.url = url;
  }
  send(text: string): void {
    this.calls.push(['send', text]);
  }
  close(...given: unknown[]): void {
    this.calls.push(['close', ...given]);
  }
  addEventListener(): void {
    // Nothing happens on this socket.
  }
  removeEventListener(): void {
    // Nothing happens on this socket.
  }
}

function opened(): { readonly link: Link; readonly socket: WebSocket } {
  const sockets: WebSocket[] = [];
  class Known extends WebSocket {
    constructor(url: string) {
      super(url);
      sockets.push(this);
    }
  }
  const link = openLink('wss://sora.example/signaling', { WebSocket: Known }, () => 0);
  return { link, socket: sockets[0]! };
}

describe('openLink', () => {
  test('opens a socket to the URL and sends text on it', () => {
    const { link, socket } = opened();
    link.send('{}');
    expect([link.url, socket.url]).toEqual(['wss://sora.example/signaling', 'wss://sora.example/signaling']);
    expect(socket.calls).toEqual([['send', '{}']]);
  });

  test('says the state in words, and nothing of a state that there is not', () => {
    const { link, socket } = opened();
    const states = [0, 1, 2, 3, 4].map((readyState) => {
      socket.readyState = readyState;
      return link.state();
    });
    expect(states).toEqual(['connecting', 'open', 'closing', 'closed', null]);
  });

  test('throws what the constructor throws', () => {
    const refusing = function (): never {
      throw new SyntaxError('no URL');
    };
    expect(() => openLink('x', { WebSocket: refusing as never }, () => 0)).toThrow(new SyntaxError('no URL'));
  });
});

describe('close', () => {
  test.each([0, 1, 2])('in state %i the socket is closed with 1000, once', (readyState) => {
    const { link, socket } = opened();
    socket.readyState = readyState;
    link.close();
    link.close();
    expect(socket.calls).toEqual([['close', 1000]]);
  });

  test('Q70: not where the socket has closed already', () => {
    const { link, socket } = opened();
    socket.readyState = 3;
    link.close();
    expect(socket.calls).toEqual([]);
  });

  test('P22: a socket whose state cannot be read is closed', () => {
    const { link, socket } = opened();
    Object.defineProperty(socket, 'readyState', {
      get: () => {
        throw new Error('no');
      },
    });
    link.close();
    expect(socket.calls).toEqual([['close', 1000]]);
  });

  test('throws what the socket throws, and does not try again', () => {
    const { link, socket } = opened();
    let times = 0;
    Object.defineProperty(socket, 'close', {
      value: () => {
        times += 1;
        throw new Error('no');
      },
    });
    expect(link.close).toThrow('no');
    link.close();
    expect(times).toBe(1);
  });
});
