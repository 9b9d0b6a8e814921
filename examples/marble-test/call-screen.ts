import { type CallStep, type Termination, isNormal } from 'rx-sora';
import { type OperatorFunction, distinctUntilChanged, map, of, scan, startWith, switchMap } from 'rxjs';

/** What the user of an application sees of a call. */
export type Screen =
  | 'connecting'
  | 'talking'
  | 'reconnecting'
  | 'no network'
  /** The user has hung up, or the host has closed the room. */
  | 'goodbye'
  /** The server says no, and says it again if it is asked again. */
  | 'refused'
  /** It may be worth a try by hand. */
  | 'try again';

/** What changes the screen: a step of the call, or that its session is connected. */
export type ScreenEvent = CallStep | { readonly kind: 'connected' };

/** The reducer of the application. Pure, so most of it could be tested without any time. */
export function screenAfter(screen: Screen, event: ScreenEvent): Screen {
  switch (event.kind) {
    case 'session':
      return event.previous === null ? 'connecting' : screen;
    case 'connected':
      return 'talking';
    case 'waiting':
      return event.why === 'offline' ? 'no network' : 'reconnecting';
    case 'over':
      return lastScreen(event.termination);
  }
}

/** The compiler complains here if the SDK learns another kind of end. */
function lastScreen(end: Termination): Screen {
  switch (end.kind) {
    case 'client-disconnect':
      return 'goodbye';
    case 'server-close':
      return isNormal(end) ? 'goodbye' : 'refused';
    case 'signaling-invalid':
    case 'internal-error':
      return 'refused';
    case 'websocket-closed':
    case 'websocket-error':
    case 'peer-connection-failed':
    case 'ice-failed':
    case 'ice-disconnected-timeout':
    case 'datachannel-closed':
    case 'datachannel-error':
    case 'connect-timeout':
      return 'try again';
  }
}

/** The screens of a call. */
export const screens = (): OperatorFunction<CallStep, Screen> => (step$) =>
  step$.pipe(
    switchMap((step) => (step.kind === 'session' ? step.session.connected$.pipe(map(connected), startWith<ScreenEvent>(step)) : of(step))),
    scan(screenAfter, 'connecting' as Screen),
    distinctUntilChanged(),
  );

const connected = (): ScreenEvent => ({ kind: 'connected' });
