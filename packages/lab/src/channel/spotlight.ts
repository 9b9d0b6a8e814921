import type { AudioLevel } from '../rtc/endpoint.ts';

/** What takes the focus: this many voiced packets in a row (20 ms each) at or above this level. */
const VOICED_PACKETS = 5;
const LOUD_DBOV = -50;

/** A connection came into focus or left it. */
export interface FocusChange {
  readonly connectionId: string;
  readonly focused: boolean;
  readonly fixed: boolean;
}

/** The connections in focus in a channel: those fixed by the API, then those that spoke last, up to a number. */
export class Spotlight {
  readonly #changed: (change: FocusChange) => void;
  readonly #voiced = new Map<string, number>();
  #number: number;
  #fixed: readonly string[] = [];
  /** In focus by voice or by the API's `FocusSpotlight`, the latest first. */
  #recent: readonly string[] = [];

  constructor(number: number, changed: (change: FocusChange) => void) {
    this.#number = number;
    this.#changed = changed;
  }

  get number(): number {
    return this.#number;
  }

  get focused(): readonly string[] {
    return [...this.#fixed, ...this.#recent];
  }

  isFocused(connectionId: string): boolean {
    return this.#fixed.includes(connectionId) || this.#recent.includes(connectionId);
  }

  isFixed(connectionId: string): boolean {
    return this.#fixed.includes(connectionId);
  }

  /** The audio level of one packet of this connection. */
  onAudioLevel(connectionId: string, { dBov, voice }: AudioLevel): void {
    const count = voice && dBov >= LOUD_DBOV ? (this.#voiced.get(connectionId) ?? 0) + 1 : 0;
    this.#voiced.set(connectionId, count);
    if (count >= VOICED_PACKETS && this.#recent[0] !== connectionId) this.focus(connectionId, false);
  }

  focus(connectionId: string, fixed: boolean): void {
    if (this.#fixed.includes(connectionId)) return;
    const others = this.#recent.filter((candidate) => candidate !== connectionId);
    if (fixed) this.#set([...this.#fixed, connectionId], others);
    else this.#set(this.#fixed, [connectionId, ...others]);
  }

  unfocus(connectionId: string): void {
    this.#voiced.delete(connectionId);
    this.#set(
      this.#fixed.filter((candidate) => candidate !== connectionId),
      this.#recent.filter((candidate) => candidate !== connectionId),
    );
  }

  setNumber(number: number): void {
    this.#number = number;
    this.#set(this.#fixed, this.#recent);
  }

  #set(fixed: readonly string[], recent: readonly string[]): void {
    const before = new Map([...this.#fixed.map((id) => [id, true] as const), ...this.#recent.map((id) => [id, false] as const)]);
    this.#fixed = fixed;
    this.#recent = recent.slice(0, Math.max(0, this.#number - fixed.length));
    const after = new Map([...this.#fixed.map((id) => [id, true] as const), ...this.#recent.map((id) => [id, false] as const)]);
    for (const [connectionId, wasFixed] of before) {
      if (!after.has(connectionId)) this.#changed({ connectionId, focused: false, fixed: wasFixed });
    }
    for (const [connectionId, isFixed] of after) {
      if (before.get(connectionId) !== isFixed) this.#changed({ connectionId, focused: true, fixed: isFixed });
    }
  }
}
