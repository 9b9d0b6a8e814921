import { type Observable, filter, map, merge, scan, take } from 'rxjs';
import type { OfferMessage } from '../../signaling/messages.ts';
import { healthOf } from '../../termination/steps.ts';
import type { SessionInput } from '../input.ts';
import type { ConnectedInfo } from '../session.ts';
import type { SessionContext } from '../session-context.ts';
import { acted } from '../received.ts';

interface Known {
  readonly contactUrl: string | null;
  readonly connectedUrl: string;
  readonly offer: OfferMessage | null;
  readonly up: boolean;
}

/** Tells once that the session is connected: the peer connection is, or ICE where there is no `connectionState` (T27). */
export function connecting({ config, live, port, of }: SessionContext): Observable<SessionInput> {
  const url = (): string => live.link?.url ?? '';
  const contacted$ = of('progress').pipe(
    filter(({ progress }) => progress.kind === 'connect-sent'),
    map(() => (known: Known): Known => ({ ...known, contactUrl: known.contactUrl ?? url() })),
  );
  const offered$ = acted(of('received'), 'offer').pipe(
    map(({ message }) => (known: Known): Known => ({ ...known, offer: message, connectedUrl: url() })),
  );
  const up$ = of('peer').pipe(map(() => (known: Known): Known => ({ ...known, up: healthOf(port) === 'connected' })));
  return merge(contacted$, offered$, up$).pipe(
    scan((known, learn) => learn(known), { contactUrl: null, connectedUrl: '', offer: null, up: false } as Known),
    map(({ up, offer, contactUrl, connectedUrl }) =>
      up && offer !== null ? info(offer, contactUrl ?? connectedUrl, connectedUrl, config.channelId) : null,
    ),
    filter((connected) => connected !== null),
    take(1),
    map((connected): SessionInput => ({ kind: 'connected', info: connected })),
  );
}

function info(offer: OfferMessage, contactUrl: string, connectedUrl: string, channelId: string): ConnectedInfo {
  const { connection_id: connectionId, session_id: sessionId, metadata } = offer;
  return {
    connectionId,
    clientId: offer.client_id ?? connectionId,
    bundleId: offer.bundle_id ?? connectionId,
    ...(sessionId !== undefined && { sessionId }),
    channelId: offer.channel_id ?? channelId,
    contactUrl,
    connectedUrl,
    simulcast: offer.simulcast ?? false,
    spotlight: offer.spotlight ?? false,
    rpcMethods: offer.rpc_methods ?? [],
    ...(metadata !== undefined && { authMetadata: metadata }),
  };
}
