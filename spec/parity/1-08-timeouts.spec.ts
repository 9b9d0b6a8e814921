import { rpc } from '../../src/rpc/rpc.ts';
import { expect } from 'vitest';
import { elapse, outcome, pass, rig, useVirtualTime } from '../support/session-rig.ts';
import { parity } from './parity.ts';

useVirtualTime();

parity(
  '1.8 timeouts',
  'the whole connect',
  { official: '`connectionTimeout`, 60 s, which never fires', here: '`timeouts.connectionMs`, 60 s, in every phase; 0 switches it off' },
  () => {
    const [silent, patient] = [rig({ start: 'signaling' }), rig({ start: 'signaling', options: { timeouts: { connectionMs: 0 } } })];
    elapse(60_000);
    expect(silent.termination).toMatchObject({ kind: 'connect-timeout', during: 'signaling', causeAt: 60_000 });
    expect(patient.terminations).toEqual([]);
  },
);

parity(
  '1.8 timeouts',
  'each signaling URL of several',
  { official: '`signalingCandidateTimeout`, 3 s', here: '`timeouts.signalingUrlMs`, 3 s' },
  () => {
    const r = rig({ start: 'opening', options: { signalingUrl: ['wss://a.test/signaling', 'wss://b.test/signaling'] } });
    elapse(3000);
    expect(r.termination).toMatchObject({ kind: 'connect-timeout', during: 'opening', causeAt: 3000 });
  },
);

parity(
  '1.8 timeouts',
  'wait after disconnect',
  { official: '`disconnectWaitTimeout`, 3 s', here: '`timeouts.disconnectMs`, 3 s' },
  async () => {
    const r = rig();
    const disconnecting = r.session.disconnect();
    await pass(3001);
    expect(await disconnecting).toMatchObject({ kind: 'client-disconnect', outcome: 'timeout' });
  },
);

parity(
  '1.8 timeouts',
  'grace of ICE disconnected',
  {
    official: '10 s, fixed, always',
    here: '`timeouts.iceDisconnectedMs`, 10 s; `iceDisconnectedRule`: where there is no `connectionState`, or always',
  },
  () => {
    const [strict, always] = [
      rig({ options: { timeouts: { iceDisconnectedMs: 5000 } } }),
      rig({ options: { timeouts: { iceDisconnectedMs: 5000 }, iceDisconnectedRule: 'always' } }),
    ];
    for (const each of [strict, always]) each.play('ice disconnected');
    elapse(5000);
    expect(always.termination).toMatchObject({ kind: 'ice-disconnected-timeout', waitedMs: 5000 });
    expect(strict.terminations).toEqual([]);
  },
);

parity(
  '1.8 timeouts',
  'silence of DataChannel signaling',
  { official: 'none', here: 'by contract none: silence is no cause (Q82); a lost path is seen by ICE and by the channels' },
  () => {
    const r = rig({ mode: 'D', start: 'switched' });
    elapse(3_600_000);
    expect(r.terminations).toEqual([]);
  },
);

parity('1.8 timeouts', 'RPC', { official: 'none unless given', here: '`timeouts.rpcMs`, 10 s, and per call' }, async () => {
  const r = rig({ mode: 'D', start: 'switched', sora: { labels: ['rpc'] } });
  const call = outcome(rpc(r.session, '2025.2.0/ResetSpotlightRid', {}));
  await pass(10_000);
  expect(await call).toMatchObject({ name: 'SoraRpcError', code: 'timeout' });
});
