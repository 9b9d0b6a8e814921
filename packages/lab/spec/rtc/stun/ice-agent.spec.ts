import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import type { RemoteAddress } from '../../../src/rtc/link/address.ts';
import { IceAgent } from '../../../src/rtc/stun/ice-agent.ts';
import { parseStun, serializeStun, stunAttribute, stunType, xorMappedAddress } from '../../../src/rtc/stun/stun-message.ts';
import type { StunMessage } from '../../../src/rtc/stun/stun-message.ts';

const here: RemoteAddress = { address: '192.0.2.7', port: 5000 };
const there: RemoteAddress = { address: '192.0.2.8', port: 6000 };
const remote = { ufrag: 'client', password: 'a password of the client' };
const transactionId = Buffer.from('0102030405060708090a0b0c', 'hex');

const started = (supervision = {}) => {
  const sent: { readonly message: StunMessage; readonly to: RemoteAddress }[] = [];
  const addresses: RemoteAddress[] = [];
  const states: string[] = [];
  const agent = new IceAgent({
    supervision,
    send: (datagram, to) => sent.push({ message: parseStun(datagram)!, to }),
    onAddress: (address) => addresses.push(address),
    onState: (state) => states.push(state),
  });
  const check = (from: RemoteAddress, options: { nominate?: boolean; username?: string; password?: string } = {}): boolean => {
    const { nominate = false, username = `${agent.local.ufrag}:client`, password = agent.local.password } = options;
    return agent.receive(
      parseStun(
        serializeStun({
          type: stunType.bindingRequest,
          transactionId,
          attributes: [
            [stunAttribute.username, Buffer.from(username)],
            ...(nominate ? [[stunAttribute.useCandidate, Buffer.alloc(0)] as const] : []),
          ],
          password,
        }),
      )!,
      from,
    );
  };
  const answer = (id: Buffer, password = remote.password, type: number = stunType.bindingSuccess): boolean =>
    agent.receive(parseStun(serializeStun({ type, transactionId: id, attributes: [], password }))!, here);
  return { agent, sent, addresses, states, check, answer };
};

beforeEach(() => {
  vi.useFakeTimers();
});

afterEach(() => {
  expect(vi.getTimerCount()).toBe(0);
  vi.useRealTimers();
});

describe('credentials', () => {
  test('are of the characters and lengths that RFC 8445 section 5.3 wants, and new for every agent', () => {
    const [one, two] = [started().agent.local, started().agent.local];
    expect(one.ufrag).toMatch(/^[A-Za-z0-9+/]{8}$/);
    expect(one.password).toMatch(/^[A-Za-z0-9+/]{24}$/);
    expect(one.ufrag).not.toBe(two.ufrag);
    expect(one.password).not.toBe(two.password);
  });
});

describe('a check of the client', () => {
  test('is answered with the address it came from', () => {
    const { agent, sent, check } = started();
    expect(check(here)).toBe(true);
    const [{ message, to }] = sent as [(typeof sent)[0]];
    expect(to).toEqual(here);
    expect(message.type).toBe(stunType.bindingSuccess);
    expect(message.transactionId.equals(transactionId)).toBe(true);
    expect(message.isAuthentic(agent.local.password)).toBe(true);
    expect(message.attributes.get(stunAttribute.xorMappedAddress)).toEqual(xorMappedAddress(here.address, here.port, transactionId));
  });

  test.each([
    ['for another agent', { username: 'another:client' }],
    ['with a wrong password', { password: 'wrong' }],
    ['without a user name', { username: '' }],
  ])('%s is not answered', (_, options) => {
    const { agent, sent, addresses, check } = started();
    expect(check(here, options)).toBe(false);
    expect([sent, addresses, agent.selected]).toEqual([[], [], undefined]);
  });

  test('without any USERNAME is not answered', () => {
    const { agent, sent } = started();
    const bare = serializeStun({ type: stunType.bindingRequest, transactionId, attributes: [], password: agent.local.password });
    expect(agent.receive(parseStun(bare)!, here)).toBe(false);
    expect(sent).toEqual([]);
  });

  test('makes its address known once, the first one used until another is nominated', () => {
    const { agent, addresses, check } = started();
    check(here);
    check(here);
    expect(agent.selected).toEqual(here);
    check(there);
    expect(agent.selected).toEqual(here);
    check(there, { nominate: true });
    expect(agent.selected).toEqual(there);
    expect(addresses).toEqual([here, there]);
  });
});

describe('connecting', () => {
  test.each([
    ['the check comes after the answer', ['start', 'check']],
    ['the check comes before the answer', ['check', 'start']],
  ])('%s', (_, order) => {
    const { agent, states, check } = started();
    for (const step of order) {
      expect(states).toEqual([]);
      if (step === 'start') agent.start(remote);
      else check(here);
    }
    expect(states).toEqual(['connected']);
    check(here);
    agent.start(remote);
    expect(states).toEqual(['connected']);
    agent.stop();
  });

  test('fails when the client does not arrive within a minute, however often it answers', () => {
    const { agent, states } = started();
    agent.start(remote);
    vi.advanceTimersByTime(30_000);
    agent.start(remote);
    vi.advanceTimersByTime(29_999);
    expect(states).toEqual([]);
    vi.advanceTimersByTime(1);
    expect(states).toEqual(['failed']);
  });

  test('its time can be set, and ends with the first check', () => {
    const { agent, states, check } = started({ connectTimeoutMs: 100 });
    agent.start(remote);
    vi.advanceTimersByTime(99);
    check(here);
    vi.advanceTimersByTime(1000);
    expect(states).toEqual(['connected']);
    agent.stop();
  });

  test('stopping ends the waiting for the client', () => {
    const { agent, states } = started();
    agent.start(remote);
    agent.stop();
    vi.advanceTimersByTime(100_000);
    expect(states).toEqual([]);
  });
});

describe('supervision', () => {
  const connected = () => {
    const all = started();
    all.agent.start(remote);
    all.check(here);
    all.sent.splice(0);
    return all;
  };

  test('asks as the controlled agent, under both user names, where the client was nominated', () => {
    const { agent, sent, check } = connected();
    check(there, { nominate: true });
    sent.splice(0);
    vi.advanceTimersByTime(2500);
    const [{ message, to }] = sent as [(typeof sent)[0]];
    expect(to).toEqual(there);
    expect(message.type).toBe(stunType.bindingRequest);
    expect(message.isAuthentic(remote.password)).toBe(true);
    expect(message.attributes.get(stunAttribute.username)?.toString()).toBe(`client:${agent.local.ufrag}`);
    expect(message.attributes.get(stunAttribute.iceControlled)).toHaveLength(8);
    // A peer-reflexive candidate: type preference 110 (RFC 8445 section 7.1.1).
    expect(message.attributes.get(stunAttribute.priority)?.toString('hex')).toBe('6effffff');
    agent.stop();
  });

  test('an answer is a sign of life, once, and only with the right password', () => {
    const { agent, sent, states, answer } = connected();
    vi.advanceTimersByTime(3500);
    expect(states).toEqual(['connected', 'checking']);
    const id = sent.at(-1)!.message.transactionId;
    expect(answer(id, 'wrong')).toBe(false);
    expect(answer(Buffer.alloc(12))).toBe(false);
    expect(answer(id, remote.password, stunType.bindingError)).toBe(false);
    expect(states).toEqual(['connected', 'checking']);
    expect(answer(id)).toBe(true);
    expect(states).toEqual(['connected', 'checking', 'connected']);
    expect(answer(id)).toBe(false);
    agent.stop();
  });

  test('an answer leaves other requests open', () => {
    const { agent, sent, answer } = connected();
    vi.advanceTimersByTime(4500);
    const [first, second] = sent.map(({ message }) => message.transactionId) as [Buffer, Buffer];
    expect([answer(first), answer(second), answer(first)]).toEqual([true, true, false]);
    agent.stop();
  });

  test('so is a check', () => {
    const { agent, states, check } = connected();
    vi.advanceTimersByTime(3500);
    check(here);
    expect(states).toEqual(['connected', 'checking', 'connected']);
    agent.stop();
  });

  test('an answer to any of the last 64 requests counts, to older ones not', () => {
    const { agent, sent, answer } = connected();
    vi.advanceTimersByTime(7500 + 64 * 50);
    const ids = sent.map(({ message }) => message.transactionId);
    expect(ids.length).toBeGreaterThan(66);
    expect(answer(ids.at(-65)!)).toBe(false);
    expect(answer(ids.at(-64)!)).toBe(true);
    agent.stop();
  });

  test('an answer before the client has sent its own description is not taken', () => {
    const { answer } = started();
    expect(answer(transactionId)).toBe(false);
  });
});
