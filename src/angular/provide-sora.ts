import { type EnvironmentProviders, InjectionToken, makeEnvironmentProviders } from '@angular/core';
import { type MonoTypeOperatorFunction, identity } from 'rxjs';
import type { ConnectOptions, Session } from '../index.ts';

/** Options of a call. Those that every call of the application shares may come from {@link provideSora}. */
export type SoraOptions = Partial<ConnectOptions>;

/** What the calls of an injector have in common. */
export interface SoraDefaults {
  readonly options: SoraOptions;
  // eslint-disable-next-line rxjs-x/finnish -- an operator
  readonly through: MonoTypeOperatorFunction<Session>;
}

export const SORA_DEFAULTS: InjectionToken<SoraDefaults> = new InjectionToken<SoraDefaults>('rx-sora');

/**
 * Options that every call of the application shares. A member of a call's own options replaces the one given here.
 *
 * A factory runs in the injection context of the injector, when its first call begins; so it never runs on a server.
 *
 * @param through an operator that every session passes before anybody sees it, for telemetry say
 * @example
 * ```ts
 * bootstrapApplication(App, { providers: [provideSora({ signalingUrl, role: 'sendrecv' })] });
 * ```
 */
export function provideSora(
  defaults: SoraOptions | (() => SoraOptions),
  through: MonoTypeOperatorFunction<Session> = identity,
): EnvironmentProviders {
  // eslint-disable-next-line rxjs-x/finnish -- an operator
  const useFactory = (): SoraDefaults => ({ options: typeof defaults === 'function' ? defaults() : defaults, through });
  return makeEnvironmentProviders([{ provide: SORA_DEFAULTS, useFactory }]);
}
