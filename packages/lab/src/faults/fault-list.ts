import { Subject, type Observable } from 'rxjs';
import { LabOptionsError } from '../lab-options.ts';
import type { ActionFault, DoorFault, Fault, FaultMatch, FaultMoment, FaultRule, ListedFault, ShapingFault } from './fault.ts';
import { FAULT_KINDS, isActionFault, isDoorFault, isShapingFault, type FaultDescription } from './fault-kinds.ts';
import { readFaultRule } from './read-fault.ts';

/** What a fault may ask about a connection. Before `connect` only the node is known. */
export type FaultSubject = { readonly [K in keyof FaultMatch]?: FaultMatch[K] | undefined };

/** An action that is due some time after a moment was reached. */
export interface DueAction {
  readonly fault: ActionFault;
  readonly afterMs: number;
}

/** Puts a fault into the connections that are alive; gives how many there were. */
export type Inject = (fault: ActionFault | ShapingFault, match: FaultMatch) => number;

const sameOrOpen = <T>(wanted: T | undefined, actual: T | undefined): boolean => wanted === undefined || wanted === actual;

/** Whether a connection is one that a fault is for. */
export const matchesFault = (match: FaultMatch | undefined = {}, subject: FaultSubject): boolean =>
  sameOrOpen(match.node, subject.node) &&
  sameOrOpen(match.channelId, subject.channelId) &&
  sameOrOpen(match.clientId, subject.clientId) &&
  sameOrOpen(match.connectionId, subject.connectionId) &&
  sameOrOpen(match.role, subject.role) &&
  sameOrOpen(match.mode, subject.mode);

interface Entry {
  readonly id: string;
  readonly rule: FaultRule;
  used: number;
}

/** The faults of a lab: a list of rules for connections to come, and a hand that reaches into those that are alive. */
export interface LabFaults {
  /** Every kind of fault with what it does. */
  readonly kinds: readonly FaultDescription[];
  /** The rules as they stand, oldest first. */
  readonly rules: readonly ListedFault[];
  /**
   * Adds a rule for connections to come and gives its id.
   *
   * @throws LabOptionsError when the rule is none.
   */
  add(rule: FaultRule): string;
  /** Removes a rule. False when there is none of this id. */
  remove(id: string): boolean;
  /** Removes all rules. Connections that a fault has befallen stay as they are. */
  clear(): void;
  /** Puts a fault into the connections that are alive now and match; gives how many. Door faults befall none. */
  inject(fault: Fault, match?: FaultMatch): number;
}

/** {@link LabFaults} with what the lab itself asks of it. */
export class FaultList implements LabFaults {
  readonly kinds: readonly FaultDescription[] = FAULT_KINDS;
  readonly #changeSubject = new Subject<void>();
  readonly #inject: Inject;
  #entries: readonly Entry[] = [];
  #count = 0;

  /** After every change of the list. Hot, completes when the lab is closed. */
  readonly changes$: Observable<void> = this.#changeSubject.asObservable();

  constructor(inject: Inject) {
    this.#inject = inject;
  }

  get rules(): readonly ListedFault[] {
    return this.#entries.map((entry) => ({ id: entry.id, ...entry.rule, used: entry.used }));
  }

  add(rule: FaultRule): string {
    const outcome = readFaultRule(rule);
    if (!outcome.ok) throw new LabOptionsError('faults', outcome.reason);
    const id = `fault${++this.#count}`;
    this.#entries = [...this.#entries, { id, rule: outcome.value, used: 0 }];
    this.#changeSubject.next();
    return id;
  }

  remove(id: string): boolean {
    const kept = this.#entries.filter((entry) => entry.id !== id);
    const found = kept.length < this.#entries.length;
    this.#entries = kept;
    if (found) this.#changeSubject.next();
    return found;
  }

  clear(): void {
    this.#entries = [];
    this.#changeSubject.next();
  }

  inject(fault: Fault, match: FaultMatch = {}): number {
    return isDoorFault(fault) ? 0 : this.#inject(fault, match);
  }

  close(): void {
    this.#changeSubject.complete();
  }

  /** Whether a node's port is to be closed. */
  refuses(node: string): boolean {
    return this.#entries.some((entry) => entry.rule.fault.kind === 'refused' && matchesFault(entry.rule.match, { node }));
  }

  /** What befalls an upgrade request. `refused` is about the port and not among them. */
  atDoor(subject: FaultSubject): DoorFault | undefined {
    return this.#take(subject, (rule) => (isDoorFault(rule.fault) && rule.fault.kind !== 'refused' ? rule.fault : undefined), 1)[0];
  }

  /** How the lab is to behave towards a connection. */
  shaping(subject: FaultSubject): readonly ShapingFault[] {
    return this.#take(subject, (rule) => (isShapingFault(rule.fault) ? rule.fault : undefined));
  }

  /** What is to happen to a connection that has reached this moment. */
  due(moment: FaultMoment, subject: FaultSubject): readonly DueAction[] {
    return this.#take(subject, ({ fault, at = 'connected', afterMs = 0 }) =>
      at === moment && isActionFault(fault) ? { fault, afterMs } : undefined,
    );
  }

  #take<T>(subject: FaultSubject, choose: (rule: FaultRule) => T | undefined, limit = Infinity): readonly T[] {
    const taken: T[] = [];
    for (const entry of this.#entries) {
      if (taken.length >= limit || !matchesFault(entry.rule.match, subject)) continue;
      const chosen = choose(entry.rule);
      if (chosen === undefined) continue;
      entry.used += 1;
      taken.push(chosen);
    }
    this.#entries = this.#entries.filter((entry) => entry.rule.times === undefined || entry.used < entry.rule.times);
    return taken;
  }
}
