import { expect, test } from 'vitest';
import { createRecordCipher } from '../../../src/rtc/dtls/record-cipher.ts';

const cipher = () => createRecordCipher(Buffer.alloc(16, 1), Buffer.alloc(4, 2));
const record = { type: 23, epoch: 1, sequence: 5, fragment: Buffer.from('plain') };

test('what was sealed is opened, an empty fragment as well; it is 24 bytes longer (RFC 5288 section 3)', () => {
  for (const fragment of [record.fragment, Buffer.alloc(0)]) {
    const sealed = cipher().seal({ ...record, fragment });
    expect(sealed).toHaveLength(fragment.length + 24);
    // The explicit nonce is epoch and sequence number (RFC 6347 section 4.1.2.1).
    expect(sealed.subarray(0, 8).toString('hex')).toBe('0001000000000005');
    expect(cipher().open({ ...record, fragment: sealed })).toEqual(fragment);
  }
});

test('what is too short for nonce and tag, or was changed, is not opened', () => {
  const fragment = cipher().seal(record);
  for (let length = 0; length < fragment.length; length++) {
    expect(cipher().open({ ...record, fragment: fragment.subarray(0, length) }), `${length} bytes`).toBeUndefined();
  }
  for (const changed of [{ type: 22 }, { epoch: 2 }, { sequence: 6 }]) {
    expect(cipher().open({ ...record, fragment, ...changed })).toBeUndefined();
  }
});
