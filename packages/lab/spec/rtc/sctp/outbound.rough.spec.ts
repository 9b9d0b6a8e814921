import { expect, test } from 'vitest';
import { Outbound } from '../../../src/rtc/sctp/outbound.ts';

test('the number of a message in its stream wraps after 65535', () => {
  const sender = new Outbound(0, 1_000_000, true);
  const sequences: number[] = [];
  const sack = Buffer.alloc(12);
  sack.writeUInt32BE(1_000_000, 4);
  for (let index = 0; index < 65_538; index++) {
    sender.enqueue({ streamId: 1, protocolId: 51, data: Buffer.from('x'), ordered: true });
    const [chunk] = sender.nextChunks(1000, 0);
    if (index > 65_533) sequences.push(chunk!.readUInt16BE(10));
    sack.writeUInt32BE(index, 0);
    sender.sack(sack, 1);
  }
  expect(sequences).toEqual([65_534, 65_535, 0, 1]);
});
