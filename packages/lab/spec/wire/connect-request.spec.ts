import { describe, expect, test } from 'vitest';
import { checkConnect, type ConnectRequest } from '../../src/wire/connect-request.ts';

const limits = { maxUserChannels: 3, bundleIdAllowed: true };
const base = { type: 'connect', role: 'sendrecv', channel_id: 'room' };
const accepted = (members: object): ConnectRequest => {
  const outcome = checkConnect({ ...base, ...members }, limits);
  if (!outcome.ok) throw new Error(outcome.reason);
  return outcome.value;
};
const refused = (members: object): string => {
  const outcome = checkConnect({ ...base, ...members }, limits);
  return outcome.ok ? 'accepted' : outcome.reason;
};

describe('what is absent stays absent, what has a default gets it', () => {
  test('the least connect', () => {
    expect(accepted({})).toEqual({
      role: 'sendrecv',
      channelId: 'room',
      redirected: false,
      audio: { codec: 'OPUS', opusParams: {} },
      video: { params: {} },
      dataChannels: [],
      forwardingFilters: [],
      message: base,
    });
  });

  test('metadata null is not metadata absent', () => {
    expect(accepted({ metadata: null })).toHaveProperty('metadata', null);
    expect(accepted({})).not.toHaveProperty('metadata');
  });

  test('user channels: ordered, not compressed, without header (O14)', () => {
    expect(accepted({ data_channels: [{ label: '#a', direction: 'recvonly' }] }).dataChannels).toEqual([
      { label: '#a', direction: 'recvonly', ordered: true, compress: false, protocol: '', senderHeader: false },
    ]);
  });

  test('audio and video as objects mean enabled', () => {
    const { audio, video } = accepted({
      audio: { bit_rate: 64, opus_params: { stereo: true, ptime: 20 } },
      video: { codec_type: 'AV1', av1_params: { profile: 1 } },
    });
    expect(audio).toEqual({ codec: 'OPUS', bitRate: 64, opusParams: { stereo: true, ptime: 20 } });
    expect(video).toEqual({ codec: 'AV1', params: { av1_params: { profile: 1 } } });
    expect(accepted({ audio: false, video: false })).toMatchObject({ audio: false, video: false });
  });

  test('the new rid goes before the deprecated one (O19)', () => {
    expect(accepted({ simulcast_rid: 'r0' }).simulcastRequestRid).toBe('r0');
    expect(accepted({ simulcast_rid: 'r0', simulcast_request_rid: 'none' }).simulcastRequestRid).toBe('none');
  });

  test('obsolete and unknown members are ignored', () => {
    expect(refused({ multistream: 'yes', e2ee: 5, plan_b: true, user_agent: [], anything: {} })).toBe('accepted');
  });
});

describe('what is wrong names itself', () => {
  test.each([
    [{ role: 'upstream' }, 'role must be one of sendrecv, sendonly, recvonly'],
    [{ channel_id: undefined }, 'channel_id is required'],
    [{ channel_id: 7 }, 'channel_id must be a string'],
    [{ client_id: 'あ'.repeat(86) }, 'client_id exceeds 255 bytes'],
    [{ audio: null }, 'audio must be an object'],
    [{ audio: { bit_rate: 5 } }, 'audio.bit_rate must be an integer from 6 to 510'],
    [{ audio: { opus_params: { stereo: 1 } } }, 'audio.opus_params.stereo must be a boolean'],
    [{ video: { codec_type: 'VP10' } }, 'video.codec_type must be one of VP8, VP9, AV1, H264, H265'],
    [{ video: { vp9_params: 3 } }, 'video.vp9_params must be an object'],
    [{ spotlight: 3 }, 'spotlight must be a boolean'],
    [{ spotlight_number: 9 }, 'spotlight_number must be an integer from 1 to 8'],
    [{ spotlight_unfocus_rid: 'r0' }, 'spotlight_unfocus_rid needs spotlight'],
    [{ simulcast_multicodec: true }, 'simulcast_multicodec needs simulcast'],
    [{ simulcast: true, simulcast_multicodec: true }, 'simulcast_multicodec is not allowed by this server'],
    [{ simulcast_rid: 'none' }, 'simulcast_rid must be one of r0, r1, r2'],
    [{ data_channels: {} }, 'data_channels must be an array'],
    [{ data_channels: [1] }, 'data_channels[0] must be an object'],
    [{ data_channels: [{ label: '#a' }] }, 'data_channels[0].direction is required'],
    [{ data_channels: [{ label: 'signaling', direction: 'sendrecv' }] }, 'data_channels[0].label must begin with #'],
    [{ data_channels: [{ label: `#${'😀'.repeat(32)}`, direction: 'sendrecv' }] }, 'data_channels[0].label exceeds 32 characters'],
    [
      { data_channels: [{ label: '#a', direction: 'sendrecv', header: [{ type: 'time' }] }] },
      'header[0].type must be one of sender_connection_id',
    ],
    [
      {
        data_channels: [
          { label: '#a', direction: 'sendrecv' },
          { label: '#a', direction: 'recvonly' },
        ],
      },
      'data_channels names a label twice',
    ],
    [{ data_channels: Array.from({ length: 4 }, () => ({})) }, 'data_channels has more than 3 entries'],
    [{ forwarding_filters: [{ rules: 'all' }] }, 'forwarding_filters[0].rules must be an array'],
    [{ forwarding_filters: [{ rules: [{}] }] }, 'forwarding_filters[0].rules[0] must be an array'],
    [{ forwarding_filter: { rules: [[{ field: 'role' }]] } }, 'forwarding_filter.rules[0][0].values is required'],
  ])('%j', (members, reason) => {
    expect(refused(members)).toBe(reason);
  });

  test('a label of 32 characters, however many bytes, is fine', () => {
    expect(refused({ data_channels: [{ label: `#${'😀'.repeat(31)}`, direction: 'sendrecv' }] })).toBe('accepted');
  });
});
