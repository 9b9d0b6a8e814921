import type { Shape } from './marks.ts';

/** The signs, around their center. They differ in form, not only in color. */
export const DRAWN: Readonly<Record<Shape, string>> = {
  open: 'M-5 0a5 5 0 1 0 10 0a5 5 0 1 0-10 0',
  close: 'M-1.5-8h3v16h-3z',
  error: 'M-5-5L5 5M5-5L-5 5',
  sent: 'M0-6L5.5 4.5h-11z',
  received: 'M0 6L5.5-4.5h-11z',
  command: 'M0-6.5L6.5 0L0 6.5L-6.5 0z',
  state: 'M-1.5-8h3v16h-3z',
  note: 'M-2.5 0a2.5 2.5 0 1 0 5 0a2.5 2.5 0 1 0-5 0',
  timer: 'M-6 0a6 6 0 1 0 12 0a6 6 0 1 0-12 0M0-4V0L3 2',
};

const TONES: Readonly<Record<string, string>> = {
  connected: 'good',
  completed: 'good',
  opening: 'busy',
  signaling: 'busy',
  negotiating: 'busy',
  connecting: 'busy',
  checking: 'busy',
  disconnected: 'warn',
  ending: 'warn',
  failed: 'bad',
};

export const toneOf = (state: string): string => TONES[state] ?? 'idle';

/** A page may set the variables on its own, for instance with a switch between light and dark; without them the system decides. */
const colors = (values: Readonly<Record<string, string>>): string =>
  Object.entries(values)
    .map(([name, value]) => `--${name}:var(--rx-sora-${name},${value})`)
    .join(';');

const LIGHT = colors({
  paper: '#ffffff',
  ink: '#1f2328',
  quiet: '#59636e',
  rule: '#d1d9e0',
  good: '#1a7f37',
  busy: '#0969da',
  warn: '#9a6700',
  bad: '#cf222e',
});
const DARK = colors({
  paper: '#0d1117',
  ink: '#f0f6fc',
  quiet: '#9198a1',
  rule: '#3d444d',
  good: '#3fb950',
  busy: '#4493f8',
  warn: '#d29922',
  bad: '#f85149',
});

export const STYLE = [
  `.rx-sora-marbles{${LIGHT};font:12px system-ui,sans-serif}`,
  `@media(prefers-color-scheme:dark){.rx-sora-marbles{${DARK}}}`,
  ...[
    '.paper{fill:var(--paper)}',
    'text{fill:var(--ink)}',
    '.lane,.time{fill:var(--quiet)}',
    '.time,.label{font-size:11px}',
    '.mark .label,.kind{paint-order:stroke;stroke:var(--paper);stroke-width:3px}',
    '.kind{font-weight:600}',
    '.tick{stroke:var(--rule);stroke-dasharray:1 4}',
    '.line,.arrow{stroke:var(--quiet);fill:none}',
    '.cause{stroke:var(--bad);stroke-width:1.5;stroke-dasharray:4 3}',
    '.ring{fill:none;stroke:var(--bad);stroke-width:2}',
    '.wait{stroke:var(--bad);stroke-width:3}',
    '.complete{stroke:var(--ink);stroke-width:2}',
    'circle.good{fill:var(--good)}',
    'circle.bad{fill:var(--bad)}',
    '.glyph{fill:var(--ink);stroke:var(--paper);stroke-width:.5}',
    '.open .glyph,.timer .glyph{fill:var(--paper);stroke:var(--ink);stroke-width:1.5}',
    '.error .glyph{fill:none;stroke:var(--bad);stroke-width:2.5}',
    '.command .glyph{fill:var(--busy)}',
    '.note .glyph{fill:var(--quiet)}',
    ...['good', 'busy', 'warn', 'bad'].map((tone) => `.state.${tone} rect{fill:var(--${tone});fill-opacity:.2;stroke:var(--${tone})}`),
    '.state.idle rect{fill:var(--rule);fill-opacity:.5;stroke:var(--quiet)}',
  ].map((rule) => rule.replace(/(^|,)(?=[.a-z])/g, '$1.rx-sora-marbles ')),
].join('');
