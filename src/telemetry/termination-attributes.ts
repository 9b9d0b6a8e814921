import type { Attributes } from '@opentelemetry/api';
import { isNormal } from '../termination/derived.ts';
import type { Termination } from '../termination/reason.ts';
import * as names from './semconv.ts';
import { withoutUndefined } from './session-facts.ts';

/** UTF-16 code units that are kept of a reason: as much as a WebSocket can carry. @source RFC 6455 5.5 */
const LONGEST_REASON = 123;

/** The class of a failure, the same on spans, metrics and events; undefined where nothing failed. */
export const errorTypeOf = (termination: Termination): string | undefined => (isNormal(termination) ? undefined : termination.kind);

/** What is true of few values each, so that a metric may have it. */
export const terminationClass = (termination: Termination): Attributes =>
  withoutUndefined({
    [names.ATTR_TERMINATION_KIND]: termination.kind,
    [names.ATTR_TERMINATION_ORIGIN]: termination.initiator,
    [names.ATTR_TERMINATION_RETRY]: termination.retry,
    [names.ATTR_ERROR_TYPE]: errorTypeOf(termination),
  });

/** The whole Termination, in attributes. */
export function terminationAttributes(termination: Termination): Attributes {
  const { phase, sent, connectedAt, causeAt, endedAt, trailing } = termination;
  return withoutUndefined({
    ...terminationClass(termination),
    [names.ATTR_TERMINATION_PHASE]: phase,
    [names.ATTR_TERMINATION_TRAILING_EVENTS]: trailing.map(({ source, what }) => `${source} ${what}`),
    [names.ATTR_DISCONNECT_REASON]: sent?.reason,
    [names.ATTR_DISCONNECT_TRANSPORT]: sent?.via,
    [names.ATTR_DISCONNECT_SENT]: sent?.ok,
    [names.ATTR_CONNECT_DURATION]: connectedAt === null ? undefined : connectedAt / 1000,
    [names.ATTR_CONNECTION_DURATION]: connectedAt === null ? undefined : (causeAt - connectedAt) / 1000,
    [names.ATTR_CLOSING_DURATION]: (endedAt - causeAt) / 1000,
    ...kindAttributes(termination),
  });
}

/** The fields that only some kinds have. */
function kindAttributes(termination: Termination): Attributes {
  switch (termination.kind) {
    case 'client-disconnect': {
      const { trigger, outcome, by, peer } = termination;
      return {
        [names.ATTR_TERMINATION_TRIGGER]: trigger,
        [names.ATTR_TERMINATION_OUTCOME]: outcome,
        [names.ATTR_TERMINATION_INTERRUPTED_BY]: by,
        ...(peer && closeAttributes(peer.code, peer.reason, peer.via)),
      };
    }
    case 'server-close':
      return {
        [names.ATTR_TERMINATION_AFTER]: termination.after,
        ...closeAttributes(termination.code, termination.reason, termination.via),
      };
    case 'websocket-closed':
      return { [names.ATTR_TERMINATION_AFTER]: termination.after, ...closeAttributes(termination.code, termination.reason, 'websocket') };
    case 'websocket-error': {
      const { after, close } = termination;
      return { [names.ATTR_TERMINATION_AFTER]: after, ...(close && closeAttributes(close.code, close.reason, 'websocket')) };
    }
    case 'datachannel-closed':
    case 'datachannel-error':
      return { [names.ATTR_TERMINATION_DATA_CHANNEL]: termination.label };
    case 'signaling-invalid':
      return { [names.ATTR_TERMINATION_STEP]: termination.what };
    case 'connect-timeout':
      return { [names.ATTR_TERMINATION_STEP]: termination.during };
    case 'internal-error': {
      const { where, name, message } = termination;
      return { [names.ATTR_TERMINATION_STEP]: where, [names.ATTR_EXCEPTION_TYPE]: name, [names.ATTR_EXCEPTION_MESSAGE]: message };
    }
    default:
      return {};
  }
}

const closeAttributes = (code: number | null, reason: string, via: string): Attributes => ({
  [names.ATTR_CLOSE_CODE]: code ?? undefined,
  [names.ATTR_CLOSE_REASON]: reason.slice(0, LONGEST_REASON),
  [names.ATTR_CLOSE_TRANSPORT]: via,
});
