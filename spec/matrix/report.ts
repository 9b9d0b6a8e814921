import { allModes } from '../e2e/support/modes.ts';
import { type FaultRow, SHORT_CONNECTION_MS } from './fault-row.ts';
import type { Finding } from './play-fault.ts';
import { groups } from './rows/all.ts';

export interface ReportInput {
  readonly findings: readonly Finding[];
  /** Their names, in the order of the columns. */
  readonly browsers: readonly string[];
  /** Names and versions. */
  readonly browsersText: string;
  readonly wrong: number;
  readonly date: Date;
  readonly seconds: number;
}

const escaped = (text: string): string => folded(text).replaceAll('|', '\\|').replaceAll('<', '&lt;').replaceAll(/\s+/g, ' ').trim();

/** A phrase that repeats itself, as the causes in an error that was wrapped again and again do, is written once. */
const folded = (text: string): string =>
  text.replaceAll(/(\b.{8,80}? )\1{2,}/g, (all: string, phrase: string) => `${phrase}(${all.length / phrase.length} times) `);

const milliseconds = ({ afterMs }: Finding): string => (afterMs === null ? '' : ` (${afterMs} ms)`);

function outcome(finding: Finding): string {
  const { lines, outcome: came, rpc } = finding;
  const call = rpc === null ? '' : `; the call: ${rpc}`;
  if (came === 'ended') return `${lines.map((line) => `\`${line}\``).join(', then ')}${milliseconds(finding)}${call}`;
  return `${came === 'lives' ? 'lives' : 'nothing, and no sign of life'}${call}`;
}

/** One text where the browsers agree but for the time. */
function merged(browsers: readonly string[], cells: readonly (Finding | undefined)[]): string {
  const found = cells.flatMap((finding, index) => (finding === undefined ? [] : [{ finding, browser: browsers[index] ?? '' }]));
  const withoutTime = found.map(({ finding }) => outcome({ ...finding, afterMs: null }));
  const [first] = withoutTime;
  if (first === undefined) return 'not run';
  if (withoutTime.some((text) => text !== first))
    return found.map(({ finding, browser }) => `${browser}: ${outcome(finding)}`).join('<br>');
  const times = found.flatMap(({ finding, browser }) => (finding.afterMs === null ? [] : [`${browser} ${finding.afterMs} ms`]));
  return times.length === 0 ? first : `${first}<br>${times.join(', ')}`;
}

function receivedBy(browsers: readonly string[], cells: readonly (Finding | undefined)[]): string {
  const found = cells.flatMap((finding, index) => (finding === undefined ? [] : [{ finding, browser: browsers[index] ?? '' }]));
  const texts = found.map(({ finding }) => finding.received.map((each) => `\`${each}\``).join(', ') || 'nothing');
  const [first = ''] = texts;
  return texts.every((text) => text === first) ? first : texts.map((text, index) => `${found[index]?.browser ?? ''}: ${text}`).join('<br>');
}

function sentBy({ terminations: [termination] }: Finding): string {
  if (termination === undefined) return '';
  const { sent } = termination;
  return sent === null ? 'nothing' : `\`${sent.reason}\` over ${sent.via}${sent.ok ? '' : ', in vain'}`;
}

function line(row: FaultRow, mode: string, { findings, browsers }: ReportInput): string {
  const of = (sdk: string): readonly (Finding | undefined)[] =>
    browsers.map((browser) =>
      findings.find((each) => each.row.name === row.name && each.mode === mode && each.client === `${sdk}, ${browser}`),
    );
  const ours = of('rx-sora');
  const sent = [...new Set(ours.flatMap((finding) => (finding === undefined ? [] : [sentBy(finding)])))]
    .filter((text) => text !== '')
    .join(' or ');
  const emitted = Math.max(0, ...ours.map((finding) => finding?.lines.length ?? 0));
  const cells = [
    row.name,
    mode,
    merged(browsers, ours),
    sent,
    String(emitted),
    receivedBy(browsers, ours),
    merged(browsers, of('sora-js-sdk')),
  ];
  return `| ${cells.map(escaped).join(' | ').replaceAll('&lt;br>', '<br>')} |`;
}

/** The fault matrix as a page. */
export function report(input: ReportInput): string {
  const { findings, browsersText, wrong, date, seconds } = input;
  const ours = findings.filter(({ client }) => client.startsWith('rx-sora'));
  const twice = findings.filter(({ client, lines }) => !client.startsWith('rx-sora') && lines.length > 1).length;
  const head = [
    '# Fault matrix',
    '',
    'Every fault of the lab, in the three modes, on real browsers over real WebSocket, ICE, DTLS and SCTP. Written by `npm run matrix`; do not edit.',
    '',
    `Run of ${date.toISOString().slice(0, 10)}: ${browsersText}. ${ours.length} sessions of rx-sora, ${ours.length - wrong} of them ended, or lived, as the rules say, ${wrong} did not; each end was reported exactly once. ` +
      `${findings.length - ours.length} connections of \`sora-js-sdk\` 2026.1.0 in the same run; ${twice} of them reported their end more than once. ${seconds} s.`,
    '',
    '- Modes: W is WebSocket only, M is both, D is DataChannel only (after `switched` the client has closed the WebSocket).',
    '- A mode is left out where the fault has nothing to break in it: WebSocket only has no DataChannels, DataChannel only has no WebSocket after `switched`.',
    '- rx-sora: the value of `termination$` with the members that are peculiar to its kind; `lives` means that the session went on and, where the fault leaves a way for it, answered a sign of life. The time is that from the fault to the emission: from the moment at which the lab did it or, where the lab only kept silent, from `connect`.',
    '- Sent: the one `type: disconnect` that was attempted. Received: what the lab got after `connect`, without candidates, pongs and statistics; the disconnect message of a session that lived is left out.',
    `- Where nothing comes up, the limit of the connection attempt was ${SHORT_CONNECTION_MS} ms for both SDKs (\`timeouts.connectionMs\`, \`connectionTimeout\`); all other limits are the defaults.`,
    '- sora-js-sdk: what an application sees, as events of `disconnect` and the rejection of `connect()`: for at least 4 s and, after the first of them, for another 3.5 s. Each of its connections has a page of its own, so that what one leaves behind is not in the way of the next; all sessions of rx-sora share one page. Their times are therefore not comparable.',
    '',
  ];
  const sections = Object.entries(groups).flatMap(([title, rows]) => [
    `## ${title}`,
    '',
    '| fault | mode | rx-sora | sent | emitted | received | sora-js-sdk |',
    '|---|---|---|---|---|---|---|',
    ...rows.flatMap((row) => allModes.filter((mode) => row.expect[mode] !== undefined).map((mode) => line(row, mode, input))),
    '',
  ]);
  return [...head, ...sections].join('\n');
}
