import type { FormState } from './form/form-state.ts';
import type { ServerState } from './server/watch-server.ts';
import type { Locale, Texts } from './texts/texts.ts';

/** What the parts of the page draw from, and what they may do. */
export interface AppContext {
  readonly t: Texts;
  readonly locale: Locale;
  readonly form: FormState;
  readonly server: ServerState;
  /** What each kind of fault does, in the words of the lab. */
  readonly kinds: ReadonlyMap<string, string>;
  /** Changes values of the form, and with them the URL. */
  readonly set: (values: FormState) => void;
  /** Draws what the user changed. */
  readonly changed: () => void;
  /** Says something to the user. */
  readonly say: (text: string) => void;
  /** Says what comes of an act, or why nothing did, and looks at the lab again. */
  readonly perform: (act: () => Promise<string>) => void;
}
