import type { IncomingMessage, ServerResponse } from 'node:http';
import { API_TARGETS } from './call-target.ts';
import type { FaultList } from '../faults/fault-list.ts';
import { readFaultRule, readInjection } from '../faults/read-fault.ts';
import type { LabConnection } from '../lab-connection.ts';
import { jsonLine, JSON_LINES_TYPE } from '../log/json-lines.ts';
import type { LabLog } from '../log/lab-log.ts';
import { observe } from '../observe.ts';
import type { JsonObject } from '../wire/json.ts';
import { sendJson } from './send-json.ts';

/** What the control acts on. */
export interface ControlSubject {
  readonly log: LabLog;
  readonly faults: FaultList;
  readonly connections: readonly LabConnection[];
  readonly urls: readonly string[];
}

/** One request under `/lab`. */
export interface ControlCall {
  readonly method: string;
  readonly url: URL;
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  readonly body: () => Promise<JsonObject | undefined>;
}

const summary = (connection: LabConnection): JsonObject => ({
  connectionId: connection.connectionId,
  clientId: connection.clientId,
  bundleId: connection.bundleId,
  channelId: connection.channelId,
  sessionId: connection.sessionId,
  role: connection.role,
  mode: connection.mode,
  node: connection.node,
  state: connection.state,
});

const refuse = (response: ServerResponse, detail: string): void => sendJson(response, 400, { error_type: 'LAB-INVALID-REQUEST', detail });

/** A reader that does not read is cut off beyond this amount. */
const MAX_BUFFERED_BYTES = 64 * 1024 * 1024;

/** The log as JSON Lines: the entries kept and, with `?follow=1`, every new one until the reader leaves or the lab is closed. */
function sendLog(subject: ControlSubject, { url, response }: ControlCall): void {
  response.writeHead(200, { 'content-type': JSON_LINES_TYPE, 'cache-control': 'no-store' });
  const connectionId = url.searchParams.get('connectionId');
  const wanted = (entry: { readonly connectionId?: string }): boolean => connectionId === null || entry.connectionId === connectionId;
  if (url.searchParams.get('follow') !== '1') {
    response.end(subject.log.entries().filter(wanted).map(jsonLine).join(''));
    return;
  }
  response.flushHeaders(); // the first entry may be long in coming
  const following = observe(subject.log.entries$, (entry) => {
    if (!wanted(entry)) return;
    response.write(jsonLine(entry));
    if (response.writableLength > MAX_BUFFERED_BYTES) response.destroy();
  });
  following.add(() => response.end());
  response.once('close', () => following.unsubscribe());
}

async function addFault(subject: ControlSubject, { body, response }: ControlCall): Promise<void> {
  const rule = readFaultRule(await body());
  if (rule.ok) sendJson(response, 200, { id: subject.faults.add(rule.value) });
  else refuse(response, rule.reason);
}

async function inject(subject: ControlSubject, { body, response }: ControlCall): Promise<void> {
  const injection = readInjection((await body()) ?? {});
  if (injection.ok) sendJson(response, 200, { connections: subject.faults.inject(injection.value.fault, injection.value.match) });
  else refuse(response, injection.reason);
}

function removeFault(subject: ControlSubject, response: ServerResponse, id: string): void {
  if (subject.faults.remove(id)) sendJson(response, 200, {});
  else sendJson(response, 404, { error_type: 'LAB-FAULT-NOT-FOUND' });
}

/** Performs a request under `/lab`. */
export async function control(subject: ControlSubject, call: ControlCall): Promise<void> {
  const { method, url, response } = call;
  const faultId = /^\/lab\/faults\/(fault\d+)$/.exec(url.pathname)?.[1];
  if (method === 'DELETE' && faultId !== undefined) {
    removeFault(subject, response, faultId);
    return;
  }
  switch (`${method} ${url.pathname}`) {
    case 'GET /lab':
      sendJson(response, 200, {
        urls: subject.urls,
        connections: subject.connections.length,
        faults: subject.faults.rules.length,
        targets: API_TARGETS,
      });
      return;
    case 'GET /lab/connections':
      sendJson(response, 200, subject.connections.map(summary));
      return;
    case 'GET /lab/log':
      sendLog(subject, call);
      return;
    case 'GET /lab/faults':
      sendJson(response, 200, subject.faults.rules);
      return;
    case 'GET /lab/faults/kinds':
      sendJson(response, 200, subject.faults.kinds);
      return;
    case 'POST /lab/faults':
      await addFault(subject, call);
      return;
    case 'POST /lab/faults/inject':
      await inject(subject, call);
      return;
    case 'DELETE /lab/faults':
      subject.faults.clear();
      sendJson(response, 200, {});
      return;
    default:
      sendJson(response, 404, { error_type: 'LAB-NOT-FOUND' });
  }
}
