import type { ConnectOptions } from 'rx-sora';
import type { DrivenSession } from './watched-session.ts';

/** A place where sessions live: a tab of a browser, or this process. */
export interface Stage {
  /** Makes a session, named by its `clientId`. Options are JSON. */
  open(options: ConnectOptions): Promise<DrivenSession>;
  /** Errors that nobody handled there. */
  errors(): readonly string[];
  close(): Promise<void>;
}
