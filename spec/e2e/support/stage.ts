import type { ConnectOptions } from 'rx-sora';
import type { DrivenSession } from './watched-session.ts';

/** A place where sessions live: a tab of a browser, or this process. */
export interface Stage {
  /**
   * Makes a session, named by its `clientId`. Options are JSON.
   *
   * `apart`: it gets constructors of its own, so that what it leaves open is told apart from what others have open.
   */
  open(options: ConnectOptions, apart?: 'apart'): Promise<DrivenSession>;
  /** Errors that nobody handled there. */
  errors(): readonly string[];
  close(): Promise<void>;
}
