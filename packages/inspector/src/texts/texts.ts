import type { BufferGrade } from '../model/media-rows.ts';
import type { ChartLine, ChartSpec } from '../model/charts.ts';
import type { SessionState, Termination, TimelineEntry } from 'rx-sora';
import { en } from './en.ts';
import { ja } from './ja.ts';

/** The parts of the inspector, each behind a tab. */
export type TabId =
  'overview' | 'end' | 'diagram' | 'timeline' | 'media' | 'statistics' | 'signaling' | 'notify' | 'roster' | 'messages' | 'rpc' | 'codecs';

/** The words of the inspector in one language. Words of the W3C and of the wire stay as they are. */
export interface Texts {
  readonly inspector: string;
  readonly tabs: Readonly<Record<TabId, string>>;
  readonly states: Readonly<Record<SessionState, string>>;
  readonly sources: Readonly<Record<TimelineEntry['source'], string>>;
  readonly none: string;
  readonly unknown: string;
  readonly noSession: string;
  readonly copy: (what: string) => string;
  readonly copyWord: string;
  readonly copied: (what: string) => string;
  readonly copyFailed: string;
  readonly downloadReport: string;
  readonly downloadRecording: string;
  readonly openRecording: string;
  readonly recording: {
    readonly title: (name: string) => string;
    readonly reading: string;
    readonly same: string;
    readonly differs: (count: number) => string;
    readonly invalid: (message: string) => string;
    readonly close: string;
  };
  readonly facts: Readonly<
    Record<
      | 'connectionId'
      | 'clientId'
      | 'bundleId'
      | 'sessionId'
      | 'channelId'
      | 'role'
      | 'contactUrl'
      | 'connectedUrl'
      | 'url'
      | 'mode'
      | 'simulcast'
      | 'spotlight'
      | 'network'
      | 'path'
      | 'turnUrl'
      | 'rpcMethods'
      | 'channels'
      | 'connectedAfter'
      | 'server'
      | 'client'
      | 'environment',
      string
    >
  >;
  readonly identifiers: string;
  readonly connection: string;
  readonly yes: string;
  readonly no: string;
  readonly modes: Readonly<Record<'websocket' | 'both' | 'datachannel', string>>;
  readonly networkLevels: readonly [string, string, string, string];
  readonly end: {
    readonly alive: string;
    readonly why: string;
    readonly fields: Readonly<
      Record<
        'kind' | 'rule' | 'phase' | 'switched' | 'initiator' | 'retry' | 'sent' | 'startedAt' | 'connectedAt' | 'causeAt' | 'endedAt',
        string
      >
    >;
    readonly initiators: Readonly<Record<Termination['initiator'], string>>;
    readonly retries: Readonly<Record<Termination['retry'], string>>;
    readonly nothingSent: string;
    readonly sent: (reason: string, via: string, ok: boolean) => string;
    readonly neverConnected: string;
    readonly afterMs: (ms: number) => string;
    readonly trailing: string;
    readonly noTrailing: string;
    readonly record: string;
    readonly before: string;
  };
  readonly columns: Readonly<Record<'at' | 'source' | 'what' | 'detail' | 'name' | 'value', string>>;
  readonly timeline: {
    readonly search: string;
    readonly sources: string;
    readonly count: (shown: number, all: number) => string;
    readonly searching: string;
    readonly dropped: (count: number) => string;
    readonly entries: string;
    readonly nothingChosen: string;
    readonly follow: string;
    readonly empty: string;
  };
  readonly diagram: { readonly download: string; readonly empty: string };
  readonly messages: {
    readonly title: string;
    readonly channel: string;
    readonly text: string;
    readonly send: string;
    readonly payloads: string;
    readonly empty: string;
    readonly noChannels: string;
    readonly sentTo: (label: string) => string;
    readonly from: string;
    readonly to: string;
    readonly hidden: string;
  };
  readonly rpc: {
    readonly method: string;
    readonly params: string;
    readonly timeout: string;
    readonly notification: string;
    readonly call: string;
    readonly unavailable: string;
    readonly history: string;
    readonly pending: string;
    readonly notJson: (message: string) => string;
    readonly notified: string;
    readonly took: (ms: number) => string;
  };
  readonly statistics: {
    readonly charts: Readonly<Record<ChartSpec['id'], string>>;
    readonly lines: Readonly<Record<ChartLine['id'], string>>;
    readonly empty: string;
    readonly reports: string;
    readonly filter: string;
    readonly now: string;
    readonly stalled: string;
  };
  readonly media: {
    readonly received: string;
    readonly sent: string;
    readonly none: string;
    readonly of: (connectionId: string) => string;
    readonly layer: (rid: string) => string;
    readonly layerUnknown: string;
    readonly fields: Readonly<
      Record<
        | 'codec'
        | 'layer'
        | 'size'
        | 'frameRate'
        | 'bitrate'
        | 'jitterBuffer'
        | 'jitter'
        | 'loss'
        | 'decode'
        | 'encode'
        | 'freezes'
        | 'limitation'
        | 'level'
        | 'roundTrip'
        | 'active',
        string
      >
    >;
    readonly grades: Readonly<Record<BufferGrade, string>>;
    readonly video: string;
    readonly audio: string;
  };
  readonly roster: {
    readonly count: (total: number) => string;
    readonly self: string;
    readonly focused: string;
    readonly empty: string;
  };
  readonly codecs: {
    readonly send: string;
    readonly receive: string;
    readonly inUse: string;
    readonly unavailable: string;
    readonly headerExtensions: string;
    readonly parameters: string;
    readonly caption: (direction: string, kind: string) => string;
  };
}

/** The languages of the inspector. */
export type InspectorLocale = 'en' | 'ja';

export const TEXTS: Readonly<Record<InspectorLocale, Texts>> = { en, ja };

/** The language for a tag of BCP 47 such as `ja-JP`; English for any other. */
export const localeOf = (tag: string): InspectorLocale => (/^ja\b/i.test(tag) ? 'ja' : 'en');
