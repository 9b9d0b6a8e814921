import { Fields, Refusal } from '../wire/fields.ts';
import type { JsonObject } from '../wire/json.ts';
import { NotFound, type ApiSubject, type Target } from './target.ts';
import { disconnectTargets } from './targets/disconnect.ts';
import { forwardingTargets } from './targets/forwarding.ts';
import { listingTargets } from './targets/listing.ts';
import { mediaTargets } from './targets/media.ts';
import { pushTargets } from './targets/push.ts';
import { sessionTargets } from './targets/session.ts';

const targets: Readonly<Record<string, Target>> = {
  ...disconnectTargets,
  ...pushTargets,
  ...mediaTargets,
  ...forwardingTargets,
  ...listingTargets,
  ...sessionTargets,
};

/** Names of all calls, without their version. */
export const API_TARGETS: readonly string[] = Object.keys(targets);

export interface ApiAnswer {
  readonly status: number;
  readonly body: unknown;
}

const failed = (reason: string): ApiAnswer => ({ status: 400, body: { error_type: reason } });

/** `Sora_<date>.<name>`. The date is ignored: sources disagree about the dates of some calls. */
const TARGET_PATTERN = /^Sora_\d{8}\.(\w+)$/;

/** Performs one call of the HTTP API. */
export function callTarget(subject: ApiSubject, header: string | undefined, body: JsonObject): ApiAnswer {
  const name = TARGET_PATTERN.exec(header ?? '')?.[1];
  const target = name !== undefined && Object.hasOwn(targets, name) ? targets[name] : undefined;
  if (target === undefined) return failed('LAB-UNKNOWN-TARGET');
  try {
    return { status: 200, body: target(subject, new Fields(body)) };
  } catch (error) {
    if (error instanceof NotFound) return failed(error.message);
    if (error instanceof Refusal) return failed(`LAB-INVALID-REQUEST: ${error.message}`);
    throw error;
  }
}
