import type { FakePeerConnection } from './fake-peer-connection.ts';
import type { FakePlatform } from './fake-platform.ts';
import type { FakeWebSocket } from './fake-web-socket.ts';
import { readFrame } from './sent-message.ts';
import type { SentFrame } from './fake-world.ts';

/**
 * Which of the objects on a platform belong to the session that a far end talks to now. Once that session has ended, one that follows on the
 * same platform takes its place, as where an application connects again.
 */
export class FollowedSession {
  readonly #fake: FakePlatform;
  /** Index of the first socket of this session. */
  #begin = 0;
  /** The same since its last redirect: the sockets before it are of the past. */
  #since = 0;
  /** How many sockets there were when one was chosen. A later one is none of this session, whose redirects are told to this object. */
  #known = 0;
  /** Index of the first peer connection that may be of this session. */
  #peersSince = 0;
  #chosen: FakeWebSocket | null = null;

  constructor(fake: FakePlatform) {
    this.#fake = fake;
  }

  /** Looks whether the session has ended and another has begun; from then on everything here is about that one. */
  followsAnother(): boolean {
    const { sockets } = this.#fake;
    if (!this.#chosen || !isOver(this.#chosen) || sockets.length <= this.#known) return false;
    // In D the WebSocket is closed long before the session ends.
    if (this.peerConnection?.closed === false) return false;
    this.#begin = this.#known;
    this.#since = this.#known;
    this.#peersSince = this.#fake.peerConnections.findLastIndex(({ isThrowAway, closed }) => closed && !isThrowAway) + 1;
    this.#chosen = null;
    return true;
  }

  /** The sockets that were opened together: all signaling URLs, or the one of a redirect. */
  get group(): readonly FakeWebSocket[] {
    return this.#fake.sockets.slice(this.#since);
  }

  /** The socket of the group that opened; null as long as none did. */
  get chosen(): FakeWebSocket | null {
    return this.#chosen;
  }

  /** The socket that counts: the one that opened, or the first that may still open. */
  get socket(): FakeWebSocket | undefined {
    const { group } = this;
    return this.#chosen ?? group.find((socket) => !isOver(socket)) ?? group.at(-1);
  }

  /** The one that was not only made to write an offer; null as long as there is none. */
  get peerConnection(): FakePeerConnection | null {
    return this.#fake.peerConnections.slice(this.#peersSince).findLast(({ isThrowAway }) => !isThrowAway) ?? null;
  }

  /** The last `connect` that was sent. */
  get connectMessage(): Record<string, unknown> | null {
    const { records } = this.#fake;
    for (let index = records.length - 1; index >= 0; index -= 1) {
      const { sort, name, what, detail } = records[index] ?? {};
      if (sort !== 'websocket' || what !== 'send' || Number(name) <= this.#begin) continue;
      const content = readFrame(detail as SentFrame);
      if (content.type === 'connect') return content;
    }
    return null;
  }

  /** This socket has opened, before all others of its group. */
  choose(socket: FakeWebSocket): void {
    if (this.#chosen || !this.group.includes(socket)) return;
    this.#chosen = socket;
    this.#known = this.#fake.sockets.length;
  }

  /** Tells the session to go elsewhere; where it does not, everything stays as it was. */
  redirect(tell: (socket: FakeWebSocket | undefined) => void): void {
    const before = { since: this.#since, chosen: this.#chosen };
    const count = this.#fake.sockets.length;
    this.#chosen = null;
    this.#since = count;
    tell(before.chosen ?? this.#fake.sockets[count - 1]);
    if (this.#fake.sockets.length > count) return;
    this.#since = before.since;
    this.#chosen = before.chosen;
  }
}

/** Whether one of its sides has closed the socket. */
export function isOver({ closeFired, closeCalls }: FakeWebSocket): boolean {
  return closeFired || closeCalls.length > 0;
}
