import { expect, test } from 'vitest';
import { ConnectionLog } from '../../src/connection/connection-log.ts';
import { LabLog } from '../../src/log/lab-log.ts';

function written() {
  const lab = new LabLog({ capacity: 10, capacityBytes: Infinity });
  const agreement = { connectionId: 'C', clientId: 'me', channelId: 'room' };
  const log = new ConnectionLog({ log: lab, node: 'node2', socketId: 7, agreement });
  const received: string[] = [];
  log.received$.subscribe({ next: ({ type, sequence }) => received.push(`${sequence} ${type}`), complete: () => received.push('|') });
  return { lab, log, received };
}

const who = { node: 'node2', socket: 7, connectionId: 'C', clientId: 'me', channelId: 'room' };

test('every entry names its connection', () => {
  const { lab, log } = written();
  log.add({ kind: 'event', type: 'accepted', detail: { role: 'sendrecv' } });
  expect(lab.entries()).toEqual([
    { sequence: 1, at: expect.any(Number) as number, ...who, kind: 'event', type: 'accepted', detail: { role: 'sendrecv' } },
  ]);
});

test('received$ emits what the client sends, with its number in the log of the lab', () => {
  const { lab, log, received } = written();
  lab.add({ kind: 'message', direction: 'received', node: 'node1', connectionId: 'D', type: 'of another' });
  log.add({ kind: 'message', direction: 'sent', type: 'offer' });
  log.add({ kind: 'message', direction: 'received', type: 'answer' });
  log.add({ kind: 'event', type: 'peer-state' });
  log.add({ kind: 'message', direction: 'received', type: 'pong' });
  expect(received).toEqual(['3 answer', '5 pong']);
  expect(lab.entries().map(({ type }) => type)).toEqual(['of another', 'offer', 'answer', 'peer-state', 'pong']);
});

test('received$ does not replay', () => {
  const { log } = written();
  log.add({ kind: 'message', direction: 'received', type: 'answer' });
  const late: string[] = [];
  log.received$.subscribe(({ type }) => late.push(type));
  log.add({ kind: 'message', direction: 'received', type: 'pong' });
  expect(late).toEqual(['pong']);
});

test('a closed connection log completes received$ and still writes to the log of the lab', () => {
  const { lab, log, received } = written();
  log.close();
  log.add({ kind: 'message', direction: 'received', type: 'late' });
  log.add({ kind: 'event', type: 'gone' });
  expect(received).toEqual(['|']);
  expect(lab.entries().map(({ type }) => type)).toEqual(['late', 'gone']);
});

test('a reader that adds an entry sees both in order', () => {
  const { lab, log, received } = written();
  lab.entries$.subscribe(({ type }) => {
    if (type === 'ask') log.add({ kind: 'message', direction: 'received', type: 'answer' });
  });
  log.add({ kind: 'message', direction: 'received', type: 'ask' });
  expect(lab.entries().map(({ sequence, type }) => `${sequence} ${type}`)).toEqual(['1 ask', '2 answer']);
  expect(received).toEqual(['1 ask', '2 answer']);
});
