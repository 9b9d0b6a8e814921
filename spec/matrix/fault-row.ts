import type { Reason, TerminationCommon } from 'rx-sora';
import type { Fault, FaultMoment, LabOptions } from 'rx-sora-lab';
import type { Mode } from '../e2e/support/modes.ts';

/** A termination without its times and without what depends on them. */
export type Ending = Reason & Pick<TerminationCommon, 'phase' | 'switched' | 'sent' | 'initiator' | 'retry'>;

/** What must come of a fault: the session goes on, or it ends in one of these ways. Several where the network decides which comes first. */
export type Expectation = 'lives' | readonly (ExpectedEnding | 'lives')[];

type Member = { [Kind in Ending['kind']]: keyof Extract<Ending, { readonly kind: Kind }> }[Ending['kind']];

/** An ending in which a member may be a pattern, where browsers use words of their own. */
export type ExpectedEnding = { readonly [Name in Member]?: unknown } & Pick<Ending, 'kind'>;

/** Whose native objects a session uses; `node`: ws and werift. */
export type Runtime = 'chromium' | 'firefox' | 'node';

/** What is done to a session that is up and well. */
export type Deed =
  /** The lab breaks it. */
  | 'inject'
  /** The application disconnects. */
  | 'disconnect'
  /** The lab ends it, as the API does. */
  | 'end'
  /** The application calls a method of the server. */
  | 'rpc';

/** One fault, the modes in which it means something, and what must come of it. */
export interface FaultRow {
  readonly name: string;
  readonly fault: Fault;
  /** When the lab does it: as a rule from the start (`start`), at a moment of the connection, or once the session is ready. */
  readonly when: 'start' | FaultMoment | 'ready';
  /** What follows when the session is ready; by default nothing, or the injection. */
  readonly deed?: Deed;
  /** How the lab is set for it. */
  readonly lab?: LabOptions;
  /** A second fault that goes before it. */
  readonly before?: Fault;
  /** Milliseconds after which the lab ends what it has broken. */
  readonly resumeMs?: number;
  /** How long it is watched where it may live, and the official SDK in any case; milliseconds. Default: 800, and 4000. */
  readonly watchMs?: number;
  /** The limit of the connection attempt; milliseconds. Default: the SDK's own. */
  readonly connectionMs?: number;
  /** `switched` never comes, so nobody waits for it. */
  readonly unswitched?: boolean;
  /** The fault leaves no way for a sign of life. */
  readonly mute?: boolean;
  /** What is seen of it lasts as long as a browser needs to give up its peer. */
  readonly slow?: boolean;
  readonly expect: Readonly<Partial<Record<Mode, Expectation>>>;
  /** What comes of it on a runtime whose objects tell it in another way than Chromium's. */
  readonly elsewhere?: Partial<Record<Exclude<Runtime, 'chromium'>, FaultRow['expect']>>;
}

/** The limit of the connection attempt in rows that come to it; milliseconds. */
export const SHORT_CONNECTION_MS = 4000;

const byInitiator = {
  'client-disconnect': 'client',
  'server-close': 'server',
  'signaling-invalid': 'server',
  'internal-error': 'sdk',
} as const;

/** Q75, Q76: what follows from the kind. */
function derived(reason: { readonly kind: string; readonly code?: unknown }, phase: string): object {
  const { kind, code } = reason;
  const initiator = (byInitiator as Readonly<Record<string, string>>)[kind] ?? 'network';
  const refused =
    kind === 'server-close' && typeof code === 'number' && code >= 4000 && code < 5000 && ['opening', 'signaling'].includes(phase);
  if (refused || kind === 'client-disconnect' || kind === 'signaling-invalid') return { initiator, retry: 'never' };
  return { initiator, retry: kind === 'server-close' || kind === 'internal-error' ? 'maybe' : 'yes' };
}

type Sent = Ending['sent'];

/** What is peculiar to a kind. */
export type ExpectedReason = Omit<ExpectedEnding, 'phase' | 'switched' | 'sent' | 'initiator' | 'retry'>;
type Common = Pick<ExpectedEnding, 'phase' | 'switched' | 'sent'>;

/** An ending with everything that the rules say follows from it. */
export const ending = (reason: ExpectedReason, common: Common): ExpectedEnding => ({
  ...reason,
  ...common,
  ...derived(reason, String(common.phase)),
});

/** What a ready session of a mode has seen of `switched`. */
export const switchedIn: Readonly<Record<Mode, boolean | null>> = { W: null, M: false, D: true };

export const disconnectSent = (reason: NonNullable<Sent>['reason'], via: NonNullable<Sent>['via'], ok = true): NonNullable<Sent> => ({
  reason,
  via,
  ok,
});

/** The same in every mode. */
export const everywhere = (expectation: Expectation): FaultRow['expect'] => ({ W: expectation, M: expectation, D: expectation });

/** Only where there are DataChannels. */
export const withChannels = (expectation: Expectation): FaultRow['expect'] => ({ M: expectation, D: expectation });
