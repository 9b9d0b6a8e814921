/**
 * Calls in Angular: signals that end with whoever injected them.
 *
 * @packageDocumentation
 */
export { healthOf } from './health-of.ts';
export { injectCall } from './inject-call.ts';
export { injectLatest } from './inject-latest.ts';
export { injectSession } from './inject-session.ts';
export { provideSora, type SoraOptions } from './provide-sora.ts';
export type { CallState, SoraCall } from './sora-call.ts';
