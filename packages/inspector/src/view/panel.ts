import type { TemplateResult } from 'lit/html.js';
import type { Inspection } from '../model/inspection.ts';
import type { InspectorLocale, Texts } from '../texts/texts.ts';

/** What a panel draws from, and what it may do. */
export interface PanelContext {
  readonly inspection: Inspection;
  /** In which the panel stands. */
  readonly root: ShadowRoot;
  readonly t: Texts;
  readonly locale: InspectorLocale;
  /** Masks secrets, by the policy in force. */
  readonly redact: (value: unknown) => unknown;
  readonly payloads: boolean;
  readonly setPayloads: (on: boolean) => void;
  /** Asks to be drawn again, in the next frame. */
  readonly changed: () => void;
  /** Runs a task when what is being drawn now stands in the document. */
  readonly after: (task: () => void) => void;
  /** Shows an entry of the timeline, by its number. */
  readonly showEntry: (number: number) => void;
  /** Says something to whoever listens to a screen reader, and shows it. */
  readonly say: (text: string) => void;
}

/** One part of the inspector. It keeps what the user chose in it. */
export interface Panel {
  render(context: PanelContext): TemplateResult;
  /** Another panel is shown from now on. */
  left?(): void;
}
