import { config } from 'rxjs';
import { expect, vi } from 'vitest';
import { timeline } from '../../src/timeline/timeline.ts';
import { describe as described, isNormal, ofKind } from '../../src/index.ts';
import { elapse, outcome, pass, rig, useVirtualTime } from '../support/session-rig.ts';
import { parity } from './parity.ts';

useVirtualTime();

parity(
  '1.9 events and close details',
  'several listeners, each of which can go',
  { official: 'one slot per kind, the later replaces the earlier', here: 'Observables: as many as like, gone with `unsubscribe()`' },
  () => {
    const r = rig();
    const [first, second] = [[] as unknown[], [] as unknown[]];
    const leaving = r.session.push$.subscribe((message) => first.push(message));
    r.session.push$.subscribe((message) => second.push(message));
    r.play('rx.push');
    leaving.unsubscribe();
    r.play('rx.push');
    expect([first.length, second.length]).toEqual([1, 2]);
  },
);

parity(
  '1.9 events and close details',
  'disconnect event',
  {
    official: '`disconnect`: normal or abend, with title, code, reason',
    here: '`termination$`: one value of a closed union, `isNormal(t)`, `describe(t)`',
  },
  () => {
    const r = rig();
    r.play('ws.close 4490');
    expect(r.termination).toMatchObject({ kind: 'server-close', via: 'websocket', code: 4490, severity: 'error' });
    expect(isNormal(r.termination)).toBe(false);
    expect(describeTermination(r.termination)).toContain('4490');
  },
);

parity(
  '1.9 events and close details',
  'server API kick and end of lifetime',
  {
    official: 'in the reason text',
    here: 'by contract no kinds of their own: both are `server-close` with 1000, its text is in `reason`; decide by the code',
  },
  () => {
    const r = rig();
    r.sora.socket.remote.close(1000, 'DISCONNECTED-API');
    expect(r.termination).toMatchObject({
      kind: 'server-close',
      code: 1000,
      reason: 'DISCONNECTED-API',
      severity: 'normal',
      retry: 'maybe',
    });
    expect(isNormal(r.termination)).toBe(true);
  },
);

parity(
  '1.9 events and close details',
  'connected event',
  {
    official: '`connected`: peer connection connected and own `connection.created` seen',
    here: 'by contract the peer connection alone: `connected$`, once, replayed; the own `connection.created` is in `notify$`',
  },
  () => {
    const r = rig();
    const late = r.collect(r.session.connected$);
    expect(late).toMatchObject([{ connectionId: 'FAKECONNECTION000000000000' }]);
  },
);

parity(
  '1.9 events and close details',
  'timeout event',
  { official: '`timeout`, without a cause', here: 'the kind `connect-timeout` with its phase' },
  () => {
    const r = rig({ start: 'opening' });
    const timeouts = r.collect(r.session.termination$.pipe(ofKind('connect-timeout')));
    elapse(60_000);
    elapse();
    expect(timeouts).toMatchObject([{ during: 'opening' }]);
  },
);

parity(
  '1.9 events and close details',
  'tap on raw signaling',
  { official: '`signaling`, `timeline`, with secrets', here: '`signaling$` as it was on the wire, `timeline(session)` without secrets' },
  async () => {
    const r = rig({ start: 'idle', options: { metadata: { access_token: 'SECRET-TOKEN' } } });
    const [traffic, entries] = [r.collect(r.session.signaling$), r.collect(timeline(r.session))];
    void outcome(r.session.connect());
    r.sora.reach('connected', elapse);
    await pass(0);
    expect(traffic.map(({ direction, message: { type } }) => `${direction} ${type}`)).toEqual([
      'sent connect',
      'received offer',
      'sent answer',
    ]);
    expect(traffic[0]!.message).toMatchObject({ metadata: { access_token: 'SECRET-TOKEN' } });
    expect(JSON.stringify(entries)).not.toContain('SECRET-TOKEN');
  },
);

parity(
  '1.9 events and close details',
  'a listener that throws',
  { official: 'aborts the SDK’s own work', here: 'disturbs nobody; RxJS reports it by `config.onUnhandledError`' },
  () => {
    const reported: unknown[] = [];
    const before = config.onUnhandledError;
    config.onUnhandledError = (error) => reported.push(error);
    const r = rig();
    const seen: string[] = [];
    r.session.notify$.subscribe(() => {
      throw new Error('mine');
    });
    r.session.notify$.subscribe(() => seen.push('notify'));
    r.play('rx.notify', 'rx.ping');
    vi.advanceTimersByTime(1);
    config.onUnhandledError = before;
    expect(seen).toEqual(['notify']);
    expect(r.sent('pong')).toHaveLength(1);
    expect(reported).toMatchObject([{ message: 'mine' }]);
  },
);
