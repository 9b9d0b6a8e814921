import { Subject, type Observable, takeUntil, timer } from 'rxjs';
import { LabOptionsError } from '../lab-options-error.ts';
import { observe } from '../observe.ts';
import type { ActionFault, OpeningFault, Fault, FaultMatch, FaultMoment, FaultRule, ListedFault, ShapingFault } from './fault.ts';
import { FAULT_KINDS, isActionFault, isOpeningFault, isShapingFault, type FaultDescription } from './fault-kinds.ts';
import { readFaultRule } from './read-fault.ts';

/** What faults match against. Before `connect` only the node is known. */
export type FaultSubject = { readonly [K in keyof FaultMatch]?: FaultMatch[K] | undefined };

/** An action that is due some time after a moment was reached. */
export interface DueAction {
  readonly fault: ActionFault;
  readonly afterMs: number;
}

/** Injects a fault into the connections that are alive; returns how many there were. */
export type Inject = (fault: ActionFault | ShapingFault, match: FaultMatch) => number;

const sameOrOpen = <T>(wanted: T | undefined, actual: T | undefined): boolean => wanted === undefined || wanted === actual;

/** Whether a fault is for this connection. */
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

/** The faults of a lab: rules for connections to come, and injection into those that are alive. */
export interface LabFaults {
  /** Every kind of fault with what it does. */
  readonly kinds: readonly FaultDescription[];
  /** The rules as they stand, oldest first. */
  readonly rules: readonly ListedFault[];
  /**
   * Adds a rule for connections to come and returns its id.
   *
   * @throws LabOptionsError when the rule is invalid.
   */
  add(rule: FaultRule): string;
  /** Removes a rule. False when there is no rule with this id. */
  remove(id: string): boolean;
  /** Removes all rules. Connections already affected stay as they are. */
  clear(): void;
  /** Injects a fault into the connections that are alive now and match; returns how many. Opening faults affect none of them. */
  inject(fault: Fault, match?: FaultMatch): number;
}

/** {@link LabFaults} with the queries of the lab itself. */
export class FaultList implements LabFaults {
  readonly kinds: readonly FaultDescription[] = FAULT_KINDS;
  readonly #changeSubject = new Subject<void>();
  readonly #closeSubject = new Subject<void>();
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
    const { fault } = outcome.value;
    if (fault.kind === 'refused' && fault.ms !== undefined) {
      // A page that the closed port served could not take it back.
      void observe(timer(fault.ms).pipe(takeUntil(this.#closeSubject)), () => this.remove(id));
    }
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
    return isOpeningFault(fault) ? 0 : this.#inject(fault, match);
  }

  close(): void {
    this.#closeSubject.next();
    this.#changeSubject.complete();
  }

  /** Whether the port of this node is closed by a fault. */
  refuses(node: string): boolean {
    return this.#entries.some((entry) => entry.rule.fault.kind === 'refused' && matchesFault(entry.rule.match, { node }));
  }

  /** The fault for an upgrade request, if any. `refused` concerns the port and is not among them. */
  openingFault(subject: FaultSubject): OpeningFault | undefined {
    return this.#take(subject, (rule) => (isOpeningFault(rule.fault) && rule.fault.kind !== 'refused' ? rule.fault : undefined), 1)[0];
  }

  /** The shaping faults for a connection. */
  shaping(subject: FaultSubject): readonly ShapingFault[] {
    return this.#take(subject, (rule) => (isShapingFault(rule.fault) ? rule.fault : undefined));
  }

  /** The actions due for a connection that has reached this moment. */
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
