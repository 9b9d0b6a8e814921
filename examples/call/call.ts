// All that stands between the SDK and the page: streams of the one, functions of the other.
import {
  type CallStep,
  type Session,
  connect,
  currentSession,
  describeTermination,
  fromCurrent,
  health,
  reconnect,
  replaceTrack,
  roster,
} from 'rx-sora';
import { devices, userMedia } from 'rx-sora/media';
import { ReplaySubject, catchError, concatMap, distinctUntilChanged, from, map, of, share, switchMap, take } from 'rxjs';
import * as view from './view.ts';

const chat = { label: '#chat', direction: 'sendrecv', header: [{ type: 'sender_connection_id' }] } as const;
const options = { role: 'sendrecv', dataChannelSignaling: true, dataChannels: [chat] } as const;
const replayed = <Value>() => share<Value>({ connector: () => new ReplaySubject<Value>(1) });

// Camera and microphone of choice: open while somebody shows or sends them, one stream for all attempts of a call.
const opened = (choice: view.Choice) => userMedia(choice).pipe(catchError(view.failed));
const local$ = view.choice$.pipe(switchMap(opened), replayed());

// A call as long as the user is in a room. Each attempt begins with what was chosen last.
const joined = (room: view.Room) => (stream: MediaStream) => connect({ ...room, ...options, stream });
const comingBack = reconnect({ now$: view.retry$ });
const called = (room: view.Room) => local$.pipe(take(1), switchMap(joined(room)), comingBack, catchError(view.failed));
const entered = (room: view.Room | null) => (room === null ? of(null) : called(room));
const call$ = view.room$.pipe(switchMap(entered), replayed());
const current$ = call$.pipe(currentSession());

// One's own picture holds the camera, in the waits of the call too.
const isOn = (step: CallStep | null) => step !== null && step.kind !== 'over';
const own$ = (on: boolean) => (on ? local$ : of(null));
call$.pipe(map(isOn), distinctUntilChanged(), switchMap(own$)).subscribe(view.showSelf);

call$.subscribe((step) => view.showStep(step, describeTermination));
current$.pipe(fromCurrent(({ state$ }) => state$, null)).subscribe(view.showState);
current$.pipe(fromCurrent(({ remoteStreams$ }) => remoteStreams$, [])).subscribe(view.showTiles);
current$.pipe(fromCurrent(roster, null)).subscribe(view.showMembers);
current$.pipe(fromCurrent(health, null)).subscribe(view.showHealth);
current$.pipe(fromCurrent((session) => session.messages('#chat'))).subscribe(view.showMessage);
devices().subscribe(view.showDevices);

const sent = (session: Session) => (text: string) => from(session.send('#chat', text).then(() => text)).pipe(catchError(view.failed));
current$.pipe(fromCurrent((session) => view.text$.pipe(concatMap(sent(session))))).subscribe(view.showOwn);

// What is chosen in the middle of a call takes the place of what is sent.
const replaced = (session: Session) => (track: view.Track) => from(replaceTrack(session, track.kind, track)).pipe(catchError(view.failed));
current$.pipe(fromCurrent((session) => local$.pipe(concatMap(view.tracksOf), concatMap(replaced(session))))).subscribe();
