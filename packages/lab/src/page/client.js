// @ts-check
// Runs in the browser: the live part of the lab's page. It uses the lab's HTTP control and nothing else.

/** @typedef {{ connectionId: string, clientId: string, channelId: string, role: string, mode: string, node: string, state: string }} Connection */
/** @typedef {{ id: string, used: number, fault: Fault, at?: string, afterMs?: number, times?: number, match?: object }} Rule */
/** @typedef {{ kind: string } & Record<string, unknown>} Fault */
/** @typedef {{ sequence: number, at: number, kind: string, node: string, type: string, direction?: string, transport?: string, label?: string, connectionId?: string, socket?: number, detail?: Record<string, unknown> }} LogEntry */

/** Faults for connections that are alive. @type {readonly (readonly [string, Fault])[]} */
const LIVE_FAULTS = [
  ['Close WebSocket', { kind: 'websocket-close', code: 4490, reason: 'LAB-PAGE' }],
  ['Cut WebSocket', { kind: 'websocket-cut' }],
  ['Freeze WebSocket', { kind: 'websocket-frozen' }],
  ['Close DataChannels', { kind: 'channel-close' }],
  ['Abort SCTP', { kind: 'sctp-abort' }],
  ['Close DTLS', { kind: 'dtls-close' }],
  ['Silence media', { kind: 'peer-silent' }],
  ['Silence all', { kind: 'silent' }],
  ['Bad network', { kind: 'network', lossRatio: 0.1, delayMs: 100, jitterMs: 50 }],
  ['Resume', { kind: 'resume' }],
];

/** Faults for connections to come. `refused` is not among them: it would close the port of this page as well. @type {readonly (readonly [string, Fault])[]} */
const NEW_FAULTS = [
  ['Reject the upgrade', { kind: 'upgrade-rejected', status: 503 }],
  ['Delay the upgrade 2 s', { kind: 'upgrade-delayed', ms: 2000 }],
  ['Refuse authentication', { kind: 'auth-refused', reason: 'LAB-PAGE' }],
  ['Withhold the offer', { kind: 'offer-withheld' }],
  ['Delay the offer 2 s', { kind: 'offer-delayed', ms: 2000 }],
  ['Invalid SDP', { kind: 'offer-bad-sdp' }],
  ['No switched', { kind: 'switched-missing' }],
  ['Ignore disconnect', { kind: 'disconnect-ignored' }],
  ['Cut WebSocket once connected', { kind: 'websocket-cut' }],
];

const LOG_LINES = 200;
const RETRY_MS = 1000;

/** @param {string} id */
function byId(id) {
  const found = document.getElementById(id);
  if (found === null) throw new Error(`the page has no #${id}`);
  return found;
}

/**
 * @param {string} name
 * @param {string} text
 */
function element(name, text = '') {
  const made = document.createElement(name);
  made.textContent = text;
  return made;
}

/**
 * @param {string} label what the button shows
 * @param {string} name what it is called where its surroundings are not seen
 * @param {() => Promise<string>} act gives what came of it
 */
function button(label, name, act) {
  const made = document.createElement('button');
  made.type = 'button';
  made.textContent = label;
  if (name !== label) made.setAttribute('aria-label', name);
  made.addEventListener('click', () => void perform(act));
  return made;
}

/** @param {() => Promise<string>} act */
async function perform(act) {
  let outcome;
  try {
    outcome = await act();
  } catch (error) {
    outcome = error instanceof Error ? error.message : String(error);
  }
  byId('outcome').textContent = outcome;
  refresh();
}

/**
 * A request to the control. Gives the body, or throws what the lab found wrong.
 *
 * @param {string} path
 * @param {RequestInit} init
 * @returns {Promise<unknown>}
 */
async function ask(path, init = {}) {
  const response = await fetch(path, { cache: 'no-store', headers: { 'content-type': 'application/json' }, ...init });
  /** @type {unknown} */
  const body = await response.json();
  if (response.ok) return body;
  const { error_type: type, detail } = /** @type {{ error_type?: string, detail?: string }} */ (body);
  throw new Error(`${type ?? response.status}${detail === undefined ? '' : `: ${detail}`}`);
}

/**
 * @param {string} path
 * @param {unknown} body
 */
const post = (path, body) => ask(path, { method: 'POST', body: JSON.stringify(body) });

/** @param {number} number */
const connectionCount = (number) => `${number} ${number === 1 ? 'connection' : 'connections'}`;

/**
 * Ends connections as Sora's API does.
 *
 * @param {readonly Connection[]} connections
 */
async function disconnect(connections) {
  const headers = { 'content-type': 'application/json', 'x-sora-target': 'Sora_20151104.DisconnectConnection' };
  for (const { channelId, connectionId } of connections) {
    await ask('/', { method: 'POST', headers, body: JSON.stringify({ channel_id: channelId, connection_id: connectionId }) });
  }
  return `Disconnect: ${connectionCount(connections.length)}`;
}

/**
 * Buttons that end or break connections which are alive.
 *
 * @param {string} whom
 * @param {object} match
 * @param {() => readonly Connection[]} connections
 */
function liveButtons(whom, match, connections) {
  const group = element('div');
  group.className = 'buttons';
  group.setAttribute('role', 'group');
  group.setAttribute('aria-label', `Faults for ${whom}`);
  group.append(
    button('Disconnect', `Disconnect, ${whom}`, () => disconnect(connections())),
    ...LIVE_FAULTS.map(([label, fault]) =>
      button(label, `${label}, ${whom}`, async () => {
        const injected = /** @type {{ connections: number }} */ (await post('/lab/faults/inject', { fault, match }));
        return `${label}: ${connectionCount(injected.connections)}`;
      }),
    ),
  );
  return group;
}

/**
 * @param {HTMLElement} list
 * @param {string} name
 * @param {string} value
 */
function fact(list, name, value) {
  const row = element('div');
  row.append(element('dt', name), element('dd'));
  row.lastElementChild?.append(element('code', value));
  list.append(row);
}

/** @type {readonly Connection[]} */
let present = [];

/** @type {Map<string, HTMLElement>} */
const cards = new Map();

/** @param {Connection} connection */
function newCard(connection) {
  const { connectionId, clientId, channelId, role, mode, node } = connection;
  const card = element('li');
  card.dataset['connection'] = connectionId;
  const short = connectionId.slice(0, 6);
  const title = element('h3', clientId === connectionId ? short : `${clientId} (${short})`);
  const facts = element('dl');
  facts.className = 'facts';
  fact(facts, 'Channel', channelId);
  fact(facts, 'Role', role);
  fact(facts, 'Mode', mode);
  fact(facts, 'Node', node);
  const state = element('div');
  state.append(element('dt', 'State'), element('dd'));
  state.lastElementChild?.classList.add('state');
  facts.append(state);
  card.append(
    title,
    facts,
    liveButtons(short, { connectionId }, () => [connection]),
  );
  byId('connections').append(card);
  cards.set(connectionId, card);
  return card;
}

/** @param {readonly Connection[]} connections */
function showConnections(connections) {
  present = connections;
  const alive = new Set(connections.map(({ connectionId }) => connectionId));
  for (const [connectionId, card] of cards) {
    if (alive.has(connectionId)) continue;
    card.remove();
    cards.delete(connectionId);
  }
  for (const connection of connections) {
    const card = cards.get(connection.connectionId) ?? newCard(connection);
    const state = card.querySelector('.state');
    if (state !== null && state.textContent !== connection.state) state.textContent = connection.state;
  }
  byId('count').textContent = String(connections.length);
  byId('nobody').hidden = connections.length > 0;
  byId('everybody').hidden = connections.length === 0;
}

/** @param {readonly Rule[]} rules */
function showRules(rules) {
  byId('no-rules').hidden = rules.length > 0;
  byId('rules').replaceChildren(
    ...rules.map(({ id, used, ...rule }) => {
      const item = element('li');
      item.append(
        element('code', JSON.stringify(rule)),
        element('span', `${used} so far`),
        button('Remove', `Remove ${rule.fault.kind}`, async () => {
          await ask(`/lab/faults/${id}`, { method: 'DELETE' });
          return `Removed ${rule.fault.kind}`;
        }),
      );
      return item;
    }),
  );
}

let refreshing = false;
let stale = false;

/** Brings connections and rules up to date. What happens meanwhile is seen by one more look. */
async function refreshNow() {
  stale = true;
  if (refreshing) return;
  refreshing = true;
  try {
    while (stale) {
      stale = false;
      const [connections, rules] = await Promise.all([ask('/lab/connections'), ask('/lab/faults')]);
      showConnections(/** @type {readonly Connection[]} */ (connections));
      showRules(/** @type {readonly Rule[]} */ (rules));
    }
  } catch {
    // The lab is gone; the log says so, and the page comes back with it.
  } finally {
    refreshing = false;
  }
}

function refresh() {
  void refreshNow();
}

/** @param {LogEntry} entry */
function lineOf(entry) {
  const { connectionId, socket, node, direction, transport, label, type, detail = {} } = entry;
  const line = element('li');
  const time = element('time', new Date(entry.at).toTimeString().slice(0, 8));
  const who = connectionId === undefined ? (socket === undefined ? node : `#${socket}`) : connectionId.slice(0, 6);
  const arrow = direction === undefined ? '' : direction === 'sent' ? '← ' : '→ ';
  const where = entry.kind === 'message' ? ` (${label ?? transport ?? ''})` : label === undefined ? '' : ` ${label}`;
  const more = Object.entries(detail)
    .filter(([name]) => name !== 'kind')
    .map(([name, value]) => ` ${name}=${typeof value === 'string' ? value : JSON.stringify(value)}`);
  line.append(time, ` ${who} ${arrow}${entry.kind === 'fault' ? 'fault ' : ''}${type}${where}${more.join('')}`);
  line.className = entry.kind;
  return line;
}

/** @param {LogEntry} entry */
function showEntry(entry) {
  const withMessages = /** @type {HTMLInputElement} */ (byId('messages')).checked;
  if (entry.kind === 'message' && entry.transport !== 'http' && !withMessages) return;
  const log = byId('log');
  log.prepend(lineOf(entry));
  if (log.childElementCount > LOG_LINES) log.lastElementChild?.remove();
}

/** @param {boolean} isLive */
function showLive(isLive) {
  const live = byId('live');
  live.textContent = isLive ? 'Live' : 'The lab does not answer. Trying again.';
  live.classList.toggle('lost', !isLive);
}

let lastSequence = 0;

/** @param {string} text lines of the log, each a JSON object */
function onLines(text) {
  for (const line of text.split('\n')) {
    if (line === '') continue;
    const entry = /** @type {LogEntry} */ (JSON.parse(line));
    if (entry.sequence <= lastSequence) continue;
    lastSequence = entry.sequence;
    showEntry(entry);
  }
  refresh();
}

/** Follows the log until the lab closes it. Whatever is in it may have changed who is connected. */
async function follow() {
  // The answer to this begins with the first entry, which may be long in coming.
  const following = fetch('/lab/log?follow=1', { cache: 'no-store' });
  following.catch(() => undefined);
  const { urls } = /** @type {{ urls: readonly string[] }} */ (await ask('/lab'));
  showUrls(urls);
  showLive(true);
  refresh();
  const response = await following;
  if (!response.ok || response.body === null) throw new Error(`HTTP ${response.status}`);
  const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
  let rest = '';
  for (let next = await reader.read(); !next.done; next = await reader.read()) {
    const text = rest + next.value;
    const end = text.lastIndexOf('\n') + 1;
    rest = text.slice(end);
    if (end > 0) onLines(text.slice(0, end));
  }
}

async function followForEver() {
  for (;;) {
    try {
      await follow();
    } catch {
      // Told below.
    }
    showLive(false);
    showConnections([]);
    // A lab that is started again counts from one.
    lastSequence = 0;
    await new Promise((resolve) => setTimeout(resolve, RETRY_MS));
  }
}

/** @param {readonly string[]} urls */
function showUrls(urls) {
  const list = byId('urls');
  list.replaceChildren();
  for (const url of urls) fact(list, 'Signaling', url);
  fact(list, 'HTTP API', `POST ${location.origin}/ with x-sora-target`);
  fact(list, 'Control', `${location.origin}/lab`);
}

function timesChosen() {
  const chosen = document.querySelector('input[name=times]:checked');
  return chosen instanceof HTMLInputElement && chosen.value !== '' ? { times: Number(chosen.value) } : {};
}

byId('everybody').append(liveButtons('all connections', {}, () => present));
byId('new-rules').append(
  ...NEW_FAULTS.map(([label, fault]) =>
    button(label, label, async () => {
      await post('/lab/faults', { fault, ...timesChosen() });
      return `Added: ${label}`;
    }),
  ),
);
byId('any-rule').addEventListener('submit', (event) => {
  event.preventDefault();
  void perform(async () => {
    await ask('/lab/faults', { method: 'POST', body: /** @type {HTMLTextAreaElement} */ (byId('rule')).value });
    return 'Added the rule';
  });
});
void followForEver();
