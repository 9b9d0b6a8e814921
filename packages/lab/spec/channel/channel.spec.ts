import { describe, expect, test } from 'vitest';
import type { Agreement } from '../../src/agreement.ts';
import { Channel } from '../../src/channel/channel.ts';
import type { Member } from '../../src/channel/member.ts';
import type { NotifySubject } from '../../src/wire/notify-message.ts';

/** A member that writes down the notify messages it gets. */
function member(
  connectionId: string,
  bundleId: string,
  notifyIceState: boolean,
): Member & { readonly told: Readonly<Record<string, unknown>>[] } {
  const told: Readonly<Record<string, unknown>>[] = [];
  return {
    told,
    agreement: {
      connectionId,
      clientId: `client ${connectionId}`,
      bundleId,
      notifyIceState,
      role: 'sendrecv',
      spotlight: false,
    } as Agreement,
    notifySubject: { connectionId, metadata: {} } as NotifySubject,
    sources: [],
    forwardingFilters: [],
    notify: (message) => told.push(message),
    push: () => undefined,
    deliver: () => false,
    refreshMedia: () => undefined,
  };
}

const channelOf = (...members: readonly Member[]): Channel => {
  const channel = new Channel('room', { notifyMetadata: true, now: () => 0 });
  for (const each of members) channel.join(each);
  return channel;
};

describe('a change of an ICE state', () => {
  const event = 'lab.ice-connection-state.changed';
  const heard = ({ told }: ReturnType<typeof member>): readonly unknown[] => told.filter((message) => message['event_type'] === event);

  test('is reported to those who asked for it: the connection itself and others, except its bundle', () => {
    const [subject, sameDesk, other, deaf] = [
      member('A', 'desk', true),
      member('B', 'desk', true),
      member('C', 'C', true),
      member('D', 'D', false),
    ];
    channelOf(subject, sameDesk, other, deaf).iceChanged(subject, { current: 'checking', previous: 'connected' });
    const message = {
      type: 'notify',
      event_type: event,
      timestamp: '1970-01-01T00:00:00.000000Z',
      client_id: 'client A',
      bundle_id: 'desk',
      connection_id: 'A',
      current_state: 'checking',
      previous_state: 'connected',
    };
    expect([subject, sameDesk, other, deaf].map(heard)).toEqual([[message], [], [message], []]);
  });

  test('of a connection that has not asked is reported to the others all the same', () => {
    const [subject, other] = [member('A', 'A', false), member('B', 'B', true)];
    channelOf(subject, other).iceChanged(subject, { current: 'failed', previous: 'disconnected' });
    expect([heard(subject), heard(other)]).toEqual([
      [],
      [expect.objectContaining({ current_state: 'failed', previous_state: 'disconnected' })],
    ]);
  });

  test("of one that is not there yet, or any more, is nobody's", () => {
    const [subject, other] = [member('A', 'A', true), member('B', 'B', true)];
    const channel = channelOf(other);
    channel.iceChanged(subject, { current: 'checking', previous: 'connected' });
    channel.join(subject);
    channel.leave(subject);
    channel.iceChanged(subject, { current: 'failed', previous: 'disconnected' });
    expect([heard(subject), heard(other)]).toEqual([[], []]);
  });
});
