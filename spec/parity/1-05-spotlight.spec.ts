import { expect } from 'vitest';
import { rpc } from '../../src/rpc/rpc.ts';
import { notifyOf, spotlight } from '../../src/index.ts';
import type { SpotlightOptions } from '../../src/wire/connect-request.ts';
import { outcome, rig, useVirtualTime } from '../support/session-rig.ts';
import { parity } from './parity.ts';

useVirtualTime();

const connectWith = (options: boolean | SpotlightOptions): Record<string, unknown> =>
  rig({ start: 'signaling', options: { spotlight: options } }).sent('connect')[0]!;

parity(
  '1.5 spotlight',
  'flag and number',
  { official: '`spotlight`, `spotlightNumber`', here: '`spotlight: true` or `spotlight: { number }`' },
  () => {
    expect(connectWith(true)).toMatchObject({ spotlight: true });
    expect(connectWith({ number: 3 })).toMatchObject({ spotlight: true, spotlight_number: 3 });
    expect(() => connectWith({ number: 9 })).toThrow('spotlight.number');
  },
);

parity(
  '1.5 spotlight',
  'layers in focus and out of it',
  {
    official: '`spotlightFocusRid`, `spotlightUnfocusRid`, other words dropped',
    here: '`spotlight: { focusRid, unfocusRid }`, other words refused',
  },
  () => {
    expect(connectWith({ focusRid: 'r2', unfocusRid: 'none' })).toMatchObject({
      spotlight: true,
      spotlight_focus_rid: 'r2',
      spotlight_unfocus_rid: 'none',
    });
    expect(() => connectWith({ focusRid: 'r9' as never })).toThrow('spotlight.focusRid');
  },
);

parity(
  '1.5 spotlight',
  'events',
  { official: 'typed, types not exported', here: 'typed by `notifyOf`, folded into who is in focus by `spotlight()`' },
  () => {
    const r = rig();
    const [events, focused] = [
      r.collect(r.session.notify$.pipe(notifyOf('spotlight.focused'))),
      r.collect(r.session.notify$.pipe(spotlight())),
    ];
    r.receive({
      type: 'notify',
      event_type: 'spotlight.focused',
      connection_id: 'ALICE',
      client_id: null,
      audio: true,
      video: true,
      fixed: true,
    });
    r.receive({
      type: 'notify',
      event_type: 'spotlight.unfocused',
      connection_id: 'ALICE',
      client_id: null,
      audio: true,
      video: true,
      fixed: true,
    });
    expect(events[0]!.connection_id).toBe('ALICE');
    expect(focused.map((now) => now.map(({ connectionId }) => connectionId))).toEqual([[], ['ALICE'], []]);
  },
);

parity(
  '1.5 spotlight',
  'change and reset layers in call',
  { official: 'by `rpc`, untyped', here: 'typed `rpc("2025.2.0/RequestSpotlightRid")` and `rpc("2025.2.0/ResetSpotlightRid")`' },
  () => {
    const r = rig({ mode: 'D', start: 'switched', sora: { labels: ['rpc'] } });
    void outcome(rpc(r.session, '2025.2.0/RequestSpotlightRid', { spotlight_focus_rid: 'r1', spotlight_unfocus_rid: 'r0' }));
    void outcome(rpc(r.session, '2025.2.0/ResetSpotlightRid', {}));
    expect(r.sent().slice(-2)).toEqual([
      {
        jsonrpc: '2.0',
        id: 1,
        method: '2025.2.0/RequestSpotlightRid',
        params: { spotlight_focus_rid: 'r1', spotlight_unfocus_rid: 'r0' },
      },
      { jsonrpc: '2.0', id: 2, method: '2025.2.0/ResetSpotlightRid', params: {} },
    ]);
  },
);
