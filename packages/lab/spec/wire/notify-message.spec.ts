import { expect, test } from 'vitest';
import {
  connectionCreated,
  connectionDestroyed,
  connectionUpdated,
  timestampOf,
  type NotifySubject,
} from '../../src/wire/notify-message.ts';
import { simulcastSwitched } from '../../src/wire/notify-events.ts';

const subject: NotifySubject = {
  role: 'sendonly',
  sessionId: 'S',
  clientId: 'c',
  bundleId: 'b',
  connectionId: 'C',
  audio: true,
  video: false,
  metadata: { authn: { nick: 'n' }, authz: undefined },
  minutes: 3,
};
const counts = { connections: 2, sendrecv: 0, sendonly: 2, recvonly: 0 };
const options = { metadata: true, now: Date.UTC(2025, 11, 10, 1, 2, 3, 456) + 0.789 };

test('a timestamp has microseconds', () => {
  expect(timestampOf(options.now)).toBe('2025-12-10T01:02:03.456789Z');
  expect(timestampOf(0)).toBe('1970-01-01T00:00:00.000000Z');
});

test('authorised metadata counts, else what the client gave; what nobody gave is absent', () => {
  expect(connectionCreated(subject, counts, options)).toMatchObject({ authn_metadata: { nick: 'n' }, metadata: { nick: 'n' } });
  const both = { ...subject, metadata: { authn: 1, authz: null } };
  expect(connectionCreated(both, counts, options)).toMatchObject({ authn_metadata: 1, authz_metadata: null, metadata: null });
  const none = connectionCreated({ ...subject, metadata: { authn: undefined, authz: undefined } }, counts, options);
  expect(Object.keys(none).filter((name) => name.includes('metadata'))).toEqual([]);
});

test('with the extension its value is metadata, and the others keep to their own members', () => {
  const given = { authn: 1, authz: 2 };
  const valued = { ...subject, metadata: { ...given, extension: { value: null } } };
  expect(connectionCreated(valued, counts, options)).toMatchObject({ authn_metadata: 1, authz_metadata: 2, metadata: null });
  expect(connectionCreated(subject, counts, options, [valued])).toMatchObject({
    data: [{ authn_metadata: 1, authz_metadata: 2, metadata: null }],
  });
  const empty = connectionDestroyed({ ...subject, metadata: { ...given, extension: { value: undefined } } }, counts, options);
  expect(empty).toMatchObject({ authn_metadata: 1, authz_metadata: 2 });
  expect(empty).not.toHaveProperty('metadata');
});

test('signaling_notify_metadata off takes metadata and data away', () => {
  const message = connectionCreated(subject, counts, { ...options, metadata: false }, [subject]);
  expect(message).not.toHaveProperty('metadata');
  expect(message).not.toHaveProperty('data');
});

test('updated and destroyed carry the counters and the minutes; updated no metadata', () => {
  const common = { minutes: 3, channel_connections: 2, channel_sendonly_connections: 2, audio: true, video: false };
  expect(connectionUpdated(subject, counts, options.now)).toMatchObject({ event_type: 'connection.updated', ...common });
  expect(connectionUpdated(subject, counts, options.now)).not.toHaveProperty('metadata');
  expect(connectionDestroyed(subject, counts, options)).toMatchObject({
    event_type: 'connection.destroyed',
    ...common,
    metadata: { nick: 'n' },
  });
});

test.each([
  ['r2', 'r0', 'higher'],
  ['r0', 'r1', 'lower'],
  ['none', 'r0', 'lower'],
  ['r0', 'none', 'higher'],
] as const)('to %s from %s is %s', (currentRid, previousRid, priority) => {
  const change = {
    senderConnectionId: 'A',
    trigger: 'receiver',
    rpcRids: [],
    autoRids: [],
    requestRid: currentRid,
    currentRid,
    previousRid,
  } as const;
  expect(simulcastSwitched(change, 0)).toMatchObject({ priority });
});
