import { PANE_FIELDS, SHARED_GROUPS } from './fields.ts';

/** The two sides of the page. */
export type Side = 'a' | 'b';
export const SIDES: readonly Side[] = ['a', 'b'];

/** What is typed into the form: values by name. A value of one side has its letter in front: `a.role`. A missing value is empty. */
export type FormState = Readonly<Record<string, string>>;

/** What the page begins with: both sides meet in one channel, and everything can be seen at work. */
export const DEFAULTS: FormState = {
  channelId: 'sora',
  dataChannelSignaling: 'true',
  dataChannels: '[{"label":"#chat","direction":"sendrecv"}]',
  'a.role': 'sendrecv',
  'a.clientId': 'left',
  'a.media': 'fake',
  'b.role': 'sendrecv',
  'b.clientId': 'right',
  'b.media': 'fake',
  size: '640x360',
  frameRate: '15',
};

/** Names beside those of options: the media of a side, the fake picture, the page itself. */
const OWN_PANE_NAMES = ['media', 'reconnect'];
const OWN_NAMES = ['size', 'frameRate', 'contentHint', 'secrets', 'payloads', 'lang', 'log'];

const NAMES: ReadonlySet<string> = new Set([
  ...SHARED_GROUPS.flatMap(([, fields]) => fields.map(({ path }) => path)),
  ...SIDES.flatMap((side) => [...PANE_FIELDS.map(({ path }) => path), ...OWN_PANE_NAMES].map((name) => `${side}.${name}`)),
  ...OWN_NAMES,
]);

/** The state that the fragment of a URL holds; names that nothing has are left out. */
export function stateFromHash(hash: string): FormState {
  const values = [...new URLSearchParams(hash.replace(/^#/, ''))].filter(([name]) => NAMES.has(name));
  return { ...DEFAULTS, ...Object.fromEntries(values) };
}

/**
 * The state as the fragment of a URL: what differs from the defaults. A fragment, because browsers send it to no server, and the state may hold an access token.
 */
export function hashOf(state: FormState): string {
  const differing = [...NAMES].flatMap((name) => {
    const value = state[name] ?? '';
    return value === (DEFAULTS[name] ?? '') ? [] : [[name, value]];
  });
  const query = new URLSearchParams(differing).toString();
  return query === '' ? '' : `#${query}`;
}

export const valueOf = (state: FormState, name: string): string => state[name] ?? '';
export const sideValue = (state: FormState, side: Side, name: string): string => state[`${side}.${name}`] ?? '';
