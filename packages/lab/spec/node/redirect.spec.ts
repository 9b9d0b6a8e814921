import { expect, test } from 'vitest';
import { ownerOf, redirectFor } from '../../src/node/redirect.ts';
import { checkConnect } from '../../src/wire/connect-request.ts';

const nodes = ['node1', 'node2', 'node3'].map((name) => ({ name, url: `ws://${name}/signaling` }));
const request = (channelId: string, redirect = false) => {
  const outcome = checkConnect(
    { type: 'connect', role: 'recvonly', channel_id: channelId, redirect },
    { maxUserChannels: 0, bundleIdAllowed: false },
  );
  if (!outcome.ok) throw new Error(outcome.reason);
  return outcome.value;
};

test('channels spread over the nodes, each always to the same', () => {
  const owners = Array.from({ length: 300 }, (_, index) => ownerOf(`channel-${index}`, nodes)!.name);
  for (const { name } of nodes) expect(owners.filter((owner) => owner === name).length).toBeGreaterThan(60);
  expect(ownerOf('channel-7', nodes)).toBe(ownerOf('channel-7', nodes));
});

test('only the owner keeps a client that was not sent before', () => {
  const owner = ownerOf('room', nodes)!;
  const other = nodes.find((node) => node !== owner)!;
  expect(redirectFor(request('room'), owner.name, nodes, 'channel-owner')).toBeUndefined();
  expect(redirectFor(request('room'), other.name, nodes, 'channel-owner')).toBe(owner.url);
  expect(redirectFor(request('room', true), other.name, nodes, 'channel-owner')).toBeUndefined();
  expect(redirectFor(request('room'), other.name, nodes, 'never')).toBeUndefined();
});
