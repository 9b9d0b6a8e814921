import { describe, expect, test } from 'vitest';
import { StreamReset } from '../../../src/rtc/sctp/stream-reset.ts';

const bytes = (hex: string): Buffer => Buffer.from(hex.replace(/ /g, ''), 'hex');

const created = () => {
  const sent: string[] = [];
  const events: string[] = [];
  const queued = new Set<number>();
  const state = { receivedTsn: 0x20000000 };
  const reset = new StreamReset({
    initialTsn: 0xffffffff,
    remoteInitialTsn: 0x10000000,
    send: (value) => sent.push(value.toString('hex')),
    lastSentTsn: () => 0x0a0b0c0d,
    receivedTsn: () => state.receivedTsn,
    hasQueued: (id) => queued.has(id),
    onIncomingReset: (ids) => events.push(`incoming ${ids.join()}`),
    onOutgoingReset: (ids) => events.push(`outgoing ${ids.join()}`),
  });
  return { reset, sent, events, queued, state };
};

/** An Outgoing SSN Reset Request Parameter (RFC 6525 section 4.1). */
const request = (sequence: string, lastTsn: string, ...ids: readonly string[]): Buffer =>
  bytes(`000d ${(16 + 2 * ids.length).toString(16).padStart(4, '0')} ${sequence} 00000000 ${lastTsn} ${ids.join('')}`);
/** A Re-configuration Response Parameter (RFC 6525 section 4.4). */
const response = (sequence: string, result: number): Buffer => bytes(`0010 000c ${sequence} 0000000${result}`);

describe('our own streams', () => {
  test('are reset by a request that says what was received and sent before', () => {
    const { reset, sent, events } = created();
    expect(reset.flush()).toBe(false);
    reset.reset(1);
    reset.reset(0x1234);
    reset.reset(1);
    expect([reset.flush(), reset.pending]).toEqual([true, true]);
    expect(sent).toEqual(['000d0014ffffffff0fffffff0a0b0c0d00011234']);
    reset.receive(response('ffffffff', 1));
    expect(events).toEqual(['outgoing 1,4660']);
    expect([reset.pending, reset.flush()]).toEqual([false, false]);
  });

  test('one request at a time, numbered on over the wrap, and repeated word for word', () => {
    const { reset, sent } = created();
    reset.reset(1);
    reset.flush();
    reset.reset(3);
    expect(reset.flush()).toBe(false);
    reset.repeat();
    expect(sent[1]).toBe(sent[0]);
    reset.receive(response('ffffffff', 1));
    expect(reset.flush()).toBe(true);
    expect(sent[2]).toBe('000d0012000000000fffffff0a0b0c0d00030000');
    reset.receive(response('00000000', 1));
    reset.repeat();
    expect(sent).toHaveLength(3);
  });

  test('wait for what is queued for them, others do not', () => {
    const { reset, sent, queued } = created();
    queued.add(1);
    reset.reset(1);
    expect(reset.flush()).toBe(false);
    reset.reset(3);
    expect(reset.flush()).toBe(true);
    expect(sent[0]?.slice(32)).toBe('00030000');
    reset.receive(response('ffffffff', 1));
    expect(reset.flush()).toBe(false);
    queued.clear();
    expect(reset.flush()).toBe(true);
    expect(sent[1]?.slice(32)).toBe('00010000');
  });

  test('a hundred go into one request', () => {
    const { reset, sent, events } = created();
    for (let id = 0; id < 150; id++) reset.reset(id);
    reset.flush();
    reset.receive(response('ffffffff', 1));
    reset.flush();
    reset.receive(response('00000000', 1));
    expect(sent.map((value) => (value.length - 32) / 4)).toEqual([100, 50]);
    expect(events.map((event) => event.split(',').length)).toEqual([100, 50]);
  });

  test('only an answer to the request counts; in progress is none, a refusal is one', () => {
    const { reset, events } = created();
    reset.receive(response('ffffffff', 1));
    reset.reset(1);
    reset.flush();
    reset.receive(response('fffffffe', 1));
    reset.receive(response('ffffffff', 6));
    expect([events, reset.pending]).toEqual([[], true]);
    reset.receive(response('ffffffff', 2));
    expect([events, reset.pending]).toEqual([['outgoing 1'], false]);
    reset.receive(response('ffffffff', 1));
    expect(events).toHaveLength(1);
  });
});

describe("the other side's streams", () => {
  test('are reset at once when everything before the request has arrived', () => {
    const { reset, sent, events } = created();
    reset.receive(request('10000000', '20000000', '0001', '0102'));
    expect(events).toEqual(['incoming 1,258']);
    expect(sent).toEqual(['0010000c1000000000000001']);
    reset.receive(request('10000001', '20000000', '0003'));
    expect(events).toEqual(['incoming 1,258', 'incoming 3']);
  });

  test('wait for data that is still under way, and are answered then', () => {
    const { reset, sent, events, state } = created();
    reset.receive(request('10000000', '20000002', '0001'));
    expect([sent, events]).toEqual([[], []]);
    // Asked again meanwhile: in progress.
    reset.receive(request('10000000', '20000002', '0001'));
    expect(sent).toEqual(['0010000c1000000000000006']);
    // Another request must wait for the first.
    reset.receive(request('10000001', '20000000', '0003'));
    expect(sent).toHaveLength(1);
    state.receivedTsn = 0x20000001;
    reset.received();
    expect(events).toEqual([]);
    state.receivedTsn = 0x20000002;
    reset.received();
    reset.received();
    expect(events).toEqual(['incoming 1']);
    expect(sent.slice(1)).toEqual(['0010000c1000000000000001']);
  });

  test('a repeated request is answered as before and does nothing', () => {
    const { reset, sent, events } = created();
    reset.receive(request('10000000', '20000000', '0001'));
    reset.receive(request('10000000', '20000000', '0001'));
    expect(events).toHaveLength(1);
    expect(sent).toEqual(['0010000c1000000000000001', '0010000c1000000000000001']);
  });

  test('a request out of order is passed over', () => {
    const { reset, sent, events } = created();
    reset.receive(request('10000001', '20000000', '0001'));
    reset.receive(request('0ffffffe', '20000000', '0001'));
    expect([sent, events]).toEqual([[], []]);
  });

  test('our next request says which of theirs was the last', () => {
    const { reset, sent } = created();
    reset.receive(request('10000000', '20000000', '0001'));
    reset.reset(1);
    reset.flush();
    expect(sent[1]?.slice(16, 24)).toBe('10000000');
  });

  test('what WebRTC does not use is denied, and what is cut off throws', () => {
    const { reset, sent } = created();
    reset.receive(bytes('000e 0008 00000007'));
    expect(sent).toEqual(['0010000c0000000700000002']);
    expect(() => reset.receive(bytes('000d 0010 10000000'))).toThrow(RangeError);
    expect(() => reset.receive(bytes('000d 0008 10000000'))).toThrow(RangeError);
  });
});
