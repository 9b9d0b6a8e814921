import type { IncomingMessage, ServerResponse } from 'node:http';
import type { AccessPolicy } from '../access/access-policy.ts';
import { isJsonObject, parseJson, type JsonObject } from '../wire/json.ts';
import { SIGNALING_PATH } from '../node/lab-node.ts';
import { PAGE_PATH, sendPage, sendPageFile } from '../page/page.ts';
import { sendSignalingHint } from '../page/signaling-hint.ts';
import { callTarget } from './call-target.ts';
import { control, type ControlSubject } from './control.ts';
import { sendJson } from './send-json.ts';
import type { ApiSubject } from './target.ts';

/** What HTTP requests act on. */
export interface HttpSubject extends ApiSubject, ControlSubject {
  readonly access: AccessPolicy;
}

const MAX_BODY_BYTES = 1024 * 1024;

/** The body as a JSON object; an empty body is an empty object. Undefined where it is not an object, or too large. */
async function readBody(request: IncomingMessage): Promise<JsonObject | undefined> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    bytes += chunk.byteLength;
    // Read to the end in any case: a client that is still sending when the answer arrives may see a reset instead.
    if (bytes <= MAX_BODY_BYTES) chunks.push(chunk);
  }
  if (bytes > MAX_BODY_BYTES) return undefined;
  const text = Buffer.concat(chunks).toString('utf8');
  const value = text.trim() === '' ? {} : parseJson(text);
  return isJsonObject(value) ? value : undefined;
}

/**
 * Browsers let a page of another origin post without a preflight request, but not with this content type.
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

/** The request target (RFC 9112 section 3.2): a path, or a whole URL as proxies send it. Undefined for anything else. */
function targetOf({ url = '' }: IncomingMessage): URL | undefined {
  const text = url.startsWith('/') ? `http://lab${url}` : url;
  return /^https?:/i.test(text) && URL.canParse(text) ? new URL(text) : undefined;
}

/** Keeps pages of other origins from embedding answers, and browsers from guessing their type. */
function protect(response: ServerResponse): void {
  response.setHeader('cross-origin-resource-policy', 'same-origin');
  response.setHeader('x-content-type-options', 'nosniff');
  response.setHeader('x-frame-options', 'DENY');
}

/** Lets the page of an allowed origin read the answer. */
function shareWith(origin: string, response: ServerResponse): void {
  response.setHeader('access-control-allow-origin', origin);
  response.setHeader('vary', 'origin');
}

/** The question that browsers ask before a page of another origin may call the API. */
function answerPreflight(response: ServerResponse): void {
  response.setHeader('access-control-allow-methods', 'GET, POST, DELETE');
  response.setHeader('access-control-allow-headers', 'content-type, x-sora-target');
  response.setHeader('access-control-max-age', '600');
  response.writeHead(204).end();
}

async function answer(subject: HttpSubject, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const url = targetOf(request);
  const { method = 'GET' } = request;
  const { access } = subject;
  const origin = access.corsOrigin(request.headers);
  const refusal = access.checkHttp(request.headers);
  protect(response);
  if (origin !== undefined) shareWith(origin, response);
  if (refusal !== undefined) {
    sendJson(response, 403, { error_type: refusal });
  } else if (url === undefined) {
    sendJson(response, 400, { error_type: 'LAB-INVALID-TARGET' });
  } else if (method === 'OPTIONS' && origin !== undefined) {
    answerPreflight(response);
  } else if (method !== 'GET' && method !== 'HEAD' && !isJsonRequest(request) && method !== 'DELETE') {
    sendJson(response, 415, { error_type: 'LAB-CONTENT-TYPE', detail: 'send application/json' });
  } else if (url.pathname === '/' && (method === 'GET' || method === 'HEAD')) {
    sendPage(request, response, welcome(subject));
  } else if (url.pathname === SIGNALING_PATH && (method === 'GET' || method === 'HEAD')) {
    sendSignalingHint(request, response, subject.urls);
  } else if (url.pathname.startsWith(PAGE_PATH) && (method === 'GET' || method === 'HEAD')) {
    if (!sendPageFile(url.pathname, response)) sendJson(response, 404, { error_type: 'LAB-NOT-FOUND' });
  } else if (url.pathname === '/' && method === 'POST') await answerApi(subject, request, response);
  else if (url.pathname.startsWith('/lab')) await control(subject, { method, url, request, response, body: () => readBody(request) });
  else sendJson(response, 404, { error_type: 'LAB-NOT-FOUND' });
}

/** What a browser shows at the lab's HTTP URL. */
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

/** Answers HTTP requests: Sora's API on `POST /`, the lab's own control under `/lab`. Never throws. */
export const httpHandler =
  (subject: HttpSubject) =>
  (request: IncomingMessage, response: ServerResponse): void => {
    answer(subject, request, response).catch((error: unknown) => {
      if (response.headersSent) response.destroy();
      else sendJson(response, 500, { error_type: 'LAB-INTERNAL-ERROR', detail: error instanceof Error ? error.message : String(error) });
    });
  };
