import type { Fault, FaultMatch, FaultRule, LabLogEntry, ListedFault } from 'rx-sora-lab';
import { type Observable, defer, from } from 'rxjs';

/** What `GET /lab` says. */
export interface LabFacts {
  readonly urls: readonly string[];
  /** The calls of the API, without their version. */
  readonly targets: readonly string[];
}

/** A connection that is alive, as the lab lists it. */
export interface ListedConnection {
  readonly connectionId: string;
  readonly clientId: string;
  readonly channelId: string;
  readonly role: string;
  readonly mode: string;
  readonly node: string;
  readonly state: string;
}

/** The answer of the lab to a request that it did not accept. */
class LabError extends Error {
  override readonly name = 'LabError';
}

async function ask<Answer>(path: string, init: RequestInit = {}): Promise<Answer> {
  const response = await fetch(path, { cache: 'no-store', headers: { 'content-type': 'application/json' }, ...init });
  const body: unknown = await response.json();
  if (response.ok) return body as Answer;
  const { error_type: type = `HTTP ${response.status}`, detail } = body as { readonly error_type?: string; readonly detail?: string };
  throw new LabError(detail === undefined ? type : `${type}: ${detail}`);
}

const post = <Answer>(path: string, body: unknown, headers: Readonly<Record<string, string>> = {}): Promise<Answer> =>
  ask(path, { method: 'POST', body: JSON.stringify(body), headers: { 'content-type': 'application/json', ...headers } });

/** The control of the lab that served the page. Every call rejects with an Error that says what the lab found wrong. */
export const lab = {
  facts: (): Promise<LabFacts> => ask('/lab'),
  connections: (): Promise<readonly ListedConnection[]> => ask('/lab/connections'),
  rules: (): Promise<readonly ListedFault[]> => ask('/lab/faults'),
  kinds: (): Promise<readonly { readonly kind: string; readonly what: string }[]> => ask('/lab/faults/kinds'),
  add: (rule: FaultRule): Promise<{ readonly id: string }> => post('/lab/faults', rule),
  remove: (id: string): Promise<unknown> => ask(`/lab/faults/${id}`, { method: 'DELETE' }),
  /** Resolves with how many connections were affected. */
  inject: (fault: Fault, match: FaultMatch): Promise<{ readonly connections: number }> => post('/lab/faults/inject', { fault, match }),
  /** Sora's HTTP API. */
  api: (target: string, body: unknown): Promise<unknown> => post('/', body, { 'x-sora-target': `Sora_20151104.${target}` }),
};

/** The log of the lab, from its oldest entry on. Cold; completes when the lab closes it, errors where it cannot be reached. */
export const log$: Observable<LabLogEntry> = defer(() => from(lines('/lab/log?follow=1')));

async function* lines(path: string): AsyncGenerator<LabLogEntry> {
  const leaving = new AbortController();
  try {
    const response = await fetch(path, { cache: 'no-store', signal: leaving.signal });
    if (!response.ok || response.body === null) throw new LabError(`HTTP ${response.status}`);
    const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
    let rest = '';
    for (let next = await reader.read(); !next.done; next = await reader.read()) {
      const complete = `${rest}${next.value}`.split('\n');
      rest = complete.pop() ?? '';
      for (const line of complete) if (line !== '') yield JSON.parse(line) as LabLogEntry;
    }
  } finally {
    leaving.abort();
  }
}
