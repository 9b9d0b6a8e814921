import { describe, expect, test } from 'vitest';
import { nothingLeft } from '../support/nothing-left.ts';
import { type SessionRig, outcome, pass, rig, useVirtualTime } from '../support/session-rig.ts';
import { sequential, staggered, sticky } from '../../src/signaling/url-policies.ts';
import { type SignalingUrlPolicy, parallel } from '../../src/signaling/url-policy.ts';

useVirtualTime();

/** A session that begins to try these hosts. */
const trying = (signalingUrlPolicy: SignalingUrlPolicy, ...hosts: readonly string[]): SessionRig =>
  rig({ start: 'opening', options: { signalingUrl: hosts.map((host) => `wss://${host}.test/signaling`), signalingUrlPolicy } });

/** The hosts that were tried so far, in order. */
const tried = (r: SessionRig): string[] => r.fake.sockets.map(({ url }) => new URL(url).host.replace('.test', ''));

const opens = (r: SessionRig, host: string): void => r.fake.sockets[tried(r).indexOf(host)]!.remote.open();

/** Connects over the socket that is open, and ends. */
async function connectsAndEnds(r: SessionRig): Promise<void> {
  await pass(0);
  r.play('rx.offer');
  await pass(0);
  r.play('pc connected');
  await r.session.connect();
  r.play('ws.close 1000');
  await pass(1);
}

describe('sticky', () => {
  test('a session begins with the URL over which one with the same URLs connected last, in whatever order', async () => {
    const first = trying(sticky, 's1', 's2', 's3');
    expect(tried(first)).toEqual(['s1', 's2', 's3']);
    opens(first, 's2');
    await connectsAndEnds(first);
    const second = trying(sticky, 's3', 's2', 's1');
    expect(tried(second)).toEqual(['s2']);
    second.play('ws.close 1006');
    expect(tried(second)).toEqual(['s2', 's3', 's1']);
    opens(second, 's1');
    await connectsAndEnds(second);
    nothingLeft(first);
    nothingLeft(second);
    expect(tried(trying(sticky, 's1', 's2', 's3'))).toEqual(['s1']);
  });

  test('one that is too slow is given up after three seconds', async () => {
    const first = trying(sticky, 'slow1', 'slow2');
    opens(first, 'slow1');
    await connectsAndEnds(first);
    const second = trying(sticky, 'slow1', 'slow2');
    await pass(2999);
    expect(tried(second)).toEqual(['slow1']);
    await pass(1);
    expect(tried(second)).toEqual(['slow1', 'slow2']);
    expect(second.fake.sockets[0]!.closeCalls).toHaveLength(1);
  });

  test('other URLs are another matter', async () => {
    const first = trying(sticky, 'x1', 'x2');
    opens(first, 'x2');
    await connectsAndEnds(first);
    expect(tried(trying(sticky, 'x1', 'x2', 'x3'))).toEqual(['x1', 'x2', 'x3']);
    expect(tried(trying(parallel, 'x1', 'x2'))).toEqual(['x1', 'x2']);
  });

  test('one that opens and then refuses is not tried alone again', async () => {
    const first = trying(sticky, 'y1', 'y2');
    opens(first, 'y1');
    await connectsAndEnds(first);
    const second = trying(sticky, 'y1', 'y2');
    opens(second, 'y1');
    await pass(0);
    second.play('ws.close 4490');
    await pass(1);
    expect(second.termination.kind).toBe('server-close');
    expect(tried(trying(sticky, 'y1', 'y2'))).toEqual(['y1', 'y2']);
  });
});

describe('the end', () => {
  test.each([
    ['staggered', staggered],
    ['sequential', sequential],
    ['sticky', sticky],
  ] as const)('%s: no other URL is tried once the session ends', async (name, policy) => {
    const r = trying(policy, `${name}1`, `${name}2`);
    if (policy === sticky) {
      opens(r, 'sticky1');
      await connectsAndEnds(r);
    }
    const last = policy === sticky ? trying(policy, 'sticky1', 'sticky2') : r;
    void outcome(last.session.disconnect());
    await pass(10_000);
    expect(last.fake.sockets).toHaveLength(1);
    expect(last.termination).toMatchObject({ kind: 'client-disconnect', trigger: 'api' });
    nothingLeft(last);
  });

  test('Q49: the failures before the last one are notes', async () => {
    const r = trying(sequential, 'a', 'b');
    r.fake.sockets[0]!.remote.close(1006);
    expect(r.terminations).toEqual([]);
    r.fake.sockets[1]!.remote.close(1006);
    await pass(1);
    expect(r.termination).toMatchObject({ kind: 'websocket-closed', trailing: [expect.objectContaining({ source: 'websocket' })] });
    nothingLeft(r);
  });
});
