import type {
  ConnectedInfo,
  DataChannelInfo,
  FocusedSender,
  NetworkStatus,
  ReceivedLayer,
  RemoteStream,
  Roster,
  Session,
  SessionState,
  StatsSample,
  Termination,
  TimelineEntry,
} from 'rx-sora';
import { ChartSeries } from './charts.ts';
import { EntryLog } from './entry-log.ts';
import { type SessionFacts, factsAfter } from './facts.ts';

/** A message of the application that was seen. */
export interface MessageLine {
  readonly at: number;
  readonly direction: 'sent' | 'received';
  readonly label: string;
  readonly bytes: number;
  readonly senderConnectionId?: string;
  /** What it said; absent unless payloads are kept. */
  readonly text?: string;
}

/** What came of replaying a recording. */
export interface ReplayOutcome {
  readonly name: string;
  /** Where the replay differs from the recording, in sentences. */
  readonly differences: readonly string[];
}

/** Messages that are kept. */
const MESSAGES = 1000;

/** Everything that the inspector knows of one session. It grows in place; who draws it draws what it holds at that moment. */
export class Inspection {
  /** Null for a recording. */
  readonly session: Session | null;
  readonly replay: ReplayOutcome | null;
  readonly log: EntryLog;
  readonly series: ChartSeries = new ChartSeries();
  facts: SessionFacts = {};
  state: SessionState = 'idle';
  connected: ConnectedInfo | null = null;
  termination: Termination | null = null;
  sample: StatsSample | null = null;
  /** The sample before, to see what changed. */
  sampleBefore: StatsSample | null = null;
  roster: Roster | null = null;
  layers: readonly ReceivedLayer[] = [];
  focused: readonly FocusedSender[] = [];
  network: NetworkStatus | null = null;
  remoteStreams: readonly RemoteStream[] = [];
  channels: readonly DataChannelInfo[] = [];
  messages: readonly MessageLine[] = [];
  /** Time of the latest entry, on the session's clock. */
  lastAt = 0;

  constructor(capacity: number, session: Session | null, replay: ReplayOutcome | null = null) {
    this.log = new EntryLog(capacity);
    this.session = session;
    this.replay = replay;
  }

  takeEntry(entry: TimelineEntry): void {
    this.log.add(entry);
    this.lastAt = entry.at;
    this.facts = factsAfter(this.facts, entry);
    if (entry.source === 'session') this.state = entry.what;
  }

  takeSample(sample: StatsSample): void {
    this.sampleBefore = this.sample;
    this.sample = sample;
    this.series.add(sample);
  }

  takeMessage(message: Omit<MessageLine, 'at'>): void {
    this.messages = [...this.messages.slice(1 - MESSAGES), { at: this.lastAt, ...message }];
  }
}
