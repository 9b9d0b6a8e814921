// A session on fakes, slow enough to be watched, until it ends in one of a few ways. Nothing here is drawn by hand: the entries are those of
// `timeline(session)`, and the value is that of `termination$`.
import { createSession, timeline } from 'rx-sora';
import { createFakePlatform, FakeSora, parseInput } from 'rx-sora/testing';
import { Observable, concatMap, from, ignoreElements, map, merge, scan, startWith, tap, timer } from 'rxjs';

const say =
  (...words) =>
  ({ sora }) =>
    words.forEach((each) => sora.apply(parseInput(each)));

/** Milliseconds since the step before, and what happens then. */
const TO_A_CALL = [
  [500, say('ws.open')],
  [600, say('rx.offer')],
  [700, ({ sora }) => sora.reach('connected')],
  [600, ({ sora }) => sora.reach('switched')],
];

export const ENDINGS = {
  network: [[1100, say('ws.close 1006')]],
  server: [[1100, say('ws.close 1000')]],
  media: [
    [700, say('ice disconnected')],
    [900, say('pc failed')],
  ],
  user: [
    [1100, ({ session }) => void session.disconnect()],
    [400, say('ws.close 1000')],
    [300, say('dc.close *')],
  ],
};

/** Entries so far and, once it has ended, the termination. Cold: every subscription plays it anew. */
export const playEnding = (ending) =>
  new Observable((subscriber) => {
    const fake = createFakePlatform({ now: () => performance.now() });
    const sora = new FakeSora(fake, { mode: 'M' });
    const session = createSession({
      signalingUrl: 'wss://sora.example.com/signaling',
      channelId: 'room',
      role: 'sendrecv',
      dataChannelSignaling: true,
      platform: fake.platform,
    });
    const happenings = from([...TO_A_CALL, ...ENDINGS[ending]]).pipe(
      concatMap(([ms, happen]) => timer(ms).pipe(tap(() => happen({ sora, session })))),
      ignoreElements(),
    );
    const entries$ = timeline(session).pipe(map((entry) => ({ entry })));
    const end$ = session.termination$.pipe(map((termination) => ({ termination })));
    const playing = merge(entries$, end$, happenings)
      .pipe(
        scan(
          ({ entries, termination }, next) => ({
            entries: next.entry ? [...entries, next.entry] : entries,
            termination: next.termination ?? termination,
          }),
          {
            entries: [],
            termination: null,
          },
        ),
        startWith({ entries: [], termination: null }),
      )
      .subscribe(subscriber);
    session.connect().catch(() => undefined);
    return () => {
      playing.unsubscribe();
      void session.disconnect();
    };
  });
