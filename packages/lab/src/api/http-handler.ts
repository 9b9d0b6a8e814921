import type { IncomingMessage, ServerResponse } from 'node:http';
import { isJsonObject, parseJson, type JsonObject } from '../wire/json.ts';
import { SIGNALING_PATH } from '../node/lab-node.ts';
import { sendPage } from '../page/page.ts';
import { sendSignalingHint } from '../page/signaling-hint.ts';
import { callTarget } from './call-target.ts';
import { control, type ControlSubject } from './control.ts';
import { namesThisMachine } from './local-host.ts';
import { sendJson } from './send-json.ts';
import type { ApiSubject } from './target.ts';

/** What the HTTP side of a lab acts on. */
export interface HttpSubject extends ApiSubject, ControlSubject {
  readonly settings: { readonly host: string };
}

const MAX_BODY_BYTES = 1024 * 1024;

/** The body as a JSON object; an empty one is an empty object. Undefined where it is none, or too large. */
async function readBody(request: IncomingMessage): Promise<JsonObject | undefined> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    bytes += chunk.byteLength;
    // Read to the end in any case: a client that is still sending when it is answered may see a reset in place of the answer.
    if (bytes <= MAX_BODY_BYTES) chunks.push(chunk);
  }
  if (bytes > MAX_BODY_BYTES) return undefined;
  const text = Buffer.concat(chunks).toString('utf8');
  const value = text.trim() === '' ? {} : parseJson(text);
  return isJsonObject(value) ? value : undefined;
}

/**
 * A page of another origin may post to a port of this machine without asking, but not with this content type: it would have to ask
 * first, and the lab never allows it.
 */
const isJsonRequest = (request: IncomingMessage): boolean => (request.headers['content-type'] ?? '').startsWith('application/json');

async function answerApi(subject: HttpSubject, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const header = request.headers['x-sora-target'];
  const target = Array.isArray(header) ? header[0] : header;
  const body = await readBody(request);
  const answer = body === undefined ? { status: 400, body: { error_type: 'LAB-INVALID-JSON' } } : callTarget(subject, target, body);
  subject.log.add({
    kind: 'message',
    node: 'api',
    direction: 'received',
    transport: 'http',
    type: target ?? 'unknown-target',
    message: body,
    detail: { status: answer.status },
  });
  sendJson(response, answer.status, answer.body);
}

async function answer(subject: HttpSubject, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const url = new URL(request.url ?? '/', 'http://lab');
  const { method = 'GET' } = request;
  if (!namesThisMachine(subject.settings.host, request.headers.host)) {
    sendJson(response, 403, { error_type: 'LAB-FOREIGN-HOST' });
  } else if (method !== 'GET' && method !== 'HEAD' && !isJsonRequest(request) && method !== 'DELETE') {
    sendJson(response, 415, { error_type: 'LAB-CONTENT-TYPE', detail: 'send application/json' });
  } else if (url.pathname === '/' && (method === 'GET' || method === 'HEAD')) {
    sendPage(request, response, welcome(subject));
  } else if (url.pathname === SIGNALING_PATH && (method === 'GET' || method === 'HEAD')) {
    sendSignalingHint(request, response, subject.urls);
  } else if (url.pathname === '/' && method === 'POST') await answerApi(subject, request, response);
  else if (url.pathname.startsWith('/lab')) await control(subject, { method, url, request, response, body: () => readBody(request) });
  else sendJson(response, 404, { error_type: 'LAB-NOT-FOUND' });
}

/** What a browser shows that was pointed at the lab. */
function welcome({ urls }: HttpSubject): string {
  const lines = [
    'rx-sora-lab: a stand-in for the WebRTC SFU Sora, for development and tests only',
    '',
    ...urls.map((url) => `signaling  ${url}`),
    'API        POST / with x-sora-target',
    'control    /lab  /lab/connections  /lab/log?follow=1  /lab/faults  /lab/faults/kinds',
  ];
  return `${lines.join('\n')}\n`;
}

/** The HTTP side of a lab: Sora's API on `POST /`, the lab's own control under `/lab`. Never throws. */
export const httpHandler =
  (subject: HttpSubject) =>
  (request: IncomingMessage, response: ServerResponse): void => {
    answer(subject, request, response).catch((error: unknown) => {
      if (response.headersSent) response.destroy();
      else sendJson(response, 500, { error_type: 'LAB-INTERNAL-ERROR', detail: error instanceof Error ? error.message : String(error) });
    });
  };
