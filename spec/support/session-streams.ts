import type { Observable } from 'rxjs';
import { networkStatus, receivedLayers, roster, spotlight, timeline } from '../../src/index.ts';
import { EVENT_STREAMS } from '../../src/session/create-session.ts';
import type { Session } from '../../src/session/session.ts';

/** Every Observable that a session has as a member. */
export const sessionStreams = [
  'state$',
  'connected$',
  'termination$',
  ...EVENT_STREAMS,
  'remoteStreams$',
  'dataChannels$',
] as const satisfies readonly (keyof Session)[];

/** Streams that functions of a session give and that end with it. */
const functions = { timeline, roster, spotlight, receivedLayers, networkStatus } as const satisfies Readonly<
  Record<string, (session: Session) => Observable<unknown>>
>;

/** Every stream of a session by name, those of functions included: each completes when the session has ended. */
export const allStreams = (session: Session): readonly (readonly [name: string, stream$: Observable<unknown>])[] => [
  ...sessionStreams.map((name) => [name, session[name]] as const),
  ...Object.entries(functions).map(([name, of]) => [`${name}()`, of(session)] as const),
  ['messages()', session.messages()],
];
