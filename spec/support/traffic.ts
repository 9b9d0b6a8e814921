import { asyncScheduler } from 'rxjs';
import type { FakePeerConnection } from '../../src/testing/fake-peer-connection.ts';

/** What comes and goes on a connection, per second. */
interface Rates {
  /** Packets of media of others. */
  readonly media: number;
  /** The server's reports on what is sent. */
  readonly feedback: number;
  /** Packets of media that are sent. */
  readonly sent: number;
  /** Packets of media that are lost on their way here, and on their way there. */
  readonly lost: number;
  readonly sentLost: number;
}

/** How the browser and the network behave. */
interface Conditions extends Rates {
  readonly roundTripMs: number;
  /** Whether the server answers the checks of ICE. */
  readonly answers: boolean;
  /** False while the machine sleeps: nothing at all happens. */
  readonly awake: boolean;
}

const NOTHING: Conditions = { media: 0, feedback: 0, sent: 0, lost: 0, sentLost: 0, roundTripMs: 20, answers: true, awake: true };
const CHECK_MS = 2500;
/** As soon as one check has no answer, Chromium sends them in quick succession. */
const ANXIOUS_CHECK_MS = 60;
const RATES = ['media', 'feedback', 'sent', 'lost', 'sentLost'] as const;

/** What the statistics of a browser tell. */
export type Telling = 'chromium' | 'firefox' | 'bytes-only' | 'nothing';

/**
 * What the statistics of a connection would say, in virtual time: packets come evenly, checks of ICE go out as those of Chromium do.
 */
export class Traffic {
  readonly #telling: Telling;
  #conditions: Conditions = NOTHING;
  #at = asyncScheduler.now();
  #since = asyncScheduler.now();
  #counts: Record<keyof Rates, number> = { media: 0, feedback: 0, sent: 0, lost: 0, sentLost: 0 };
  #arrivedAt = asyncScheduler.now();
  #checkedAt = asyncScheduler.now();
  #checks = 3;
  #answered = 3;
  /** Members of entries that differ, by type. */
  more: readonly Record<string, unknown>[] = [];

  constructor(telling: Telling = 'chromium') {
    this.#telling = telling;
  }

  /** Makes a peer connection tell of this. */
  attach(peerConnection: FakePeerConnection): this {
    Object.defineProperty(peerConnection, 'stats', { get: () => this.entries() });
    return this;
  }

  /** From now on; what is not named stays as it was. */
  set(changes: Partial<Conditions>): this {
    this.#advance();
    this.#counts = this.#read();
    this.#since = this.#at;
    this.#conditions = { ...this.#conditions, ...changes };
    return this;
  }

  entries(): Record<string, unknown>[] {
    if (this.#telling === 'nothing') return [];
    this.#advance();
    const { media, feedback, sent, lost, sentLost } = this.#read();
    const timestamp = this.#at;
    const bytesReceived = (media + feedback) * 100;
    const isChromium = this.#telling === 'chromium';
    const counted = { bytesReceived, ...(isChromium && { packetsReceived: media + feedback }) };
    const pair = {
      id: 'P',
      type: 'candidate-pair',
      timestamp,
      state: 'succeeded',
      nominated: true,
      ...counted,
      ...(this.#telling !== 'bytes-only' && { lastPacketReceivedTimestamp: this.#arrivedAt, responsesReceived: this.#answered }),
      ...(isChromium && { requestsSent: this.#checks }),
      ...(this.#telling !== 'bytes-only' && { currentRoundTripTime: this.#conditions.roundTripMs / 1000 }),
    };
    const transport = { id: 'T', type: 'transport', timestamp, selectedCandidatePairId: 'P', dtlsState: 'connected', ...counted };
    return [
      pair,
      ...(isChromium ? [transport] : []),
      { id: 'I', type: 'inbound-rtp', kind: 'video', timestamp, packetsReceived: media, packetsLost: lost },
      { id: 'O', type: 'outbound-rtp', kind: 'video', timestamp, packetsSent: sent },
      // A report comes once a second where anything does.
      { id: 'R', type: 'remote-inbound-rtp', localId: 'O', timestamp: this.#arrivedAt - (this.#arrivedAt % 1000), packetsLost: sentLost },
      ...this.more.map((entry) => ({ timestamp, ...entry })),
    ];
  }

  #read(): Record<keyof Rates, number> {
    const { awake } = this.#conditions;
    const ms = awake ? this.#at - this.#since : 0;
    const read = (name: keyof Rates): number => this.#counts[name] + Math.floor((ms * this.#conditions[name]) / 1000);
    return Object.fromEntries(RATES.map((name) => [name, read(name)])) as Record<keyof Rates, number>;
  }

  #advance(): void {
    const { awake, answers, media, feedback } = this.#conditions;
    const now = asyncScheduler.now();
    if (awake) {
      for (const rate of [media, feedback]) {
        const arrived = Math.floor(((now - this.#since) * rate) / 1000);
        if (arrived > 0) this.#arrivedAt = Math.max(this.#arrivedAt, this.#since + (arrived * 1000) / rate);
      }
      for (;;) {
        const due = this.#checkedAt + (this.#answered < this.#checks ? ANXIOUS_CHECK_MS : CHECK_MS);
        if (due > now) break;
        this.#checkedAt = due;
        this.#checks += 1;
        if (answers) this.#answered = this.#checks;
      }
    } else this.#checkedAt = now;
    this.#at = now;
  }
}
