import { type ConnectOptions, type Session, SoraSendError } from 'rx-sora';
import { startLab, type Lab } from 'rx-sora-lab';
import { firstValueFrom, take, toArray } from 'rxjs';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import { type Mode, modes } from '../support/modes.ts';
import { nodeStage, type NodeStage } from '../support/node-stage.ts';

let lab: Lab;
let stage: NodeStage;

beforeAll(async () => {
  lab = await startLab({ lingerMs: 200 });
});
afterAll(() => lab.close());
beforeEach(() => {
  stage = nodeStage();
});
afterEach(() => stage.close());

const dataChannels: ConnectOptions['dataChannels'] = [
  { label: '#plain', direction: 'sendrecv', compress: false },
  { label: '#deflated', direction: 'sendrecv', compress: true, header: [{ type: 'sender_connection_id' }] },
];

/** Two sessions that can talk. */
async function two(mode: Mode): Promise<readonly [Session, Session]> {
  const names = ['one', 'two'];
  const all = await Promise.all(
    names.map((clientId) =>
      stage.open({
        signalingUrl: lab.url,
        channelId: `messages-${mode}`,
        clientId,
        role: 'sendrecv',
        audio: false,
        video: false,
        dataChannels,
        ...modes[mode],
      }),
    ),
  );
  await Promise.all(all.map((each) => each.connect()));
  await Promise.all(all.map((each) => each.switched()));
  return [stage.session('one'), stage.session('two')];
}

// werift sends no empty message, and takes none that is larger than 64 KiB on the wire.
const sizes = { '#plain': [1, 65_536], '#deflated': [0, 1, 65_536, 262_144] } as const;

test.each(['M', 'D'] as const)('messages of every size, mode %s', async (mode) => {
  const [one, other] = await two(mode);
  const { connectionId } = await one.connect();
  for (const label of ['#plain', '#deflated'] as const) {
    for (const bytes of sizes[label]) {
      const data = new Uint8Array(bytes).map((_, index) => index % 251);
      const arrived = firstValueFrom(other.messages(label));
      await one.send(label, data);
      const message = await arrived;
      expect(Buffer.compare(message.data, data)).toBe(0);
      expect(message.senderConnectionId).toBe(label === '#deflated' ? connectionId : undefined);
    }
  }
  await expect(one.send('#plain', new Uint8Array(262_145))).rejects.toThrow(SoraSendError);
});

test('1000 messages keep their order', async () => {
  const [one, other] = await two('M');
  const received = firstValueFrom(other.messages('#plain').pipe(take(1000), toArray()));
  await Promise.all(Array.from({ length: 1000 }, (_, index) => one.send('#plain', String(index))));
  expect((await received).map(({ data }) => Number(new TextDecoder().decode(data)))).toEqual(
    Array.from({ length: 1000 }, (_, index) => index),
  );
});
