import type { FaultGroup } from '../faults/fault-defaults.ts';
import type { GroupName } from '../form/fields.ts';
import type { Side } from '../form/form-state.ts';
import { en } from './en.ts';
import { ja } from './ja.ts';

/** The words of the page in one language. Names of options, faults and calls stay as they are. */
export interface Texts {
  readonly purpose: string;
  readonly notJson: string;
  readonly connecting: string;
  readonly live: string;
  readonly lost: string;
  readonly language: string;
  readonly options: string;
  readonly allOptions: string;
  readonly groups: Readonly<Record<GroupName | 'picture' | 'page', string>>;
  readonly copyUrl: string;
  readonly copied: string;
  readonly copyFailed: string;
  readonly reset: string;
  readonly left: string;
  readonly sides: Readonly<Record<Side, string>>;
  readonly own: string;
  readonly media: string;
  readonly sources: Readonly<Record<'fake' | 'camera' | 'screen' | 'none', string>>;
  readonly size: string;
  readonly frameRate: string;
  readonly contentHint: string;
  readonly secrets: string;
  readonly payloads: string;
  readonly reconnect: string;
  readonly connect: string;
  readonly connectBoth: string;
  readonly disconnect: string;
  readonly disconnectBoth: string;
  readonly cancel: string;
  readonly mute: Readonly<Record<'audio' | 'video', string>>;
  readonly sound: string;
  readonly local: string;
  readonly remote: (connectionId: string) => string;
  readonly nobody: string;
  readonly waiting: (seconds: string, attempt: number) => string;
  readonly faults: {
    readonly title: string;
    readonly groups: Readonly<Record<FaultGroup, string>>;
    readonly edit: string;
    readonly inject: string;
    readonly done: (kind: string, connections: number) => string;
    readonly added: (kind: string) => string;
    readonly removed: (kind: string) => string;
    readonly of: (whom: string) => string;
    readonly all: string;
    readonly next: string;
  };
  readonly server: {
    readonly title: string;
    readonly urls: string;
    readonly connections: string;
    readonly nobody: string;
    readonly rules: string;
    readonly noRules: string;
    readonly addFault: string;
    readonly howLong: string;
    readonly once: string;
    readonly always: string;
    readonly anyRule: string;
    readonly addRule: string;
    readonly ruleAdded: string;
    readonly remove: string;
    readonly used: (times: number) => string;
    readonly api: string;
    readonly target: string;
    readonly body: string;
    readonly call: string;
    readonly answer: string;
    readonly log: string;
    readonly withMessages: string;
    readonly allOfIt: string;
    readonly entries: string;
    readonly facts: Readonly<Record<'channelId' | 'role' | 'mode' | 'node' | 'state', string>>;
    readonly disconnected: (connections: number) => string;
  };
}

/** The languages of the page. */
export const LOCALES = ['en', 'ja'] as const;
export type Locale = (typeof LOCALES)[number];

export const TEXTS: Readonly<Record<Locale, Texts>> = { en, ja };

/** What a language is called in itself. */
export const LOCALE_NAMES: Readonly<Record<Locale, string>> = { en: 'English', ja: '日本語' };

/** The language that was chosen, or else the browser's. */
export const localeOf = (chosen: string): Locale =>
  LOCALES.find((locale) => locale === chosen) ?? (/^ja\b/i.test(navigator.language) ? 'ja' : 'en');
