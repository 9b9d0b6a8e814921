import { merge } from 'rxjs';
import { type ReconnectPolicy, reconnect } from '../index.ts';
import type { SoraOptions } from './provide-sora.ts';
import { type SoraCall, createCall } from './sora-call.ts';

/**
 * A call as signals: session after session until it is over, as `reconnect(policy)` decides. It is left with the component, directive or service that
 * injected it.
 *
 * `options` is reactive: it may read signals and inputs. Null is no call; options that differ in any member, compared by `Object.is`, are another call, and
 * the one before is left. The call begins after the first render in the browser, so nothing begins on a server, and the first render of both is the same.
 *
 * @throws a wrong option is reported once to the application's `ErrorHandler` as a SoraOptionsError, and there is no call until the options change
 * @example
 * ```ts
 * readonly call = injectCall(() => ({ channelId: this.room() }));
 * ```
 */
export function injectCall(options: () => SoraOptions | null, policy: ReconnectPolicy = {}): SoraCall {
  return createCall(options, (retry$) => reconnect({ ...policy, now$: policy.now$ === undefined ? retry$ : merge(retry$, policy.now$) }));
}
