import { describe, expect, test } from 'vitest';
import { connectMessage, type ConnectFacts } from '../../src/wire/connect-message.ts';
import type { ConnectRequest } from '../../src/wire/connect-request.ts';

const facts: ConnectFacts = { metadata: undefined, redirect: false, environment: undefined, soraClient: 'rx-sora 0.1.0' };
const request: ConnectRequest = { channelId: 'room', role: 'sendrecv' };
const least = { type: 'connect', role: 'sendrecv', channel_id: 'room', audio: true, video: true, sora_client: 'rx-sora 0.1.0' };

describe('connectMessage', () => {
  test('tells audio and video, and else only what was asked for', () => {
    expect(connectMessage(request, facts)).toEqual(least);
    expect(Object.values(connectMessage(request, facts))).not.toContain(undefined);
  });

  test('what differs from one WebSocket to the next', () => {
    const message = connectMessage(request, { ...facts, sdp: 'v=0', metadata: null, redirect: true, environment: 'Lab/1.0' });
    expect(message).toEqual({ ...least, sdp: 'v=0', metadata: null, redirect: true, environment: 'Lab/1.0' });
  });

  test.each<[string, Partial<ConnectRequest>, object]>([
    ['audio off', { audio: false }, { audio: false }],
    ['audio on', { audio: true }, { audio: true }],
    ['audio without details', { audio: {} }, { audio: true }],
    ['Opus without details', { audio: { opusParams: {} } }, { audio: true }],
    ['Opus without details beside a codec', { audio: { codecType: 'OPUS', opusParams: {} } }, { audio: { codec_type: 'OPUS' } }],
    [
      'audio in detail',
      {
        audio: {
          codecType: 'OPUS',
          bitRate: 64,
          opusParams: {
            channels: 2,
            maxplaybackrate: 16_000,
            minptime: 10,
            ptime: 20,
            stereo: false,
            spropStereo: true,
            useinbandfec: true,
            usedtx: false,
          },
        },
      },
      {
        audio: {
          codec_type: 'OPUS',
          bit_rate: 64,
          opus_params: {
            channels: 2,
            maxplaybackrate: 16_000,
            minptime: 10,
            ptime: 20,
            stereo: false,
            sprop_stereo: true,
            useinbandfec: true,
            usedtx: false,
          },
        },
      },
    ],
    ['video off', { video: false }, { video: false }],
    ['video without details', { video: {} }, { video: true }],
    [
      'video in detail',
      {
        video: {
          codecType: 'AV1',
          bitRate: 1500,
          vp9Params: { profile_id: 0 },
          av1Params: { profile: 1 },
          h264Params: { b_frame: true },
          h265Params: { level_id: 90 },
        },
      },
      {
        video: {
          codec_type: 'AV1',
          bit_rate: 1500,
          vp9_params: { profile_id: 0 },
          av1_params: { profile: 1 },
          h264_params: { b_frame: true },
          h265_params: { level_id: 90 },
        },
      },
    ],
    ['spotlight off', { spotlight: false }, { spotlight: false }],
    ['spotlight on', { spotlight: true }, { spotlight: true }],
    ['spotlight without details', { spotlight: {} }, { spotlight: true }],
    [
      'spotlight in detail',
      { spotlight: { number: 3, focusRid: 'r2', unfocusRid: 'none' } },
      { spotlight: true, spotlight_number: 3, spotlight_focus_rid: 'r2', spotlight_unfocus_rid: 'none' },
    ],
    [
      'simulcast',
      { simulcast: true, simulcastRid: 'r1', simulcastRequestRid: 'none' },
      { simulcast: true, simulcast_rid: 'r1', simulcast_request_rid: 'none' },
    ],
    [
      'signaling over DataChannels',
      { dataChannelSignaling: true, ignoreDisconnectWebSocket: false },
      { data_channel_signaling: true, ignore_disconnect_websocket: false },
    ],
    ['no DataChannels', { dataChannels: [] }, {}],
    [
      'DataChannels',
      {
        dataChannels: [
          { label: '#a', direction: 'sendonly' },
          {
            label: '#b',
            direction: 'recvonly',
            ordered: false,
            maxPacketLifeTime: 100,
            protocol: 'p',
            compress: true,
            header: [{ type: 'sender_connection_id' }],
          },
          { label: '#c', direction: 'sendrecv', maxRetransmits: 0 },
        ],
      },
      {
        data_channels: [
          { label: '#a', direction: 'sendonly' },
          {
            label: '#b',
            direction: 'recvonly',
            ordered: false,
            max_packet_life_time: 100,
            protocol: 'p',
            compress: true,
            header: [{ type: 'sender_connection_id' }],
          },
          { label: '#c', direction: 'sendrecv', max_retransmits: 0 },
        ],
      },
    ],
    ['ids', { clientId: 'c', bundleId: 'b' }, { client_id: 'c', bundle_id: 'b' }],
    ['notify metadata', { signalingNotifyMetadata: null }, { signaling_notify_metadata: null }],
    ['filters', { forwardingFilters: [{ rules: [] }] }, { forwarding_filters: [{ rules: [] }] }],
    ['the old filter', { forwardingFilter: { rules: [], action: 'allow' } }, { forwarding_filter: { rules: [], action: 'allow' } }],
    ['language', { audioStreamingLanguageCode: 'ja-JP' }, { audio_streaming_language_code: 'ja-JP' }],
  ])('%s', (_, asked, members) => {
    expect(connectMessage({ ...request, ...asked }, facts)).toEqual({ ...least, ...members });
  });
});
