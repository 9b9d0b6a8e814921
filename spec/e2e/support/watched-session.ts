import { type ConnectedInfo, type ConnectOptions, createSession, rpc, type Session, type SessionState, type Termination } from 'rx-sora';
import { firstValueFrom, map, ReplaySubject } from 'rxjs';
import type { NativeObjects } from './native-objects.ts';

/** What somebody saw who watched a session from its creation on. Plain data. */
export interface Account {
  /** Every value of `termination$`. */
  readonly terminations: readonly Termination[];
  /** Whether `termination$` and `state$` completed. */
  readonly completed: boolean;
  readonly states: readonly SessionState[];
  /** What is not closed, and who still listens, in the very moment of the emission. */
  readonly left: readonly string[];
}

/** A session and its watcher, wherever both live: in this process or in a page. */
export interface DrivenSession {
  /** The facts of the connection, or null where it never came about. */
  connect(): Promise<ConnectedInfo | null>;
  /** The flag of `switched`. */
  switched(): Promise<boolean>;
  /** The payload of the first `push`. */
  pushed(): Promise<unknown>;
  /** What came of a call: `result …`, or the code of its error. */
  rpc(method: string, params: object): Promise<string>;
  disconnect(): Promise<Termination>;
  /** After the end. */
  account(): Promise<Account>;
  /** Until now. */
  glance(): Account | Promise<Account>;
}

/** A session in this process with its watcher. */
export class WatchedSession implements DrivenSession {
  readonly session: Session;
  readonly #switchedSubject = new ReplaySubject<boolean>(1);
  readonly #pushedSubject = new ReplaySubject<unknown>(1);
  readonly #endedSubject = new ReplaySubject<null>(1);
  readonly #terminations: Termination[] = [];
  readonly #states: SessionState[] = [];
  #left: readonly string[] = [];
  #open = 2;

  constructor(options: ConnectOptions, natives: NativeObjects) {
    const session = createSession(options);
    this.session = session;
    const complete = (): void => {
      this.#open -= 1;
      if (this.#open === 0) this.#endedSubject.next(null);
    };
    session.state$.subscribe({ next: (state) => this.#states.push(state), complete });
    session.termination$.subscribe({
      next: (termination) => {
        this.#terminations.push(termination);
        this.#left = natives.left();
      },
      complete,
    });
    session.switched$.pipe(map((message) => message.ignore_disconnect_websocket)).subscribe((flag) => this.#switchedSubject.next(flag));
    session.push$.pipe(map(({ data }) => data)).subscribe((data) => this.#pushedSubject.next(data));
  }

  async connect(): Promise<ConnectedInfo | null> {
    return this.session.connect().catch(() => null);
  }

  async switched(): Promise<boolean> {
    return firstValueFrom(this.#switchedSubject);
  }

  async pushed(): Promise<unknown> {
    return firstValueFrom(this.#pushedSubject);
  }

  async rpc(method: string, params: object): Promise<string> {
    return rpc(this.session, method, params as never).then(
      (result) => `result ${JSON.stringify(result)}`,
      (error: unknown) => `error ${String((error as { readonly code?: unknown }).code)}`,
    );
  }

  async disconnect(): Promise<Termination> {
    return this.session.disconnect();
  }

  async account(): Promise<Account> {
    await firstValueFrom(this.#endedSubject);
    return this.glance();
  }

  glance(): Account {
    return { terminations: this.#terminations, completed: this.#open === 0, states: this.#states, left: this.#left };
  }
}
