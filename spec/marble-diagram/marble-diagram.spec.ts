import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { marbleDiagram } from '../../src/marble-diagram/marble-diagram.ts';
import { isEntry, readRecording } from '../../src/testing/recording.ts';
import type { ScenarioRow } from '../../src/testing/scenario-row.ts';
import { scenario } from '../../src/testing/scenario.ts';
import type { Termination } from '../../src/termination/reason.ts';
import type { TimelineEntry } from '../../src/timeline/timeline.ts';

interface Course {
  readonly entries: readonly TimelineEntry[];
  readonly termination: Termination;
}

/** What really happened, and was recorded. */
function recorded(name: string): Course {
  const lines = readRecording(readFileSync(new URL(`../testing/recordings/${name}.jsonl`, import.meta.url), 'utf8'));
  const end = lines.find((line) => 'termination' in line) as { readonly termination: Termination };
  return { entries: lines.filter(isEntry), termination: end.termination };
}

function played(row: ScenarioRow): Course {
  const { timeline, termination } = scenario(row);
  return { entries: timeline, termination: termination! };
}

const asText = ({ entries, termination }: Course): string => marbleDiagram(entries, { format: 'text', termination });
/** Without the legend, which is the same everywhere. */
const picture = (course: Course): string[] => asText(course).trimEnd().split('\n').slice(0, -1);

/** The pieces of an SVG, if it is well-formed: names of the elements in order, and texts. */
function parsed(svg: string): { readonly names: string[]; readonly texts: string[] } {
  const [names, texts, open]: [string[], string[], string[]] = [[], [], []];
  const token = /<(\/?)([a-z]+)((?: [\w:-]+="[^"<]*")*)(\/?)>|([^<>]+)/gy;
  for (let match = token.exec(svg); match !== null; match = token.exec(svg)) {
    const [, closing, name = '', , isEmpty, text] = match;
    if (text !== undefined) texts.push(text);
    else if (closing === '/') expect(open.pop()).toBe(name);
    else {
      names.push(name);
      if (isEmpty !== '/') open.push(name);
    }
    if (token.lastIndex === svg.length) break;
  }
  expect(open).toEqual([]);
  expect(texts.join('').replace(/&(amp|lt|gt|quot|#39);/g, '')).not.toContain('&');
  expect(token.lastIndex).toBe(svg.length);
  return { names, texts };
}

const NOW: TimelineEntry = { at: 0, source: 'session', what: 'connected' };
const message = (at: number, label: string): TimelineEntry => ({ at, source: 'datachannel', what: 'message', detail: { label, bytes: 5 } });

describe('as text', () => {
  test('a WebSocket is cut after the switch: T09, and WEBSOCKET-ONCLOSE goes out over the channel', () => {
    expect(picture(recorded('mixed-websocket-cut'))).toMatchInlineSnapshot(`
      [
        "session           --~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~====================????",
        "WebSocket             (->-<------------------->->---<-------------------<[|]",
        "signaling                                                 (----------------->---",
        "notify                                                        (-----------------",
        "push                                                            (---------------",
        "stats                                                             (-------------",
        "rpc                                                                   (---------",
        "peer connection               .-.---------~~~~~~~~~~~~========================",
        "ICE                               .-.-======~~~~~~============================",
        "commands          --------------------------------------------------------------",
        "termination$      --------------------------------------------------------====o| websocket-closed T09",
        "                  0 ms  156 ms  309 ms  354 ms  358 ms  1.11 s  1.38 s  1.48 s",
        "Ended while connected after 1507 ms: the WebSocket closed with 1006.",
      ]
    `);
  });

  test('an application disconnects and waits for the server', () => {
    expect(picture(recorded('web-socket-only-disconnect'))).toMatchInlineSnapshot(`
      [
        "session           --~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~====??????",
        "WebSocket             (->---<--------------------->->->--------->-<-|",
        "peer connection                 .-.-------------~~~~~~~~~~============",
        "ICE                                 .-.-.-======~~~~~~~~==============",
        "commands          -------------------------------------------[D]--------",
        "termination$      --------------------------------------------========o| client-disconnect T16",
        "                  0 ms  426 ms  571 ms  664 ms  776 ms  984 ms  1.66 s",
        "Ended while connected after 1768 ms: the application disconnected, and the server acknowledged it (it closed with 1000).",
      ]
    `);
  });

  test('ICE stays disconnected for too long: the cause is the event, the end comes later', () => {
    const row: ScenarioRow = { mode: 'W', start: 'connected', options: { csDefined: false }, timeline: ['500 ice disconnected'] };
    expect(picture(played(row))).toMatchInlineSnapshot(`
      [
        "session           --~~~~~~~~====??",
        "WebSocket           (->-<->---------",
        "peer connection         .-.-------",
        "ICE                       ~~=[?]??",
        "commands          ------------------",
        "termination$      ------------====o| ice-disconnected-timeout T28 T29",
        "                  0 ms  0 ms  500 ms",
        "Ended while connected after 10500 ms: ICE stayed disconnected for 10000 ms.",
      ]
    `);
  });

  test('nothing comes in time: the cause is a timer', () => {
    expect(picture(played({ mode: 'W', start: 'signaling', timeline: [] }))).toMatchInlineSnapshot(`
      [
        "session           --~~~~??",
        "WebSocket           (->-----",
        "peer connection",
        "ICE",
        "commands          -----[T]--",
        "termination$      ------==o| connect-timeout T25",
        "                  0 ms  1:00",
        "Ended while signaling after 60000 ms: the connection did not come up in time (signaling).",
      ]
    `);
  });

  test('explains its signs, in two languages', () => {
    const { entries, termination } = played({ mode: 'W', start: 'signaling', timeline: ['5 ws.close 1006'] });
    const last = (locale: 'en' | 'ja'): string[] =>
      marbleDiagram(entries, { format: 'text', termination, locale }).trimEnd().split('\n').slice(-2);
    expect(last('en')).toEqual([
      'Ended while signaling after 5 ms: the WebSocket closed with 1006.',
      '( open  | close  x error  > sent  < received  D command  . other  T time is up  [ ] cause',
    ]);
    expect(last('ja')).toEqual([
      'シグナリング中（開始から 5 ミリ秒後）に終了しました: WebSocket が切断されました（コード 1006）。',
      '( 開く  | 閉じる  x エラー  > 送信  < 受信  D コマンド  . その他  T 時間切れ  [ ] 原因',
    ]);
  });

  test('keeps to its width, however much happened', () => {
    const entries = Array.from({ length: 500 }, (_, index) => message(index * 100, '#chat'));
    for (const width of [40, 80, 120]) {
      const lines = marbleDiagram([NOW, ...entries], { format: 'text', width }).split('\n');
      expect(Math.max(...lines.slice(0, -4).map(({ length }) => length))).toBeLessThanOrEqual(width);
    }
  });

  test('a label of the server breaks no line', () => {
    const text = marbleDiagram([message(0, '#a\nb\u2028c\u202ed\u0007')], { format: 'text' });
    expect(text.split('\n').find((line) => line.startsWith('#'))).toContain('#a\ufffdb\ufffdc\ufffdd\ufffd');
  });
});

describe('as SVG', () => {
  test.each(['mixed-websocket-cut', 'chromium-data-channel-only-server-close', 'web-socket-only-disconnect'])(
    'draws %s exactly so',
    async (name) => {
      const { entries, termination } = recorded(name);
      await expect(`${marbleDiagram(entries, { termination })}\n`).toMatchFileSnapshot(`expected/${name}.svg`);
    },
  );

  test('is well-formed, has a title and a description, and names both', () => {
    const { entries, termination } = recorded('mixed-websocket-cut');
    const svg = marbleDiagram(entries, { termination, id: 'of-alice' });
    const { names, texts } = parsed(svg);
    expect(names.slice(0, 4)).toEqual(['svg', 'title', 'desc', 'style']);
    expect(svg).toContain('role="img" aria-labelledby="of-alice-title of-alice-desc"');
    expect(texts[0]).toBe('Marble diagram of a session in recorded');
    expect(texts).toContain(
      texts.find((text) => text.startsWith('Ended while connected after 1507 ms: the WebSocket closed with 1006.\n'))!,
    );
    expect(svg).toContain('1.50 s WebSocket: close 1006 (cause of the end)');
  });

  test('marks the entry that ended the session, and says kind and rule at termination$', () => {
    const { entries, termination } = recorded('mixed-websocket-cut');
    const svg = marbleDiagram(entries, { termination });
    const cause = entries.findIndex(({ source, what }) => source === 'websocket' && what === 'close');
    expect(svg.match(/<g class="mark \w+" data-entry="\d+"><title>[^<]*<\/title><circle class="ring"/g)).toEqual([
      `<g class="mark close" data-entry="${cause}"><title>1.50 s: close 1006</title><circle class="ring"`,
    ]);
    expect(svg).toContain('>websocket-closed · T09</text>');
  });

  test('says as much without the Termination, which may not be at hand', () => {
    const { entries } = recorded('mixed-websocket-cut');
    const svg = marbleDiagram(entries);
    expect(svg).toContain('>websocket-closed · T09</text>');
    expect(svg).toContain('The session has ended.');
  });

  test('says that a session lives, and draws its lanes on', () => {
    const svg = marbleDiagram([NOW, message(5, '#chat')]);
    expect(svg).toContain('The session has not ended.');
    expect(svg).toContain('class="arrow"');
    expect(svg).not.toContain('class="ring"');
  });

  test('of nothing is a diagram with nothing in it', () => {
    const svg = marbleDiagram([]);
    parsed(svg);
    expect(svg).toContain('Nothing has happened yet.');
    expect(svg).toContain('termination$');
    expect(marbleDiagram([], { format: 'text' })).toContain('Nothing has happened yet.');
  });

  test('escapes whatever a server or an application wrote', () => {
    const hostile = '#"><script>alert(1)</script>&\'\u0000\u001b\ud800]]>';
    const entries: TimelineEntry[] = [
      { at: 0, source: 'datachannel', what: 'open', detail: { label: hostile } },
      { at: 1, source: 'signaling', what: hostile, detail: { direction: 'received', transport: 'websocket', message: {} } },
      { at: 2, source: 'sdk', what: 'failure', detail: { where: hostile, name: hostile, message: hostile } },
      { at: 3, source: 'peer-connection', what: 'connectionstatechange', detail: { state: hostile } },
    ];
    const svg = marbleDiagram(entries, { id: hostile });
    parsed(svg);
    expect(svg).not.toContain('<script');
    expect(svg).not.toMatch(/[\u0000-\u0008\u000e-\u001f]|[\ud800-\udfff]/);
  });

  test('holds nothing of a message, and texts are redacted once more', () => {
    const secret = 'CANARY-token';
    const { termination } = played({ mode: 'W', start: 'connected', timeline: ['5 ws.close 4000'] });
    const entries: TimelineEntry[] = [
      {
        at: 0,
        source: 'signaling',
        what: 'notify',
        detail: { direction: 'received', transport: 'websocket', message: { metadata: secret } },
      },
      { at: 1, source: 'websocket', what: 'open', detail: { url: `wss://sora.test/?token=${secret}` } },
    ];
    const reason = `see wss://user:${secret}@sora.test/?token=${secret}`;
    const end = { ...termination, reason } as Termination;
    expect(marbleDiagram(entries, { termination: end })).not.toContain(secret);
    expect(marbleDiagram(entries, { termination: end, format: 'text' })).not.toContain(secret);
  });

  test('puts neighbours together where there is no room, and says how many; what mattered keeps its place', () => {
    const { entries, termination } = recorded('mixed-websocket-cut');
    const cut = entries.findIndex(({ source, what }) => source === 'websocket' && what === 'close');
    const at = entries[cut - 1]!.at;
    const crowd = Array.from({ length: 10_000 }, () => message(at + 1, '#chat'));
    const svg = marbleDiagram([...entries.slice(0, cut), ...crowd, ...entries.slice(cut)], { termination });
    expect(svg).toContain('×10000');
    expect(svg).toContain('>websocket-closed · T09</text>');
    expect(svg.length).toBeLessThan(30_000);
  });

  test('10000 entries take a fraction of a second', () => {
    const entries = Array.from({ length: 10_000 }, (_, index) => message(index * 7, `#channel-${index % 5}`));
    const begin = performance.now();
    marbleDiagram(entries);
    expect(performance.now() - begin).toBeLessThan(500);
  });

  test('the same entries give the same picture', () => {
    const { entries } = recorded('chromium-mixed-websocket-cut');
    expect(marbleDiagram(entries)).toBe(marbleDiagram(JSON.parse(JSON.stringify(entries)) as TimelineEntry[]));
  });

  test('has the width that is asked for, at least 320', () => {
    expect(marbleDiagram([NOW], { width: 900 })).toContain('viewBox="0 0 900 ');
    expect(marbleDiagram([NOW], { width: 10 })).toContain('viewBox="0 0 320 ');
  });
});
