import { expect, test } from 'vitest';
import { audioCodecTypes, builtInLabels, directions, requestRids, rids, roles, videoCodecTypes } from '../../src/wire/words.ts';

test('the words of the signaling protocol', () => {
  expect(roles).toEqual(['sendrecv', 'sendonly', 'recvonly']);
  expect(directions).toEqual(['sendrecv', 'sendonly', 'recvonly']);
  expect(rids).toEqual(['r0', 'r1', 'r2']);
  expect(requestRids).toEqual(['none', 'r0', 'r1', 'r2']);
  expect(audioCodecTypes).toEqual(['OPUS']);
  expect(videoCodecTypes).toEqual(['VP8', 'VP9', 'AV1', 'H264', 'H265']);
  expect(builtInLabels).toEqual(['signaling', 'notify', 'push', 'stats', 'rpc', 'e2ee']);
});
