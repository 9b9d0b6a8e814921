import { expect, test, vi } from 'vitest';
import { nothingLeft } from '../support/nothing-left.ts';
import { rig, useVirtualTime } from '../support/session-rig.ts';

useVirtualTime();

test('P16: a throw-away offer that hangs ends with the session, and its peer connection is closed', () => {
  const scene = rig({ start: 'idle' });
  const offer = scene.fake.scripts.peerConnection.hold('createOffer');
  scene.connect();
  expect(offer.called).toBe(true);
  scene.play('ws.error', 'ws.close 1006');
  vi.advanceTimersByTime(0);
  expect(scene.terminations).toEqual([expect.objectContaining({ kind: 'websocket-error', phase: 'opening' })]);
  nothingLeft(scene);
});
