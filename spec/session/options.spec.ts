import { test as propertyTest, fc } from '@fast-check/vitest';
import { describe, expect, test } from 'vitest';
import { SoraOptionsError } from '../../src/session/options-error.ts';
import { checkOptions, type ConnectOptions } from '../../src/session/options.ts';

const required = { signalingUrl: 'wss://sora.example/signaling', channelId: 'room', role: 'sendrecv' } as const;

/** The path that a wrong option is named by; the options are unknown because a mistake is what they are. */
function pathOf(options: unknown): string {
  try {
    checkOptions(options as ConnectOptions);
  } catch (error) {
    if (error instanceof SoraOptionsError) {
      expect(error.name).toBe('SoraOptionsError');
      expect(error.code).toBe('invalid-option');
      expect(error.message).toContain(error.path);
      return error.path;
    }
    throw error;
  }
  return 'accepted';
}

const pathWith = (wrong: object): string => pathOf({ ...required, ...wrong });

describe('defaults', () => {
  test('three required options are enough', () => {
    expect(checkOptions(required)).toEqual({
      signalingUrls: ['wss://sora.example/signaling'],
      channelId: 'room',
      role: 'sendrecv',
      audio: true,
      video: true,
      disconnectPolicy: 'graceful',
      iceDisconnectedRule: 'when-undefined',
      timeouts: {
        connectionMs: 60_000,
        signalingUrlMs: 3_000,
        disconnectMs: 3_000,
        iceDisconnectedMs: 10_000,
        dataChannelGraceMs: 500,
        rpcMs: 10_000,
      },
      platform: {},
      forceStereoOutput: false,
      skipIceCandidateEvent: false,
    });
  });

  test('one timeout leaves the others at their defaults', () => {
    expect(checkOptions({ ...required, timeouts: { rpcMs: 1 } }).timeouts).toMatchObject({ rpcMs: 1, connectionMs: 60_000 });
  });

  test('a member that is undefined counts as absent, an unknown one too', () => {
    const options = { ...required, clientId: undefined, audio: undefined, timeouts: { rpcMs: undefined }, spotlite: undefined };
    expect(checkOptions(options)).toEqual(checkOptions(required));
    expect(checkOptions(options)).not.toHaveProperty('clientId');
  });

  test('live objects and functions are handed on as they are', () => {
    const live = {
      stream: { id: 's', getTracks: () => [] },
      platform: { now: () => 0, CompressionStream: undefined },
      signal: new AbortController().signal,
      metadata: () => ({ access_token: 'x' }),
      rtcConfiguration: (offered: RTCConfiguration) => offered,
    };
    const config = checkOptions({ ...required, ...live });
    for (const [name, value] of Object.entries(live)) expect(config[name as keyof typeof live]).toBe(value);
  });

  test('changing the options afterwards changes nothing', () => {
    const audio = { bitRate: 64 };
    const config = checkOptions({ ...required, audio });
    audio.bitRate = 6;
    expect(config.audio).toEqual({ bitRate: 64 });
  });
});

describe('signaling URLs', () => {
  test('duplicates are removed, the order stays', () => {
    const signalingUrl = ['wss://b.example/', 'wss://a.example', 'wss://B.example', 'wss://a.example/'];
    expect(checkOptions({ ...required, signalingUrl }).signalingUrls).toEqual(['wss://b.example/', 'wss://a.example']);
  });

  test.each([
    ['https://sora.example', 'signalingUrl'],
    ['/signaling', 'signalingUrl'],
    ['', 'signalingUrl'],
    ['wss://sora.example/#part', 'signalingUrl'],
    [[], 'signalingUrl'],
    [['ws://a.example', 'http://b.example'], 'signalingUrl[1]'],
    [[7], 'signalingUrl[0]'],
    [undefined, 'signalingUrl'],
    [null, 'signalingUrl'],
  ])('%j is refused', (signalingUrl, path) => {
    expect(pathWith({ signalingUrl })).toBe(path);
  });
});

describe('what each wrong option is named by', () => {
  const channel = { label: '#chat', direction: 'sendrecv' };
  const rule = { field: 'kind', operator: 'is_in', values: ['video'] };
  const cyclic: Record<string, unknown> = {};
  cyclic['self'] = { cyclic };

  test.each<[string, object]>([
    ['channelId', { channelId: undefined }],
    ['channelId', { channelId: '' }],
    ['channelId', { channelId: 7 }],
    ['channelId', { channelId: 'a'.repeat(256) }],
    ['channelId', { channelId: 'あ'.repeat(86) }],
    ['clientId', { clientId: '' }],
    ['clientId', { clientId: null }],
    ['bundleId', { bundleId: '' }],
    ['role', { role: undefined }],
    ['role', { role: 'upstream' }],
    ['audio', { audio: 'yes' }],
    ['audio', { audio: null }],
    ['audio', { audio: [] }],
    ['audio.codecType', { audio: { codecType: 'LYRA' } }],
    ['audio.bitRate', { audio: { bitRate: 5 } }],
    ['audio.bitRate', { audio: { bitRate: 511 } }],
    ['audio.bitRate', { audio: { bitRate: 64.5 } }],
    ['audio.bitRate', { audio: { bitRate: '64' } }],
    ['audio.opusParams.ptime', { audio: { opusParams: { ptime: NaN } } }],
    ['audio.opusParams.maxPlaybackRate', { audio: { opusParams: { maxPlaybackRate: 48_000 } } }],
    ['audio.opusParams.stereo', { audio: { opusParams: { stereo: 1 } } }],
    ['video.codecType', { video: { codecType: 'vp8' } }],
    ['video.bitRate', { video: { bitRate: 50_001 } }],
    ['video.vp9Params', { video: { vp9Params: 'profile 0' } }],
    ['video.av1Params', { video: { av1Params: [] } }],
    ['video.h265Params', { video: { h265Params: null } }],
    ['video.h264Params.level', { video: { h264Params: { level: Infinity } } }],
    ['simulcast', { simulcast: 'true' }],
    ['simulcastRid', { simulcastRid: 'none' }],
    ['simulcastRequestRid', { simulcastRequestRid: 'r3' }],
    ['spotlight', { spotlight: 3 }],
    ['spotlight.number', { spotlight: { number: 0 } }],
    ['spotlight.number', { spotlight: { number: 9 } }],
    ['spotlight.focusRid', { spotlight: { focusRid: 'high' } }],
    ['dataChannelSignaling', { dataChannelSignaling: null }],
    ['dataChannels', { dataChannels: channel }],
    ['dataChannels[0]', { dataChannels: ['#chat'] }],
    ['dataChannels[0].label', { dataChannels: [{ direction: 'sendrecv' }] }],
    ['dataChannels[0].label', { dataChannels: [{ ...channel, label: 'chat' }] }],
    ['dataChannels[0].label', { dataChannels: [{ ...channel, label: 'signaling' }] }],
    ['dataChannels[0].label', { dataChannels: [{ ...channel, label: `#${'x'.repeat(32)}` }] }],
    ['dataChannels[1].label', { dataChannels: [channel, channel] }],
    ['dataChannels[0].direction', { dataChannels: [{ label: '#chat' }] }],
    ['dataChannels[0].direction', { dataChannels: [{ ...channel, direction: 'both' }] }],
    ['dataChannels[0].maxPacketLifeTime', { dataChannels: [{ ...channel, maxPacketLifeTime: 65_536 }] }],
    ['dataChannels[0].maxRetransmits', { dataChannels: [{ ...channel, maxPacketLifeTime: 1, maxRetransmits: 0 }] }],
    ['dataChannels[0].protocol', { dataChannels: [{ ...channel, protocol: 7 }] }],
    ['dataChannels[0].header[0].type', { dataChannels: [{ ...channel, header: [{ type: 'receiver' }] }] }],
    ['dataChannels[0].max_retransmits', { dataChannels: [{ ...channel, max_retransmits: 1 }] }],
    [`metadata${'.0'.repeat(101)}`.slice(0, 100), { metadata: JSON.parse('['.repeat(102) + ']'.repeat(102)) as unknown }],
    ['metadata.token', { metadata: { token: Symbol('secret') } }],
    ['metadata.list.1', { metadata: { list: [1, undefined] } }],
    [`metadata${'.self.cyclic'.repeat(51)}`.slice(0, 100), { metadata: cyclic }],
    ['signalingNotifyMetadata', { signalingNotifyMetadata: 10n }],
    ['signalingNotifyMetadata', { signalingNotifyMetadata: () => 'only metadata may be a function' }],
    ['forwardingFilters', { forwardingFilters: {} }],
    ['forwardingFilters[0].rules', { forwardingFilters: [{ action: 'block' }] }],
    ['forwardingFilters[0].rules[0]', { forwardingFilters: [{ rules: [rule] }] }],
    ['forwardingFilters[0].rules[0][1].operator', { forwardingFilters: [{ rules: [[rule, { ...rule, operator: 'is' }]] }] }],
    ['forwardingFilters[0].priority', { forwardingFilters: [{ rules: [], priority: 0.5 }] }],
    ['forwardingFilter', { forwardingFilter: { rules: [] }, forwardingFilters: [] }],
    ['audioStreamingLanguageCode', { audioStreamingLanguageCode: '' }],
    ['stream', { stream: {} }],
    ['signalingUrlPolicy', { signalingUrlPolicy: 'random' }],
    ['disconnectPolicy', { disconnectPolicy: 'slow' }],
    ['iceDisconnectedRule', { iceDisconnectedRule: 'never' }],
    ['timeouts', { timeouts: 1000 }],
    ['timeouts.connectionMs', { timeouts: { connectionMs: NaN } }],
    ['timeouts.connectionMs', { timeouts: { connectionMs: -1 } }],
    ['timeouts.connectionMs', { timeouts: { connectionMs: 2 ** 31 } }],
    ['timeouts.signalingUrlMs', { timeouts: { signalingUrlMs: Infinity } }],
    ['timeouts.disconnectMs', { timeouts: { disconnectMs: '3000' } }],
    ['timeouts.iceDisconnectedMs', { timeouts: { iceDisconnectedMs: null } }],
    ['timeouts.dataChannelGraceMs', { timeouts: { dataChannelGraceMs: -0.1 } }],
    ['timeouts.rpcMs', { timeouts: { rpcMs: 2_147_483_648 } }],
    ['timeouts.connection', { timeouts: { connection: 1 } }],
    ['platform', { platform: null }],
    ['platform.WebSocket', { platform: { WebSocket: {} } }],
    ['platform.now', { platform: { now: 0 } }],
    ['platform.userAgent', { platform: { userAgent: 7 } }],
    ['signal', { signal: new AbortController() }],
    ['forceStereoOutput', { forceStereoOutput: 1 }],
    ['skipIceCandidateEvent', { skipIceCandidateEvent: 'no' }],
    ['rtcConfiguration', { rtcConfiguration: { iceServers: [] } }],
    ['chanelId', { chanelId: 'room' }],
    ['__proto__', JSON.parse('{"__proto__":{"channelId":"room"}}') as object],
  ])('%s', (path, wrong) => {
    expect(pathWith(wrong)).toBe(path);
  });

  test.each([null, undefined, 'wss://sora.example', 7, []])('%j instead of options', (options) => {
    expect(pathOf(options)).toBe('');
  });

  test('a name that differs in capitals or underscores only is corrected by the error', () => {
    expect(() => checkOptions({ ...required, ignore_disconnect_websocket: true } as ConnectOptions)).toThrow(
      'option ignore_disconnect_websocket is unknown, did you mean ignoreDisconnectWebSocket?',
    );
    expect(() => checkOptions({ ...required, spotlite: true } as ConnectOptions)).toThrow('option spotlite is unknown');
  });

  test('the message never contains the value', () => {
    expect(() => checkOptions({ ...required, channelId: 'secret'.repeat(99) })).toThrow(/^(?!.*secret)/);
  });
});

describe('limits that are just met', () => {
  test.each<[string, object]>([
    ['longest identifier in bytes', { channelId: 'あ'.repeat(85) }],
    ['longest label', { dataChannels: [{ label: `#${'x'.repeat(31)}`, direction: 'recvonly' }] }],
    ['longest delay', { timeouts: { connectionMs: 2_147_483_647 } }],
    ['no delay', { timeouts: { connectionMs: 0, dataChannelGraceMs: 0 } }],
    ['empty filters', { forwardingFilters: [] }],
    ['null as metadata', { metadata: null }],
    ['a Date in metadata', { metadata: { at: new Date(0) } }],
    ['an object used twice', { metadata: [required, required] }],
  ])('%s', (_, options) => {
    expect(pathWith(options)).toBe('accepted');
  });
});

describe('properties', () => {
  propertyTest.prop([fc.anything({ withBigInt: true, withNullPrototype: true, withSparseArray: true })])(
    'whatever is given, the answer is a configuration or a SoraOptionsError',
    (anything) => {
      pathOf(anything);
      pathWith({ metadata: anything });
      pathWith({ timeouts: anything });
      pathWith({ dataChannels: [anything] });
    },
  );

  propertyTest.prop([fc.jsonValue()])('every JSON value is welcome as metadata and stays the same', (metadata) => {
    const value = metadata as never;
    expect(checkOptions({ ...required, metadata: value, signalingNotifyMetadata: value })).toMatchObject({
      metadata,
      signalingNotifyMetadata: metadata,
    });
  });

  propertyTest.prop([fc.oneof(fc.double(), fc.integer(), fc.float())])('a delay is a number from 0 to 2147483647', (ms) => {
    const inRange = ms >= 0 && ms <= 2_147_483_647;
    expect(pathWith({ timeouts: { disconnectMs: ms } })).toBe(inRange ? 'accepted' : 'timeouts.disconnectMs');
  });
});
