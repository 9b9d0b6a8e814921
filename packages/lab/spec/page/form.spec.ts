import { fc, test } from '@fast-check/vitest';
import { createSession, redact, sticky } from 'rx-sora';
import { describe, expect } from 'vitest';
import { type FormError, connectOptions } from '../../page/form/connect-options.ts';
import { OPTION_FIELDS, misplacedOptions } from '../../page/form/fields.ts';
import { DEFAULTS, type FormState, hashOf, stateFromHash } from '../../page/form/form-state.ts';

const OWN_URL = 'ws://127.0.0.1:5000/signaling';
const optionsOf = (values: FormState): ReturnType<typeof connectOptions> => connectOptions({ ...DEFAULTS, ...values }, 'a', OWN_URL);

describe('the form', () => {
  test('has a place for every option, and one only', () => {
    expect(misplacedOptions()).toEqual([]);
    for (const [option, fields] of OPTION_FIELDS) {
      expect(fields.length).toBeGreaterThan(0);
      for (const { path } of fields) expect(path.split('.')[0]).toBe(option);
    }
  });

  test('as it stands at first connects both sides to one channel of the lab', () => {
    const [left, right] = (['a', 'b'] as const).map((side) => connectOptions(DEFAULTS, side, OWN_URL));
    expect(left).toMatchObject({ signalingUrl: OWN_URL, channelId: 'sora', role: 'sendrecv', clientId: 'left' });
    expect(right).toMatchObject({ signalingUrl: OWN_URL, channelId: 'sora', role: 'sendrecv', clientId: 'right' });
    expect(() => createSession(left!)).not.toThrow();
  });

  test('puts every value where the SDK has it', () => {
    const options = optionsOf({
      signalingUrl: 'wss://one.example.com/signaling\nwss://two.example.com/signaling',
      signalingUrlPolicy: 'sticky',
      metadata: '{"access_token":"secret"}',
      'a.audio': 'false',
      'a.audio.codecType': 'OPUS',
      'a.video': 'true',
      'a.video.codecType': 'H264',
      'a.video.bitRate': '2500',
      'a.video.h264Params': '{"profile_level_id":"42e01f"}',
      'b.video.codecType': 'AV1',
      'spotlight.number': '3',
      'timeouts.disconnectMs': '0',
      dataChannelSignaling: '',
      dataChannels: '',
    });
    expect(options).toEqual({
      signalingUrl: ['wss://one.example.com/signaling', 'wss://two.example.com/signaling'],
      signalingUrlPolicy: sticky,
      redaction: redact,
      channelId: 'sora',
      metadata: { access_token: 'secret' },
      role: 'sendrecv',
      clientId: 'left',
      audio: false,
      video: { codecType: 'H264', bitRate: 2500, h264Params: { profile_level_id: '42e01f' } },
      spotlight: { number: 3 },
      timeouts: { disconnectMs: 0 },
    });
    expect(() => createSession(options)).not.toThrow();
  });

  test('makes a function of what only a function can say', () => {
    const { rtcConfiguration, beforeAnswer } = optionsOf({
      'rtcConfiguration.iceTransportPolicy': 'relay',
      'beforeAnswer.preferVideoCodec': 'AV1',
    });
    expect(rtcConfiguration?.({ iceServers: [] })).toEqual({ iceServers: [], iceTransportPolicy: 'relay' });
    expect(beforeAnswer).toBeTypeOf('function');
  });

  test('says which value it cannot read, and leaves the rest to the SDK, which names the option too', () => {
    expect(() => optionsOf({ metadata: '{' })).toThrow(expect.objectContaining({ name: 'FormError', path: 'metadata' }) as FormError);
    expect(() => createSession(optionsOf({ 'timeouts.rpcMs': '-1' }))).toThrow(
      expect.objectContaining({ code: 'invalid-option', path: 'timeouts.rpcMs' }) as Error,
    );
  });
});

describe('the URL', () => {
  const names = ['channelId', 'metadata', 'a.role', 'b.media', 'size', 'timeouts.rpcMs', 'a.video.codecType', 'lang'];

  test.prop([fc.dictionary(fc.constantFrom(...names), fc.string({ unit: 'grapheme' }))])(
    'holds what is typed, whatever it is',
    (values) => {
      const state = { ...DEFAULTS, ...values };
      const again = stateFromHash(hashOf(state));
      for (const name of [...names, ...Object.keys(DEFAULTS)]) expect(again[name] ?? '').toBe(state[name] ?? '');
    },
  );

  test('is bare while nothing differs, and a value that was emptied stays empty', () => {
    expect(hashOf(DEFAULTS)).toBe('');
    expect(stateFromHash(hashOf({ ...DEFAULTS, dataChannels: '' }))['dataChannels']).toBe('');
  });

  test('brings in no names that the form does not have', () => {
    expect(stateFromHash('#channelId=x&__proto__=y&toString=z&else=1')).toEqual({ ...DEFAULTS, channelId: 'x' });
  });
});
