// What the user of a call sees when it ends: every kind of end, and the story of a call that comes back, as marble diagrams. The same file runs under
// vitest, jest and `ng test`.
//
// Above stands what happens, below what is seen. A letter is a moment of one millisecond; `10ms` is time in which nothing happens.
import { type CallStep, terminationTexts } from 'rx-sora';
import { assertMarbles, scenario } from 'rx-sora/testing';
import { configure } from 'rxjs-marbles';
import { callIn, endings, see } from './call-in.ts';
import { screens } from './call-screen.ts';

/** A failure draws what came above what was expected. */
const { marbles } = configure({ run: true, assertDeepEqual: assertMarbles, frameworkMatcher: true });

describe('somebody ends the call', () => {
  // client-disconnect
  test(
    'the user hangs up: goodbye, as soon as the server has answered',
    marbles((m) => {
      const seen$ = callIn(m, { webSocket: '  -j 18ms c', application: '10ms h' });
      m.expect(seen$).toBeObservable('        ct 18ms (g|)', see);
    }),
  );

  test(
    'the user hangs up and the server does not answer: goodbye, three seconds later',
    marbles((m) => {
      const seen$ = callIn(m, { webSocket: '  -j', application: '10ms h' });
      m.expect(seen$).toBeObservable('        ct 3008ms (g|)', see);
    }),
  );

  // server-close, severity normal
  test(
    'the host closes the room: goodbye',
    marbles((m) => {
      const seen$ = callIn(m, { webSocket: '  -j 8ms c' });
      m.expect(seen$).toBeObservable('        ct 8ms (g|)', see);
    }),
  );

  // server-close, severity error
  test(
    'the server refuses to let the user in: refused',
    marbles((m) => {
      const seen$ = callIn(m, { webSocket: '  -o 8ms r' }, { r: 'ws.close 4490' });
      m.expect(seen$).toBeObservable('        c- 8ms (x|)', see);
    }),
  );

  test(
    'the server says over a DataChannel why it closes: goodbye',
    marbles((m) => {
      const seen$ = callIn(m, { webSocket: '  -j 8ms r', dataChannel: { signaling: '12ms c' } }, { r: 'rx.close 1000' }, { mode: 'D' });
      m.expect(seen$).toBeObservable('        ct 8ms (g|)', see);
    }),
  );
});

describe('the network ends the call', () => {
  // websocket-closed
  test(
    'the WebSocket closes without a word: try again',
    marbles((m) => {
      const seen$ = callIn(m, { webSocket: '  -j 8ms x' });
      m.expect(seen$).toBeObservable('        ct 8ms (a|)', see);
    }),
  );

  // websocket-error
  test(
    'the WebSocket fails: try again',
    marbles((m) => {
      const seen$ = callIn(m, { webSocket: '  -j 8ms #' });
      m.expect(seen$).toBeObservable('        ct 8ms (a|)', see);
    }),
  );

  // peer-connection-failed
  test(
    'the media path is lost: try again',
    marbles((m) => {
      const seen$ = callIn(m, { webSocket: '  -j', peerConnection: '10ms f' });
      m.expect(seen$).toBeObservable('        ct 8ms (a|)', see);
    }),
  );

  // ice-failed
  test(
    'the media path is lost in a browser without connectionState: try again',
    marbles((m) => {
      const seen$ = callIn(m, { webSocket: '  -j', ice: '10ms f' }, {}, { connectionState: false });
      m.expect(seen$).toBeObservable('        ct 8ms (a|)', see);
    }),
  );

  // ice-disconnected-timeout
  test(
    'the media path stays silent for ten seconds in such a browser: try again',
    marbles((m) => {
      const seen$ = callIn(m, { webSocket: '  -j', ice: '10ms d' }, {}, { connectionState: false });
      m.expect(seen$).toBeObservable('        ct 10008ms (a|)', see);
    }),
  );

  test(
    'the media path is silent for a while only: nothing is seen of it',
    marbles((m) => {
      const seen$ = callIn(m, { webSocket: '  -j', ice: '10ms d 9s c' }, {}, { connectionState: false });
      m.expect(seen$, '^ 60s !').toBeObservable('ct', see);
    }),
  );

  // datachannel-closed
  test(
    'a DataChannel closes and nobody says why within half a second: try again',
    marbles((m) => {
      const seen$ = callIn(m, { webSocket: '  -j', dataChannel: { notify: '10ms c' } }, {}, { mode: 'D' });
      m.expect(seen$).toBeObservable('        ct 508ms (a|)', see);
    }),
  );

  // datachannel-error
  test(
    'a DataChannel fails: try again',
    marbles((m) => {
      const seen$ = callIn(m, { webSocket: '  -j', dataChannel: { signaling: '10ms e' } }, {}, { mode: 'D' });
      m.expect(seen$).toBeObservable('        ct 8ms (a|)', see);
    }),
  );

  // connect-timeout
  test(
    'nobody answers for a minute: try again',
    marbles((m) => {
      const seen$ = callIn(m, { webSocket: '  -o' });
      m.expect(seen$).toBeObservable('        c 59999ms (a|)', see);
    }),
  );
});

describe('a mistake ends the call', () => {
  // signaling-invalid
  test(
    'the server sends what is not JSON: refused',
    marbles((m) => {
      const seen$ = callIn(m, { webSocket: '  -j 8ms b' }, { b: 'rx.invalid' });
      m.expect(seen$).toBeObservable('        ct 8ms (x|)', see);
    }),
  );

  // internal-error
  test(
    'the browser does not take the offer: refused',
    marbles((m) => {
      const seen$ = callIn(m, { webSocket: '  -o 8ms i' }, { i: 'internal' });
      m.expect(seen$).toBeObservable('        c- 8ms (x|)', see);
    }),
  );
});

describe('a call that comes back', () => {
  test(
    'is lost, is connected again a second later, and goes on until the user hangs up',
    marbles((m) => {
      const seen$ = callIn(m, { webSocket: '  -j 8ms x 1s j 98ms c', application: '1100ms h' }, {}, { attempts: 3 });
      m.expect(seen$).toBeObservable('        ct 8ms r 1s t 98ms (g|)', see);
    }),
  );

  test(
    'is tried after one second, two and four, and is then given up',
    marbles((m) => {
      const seen$ = callIn(m, { webSocket: '  -j 8ms x 1s x 2s x 4s x' }, {}, { attempts: 3 });
      m.expect(seen$).toBeObservable('        ct 8ms r 1s - 2s - 4s (a|)', see);
    }),
  );

  test(
    'is not tried where the server has closed the room meanwhile',
    marbles((m) => {
      const seen$ = callIn(m, { webSocket: '  -j 8ms x 1s r' }, { r: 'ws.close 4490' }, { attempts: 3 });
      m.expect(seen$).toBeObservable('        ct 8ms r 1s (x|)', see);
    }),
  );

  test(
    'waits for the network, however long, and not for the clock',
    marbles((m) => {
      let isOnline = true;
      const network = { n: () => (isOnline = false), y: () => (isOnline = true), o: 'page online' };
      const seen$ = callIn(m, { webSocket: '  -j 8ms x 60s j', page: '9ms n 60s (yo)' }, network, {
        attempts: 3,
        isOnline: () => isOnline,
      });
      m.expect(seen$, '                       ^ 61s !').toBeObservable('ct 8ms n 60s t', see);
    }),
  );
});

describe('all of this', () => {
  test('is about every kind of end', () => {
    const kinds = Object.keys(terminationTexts.en).filter((name) => name !== 'sentence');
    const missing = kinds.filter((kind) => !endings.has(kind));
    if (missing.length > 0) throw new Error(`no diagram ends with ${missing.join(', ')}`);
  });

  test(
    'can be tested without any session: steps are plain values, and a scenario gives genuine ends',
    marbles((m) => {
      const step$ = m.hot<CallStep>('       w 1s o|', { w: waiting, o: { kind: 'over', termination: lost, attempts: 1 } });
      m.expect(step$.pipe(screens())).toBeObservable('r 1s a|', see);
    }),
  );
});

// A scenario has a virtual time of its own, so it runs before the marbles do.
const { termination } = scenario({ mode: 'W', start: 'connected', timeline: ['20 ws.close 1006'] });
if (termination === null) throw new Error('the session did not end');
const lost = termination;
const waiting: CallStep = { kind: 'waiting', attempt: 1, delayMs: 1000, why: 'backoff', previous: lost };
