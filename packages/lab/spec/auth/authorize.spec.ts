import { EMPTY, firstValueFrom, of } from 'rxjs';
import { expect, test } from 'vitest';
import { authorize } from '../../src/auth/authorize.ts';
import { readAuthResponse } from '../../src/auth/overrides.ts';
import type { AuthRequest } from '../../src/wire/auth-webhook.ts';
import type { LabOptions } from '../../src/lab-options.ts';
import { settingsFrom } from '../../src/settings.ts';

const ask = (options: LabOptions) => firstValueFrom(authorize(settingsFrom(options), {} as AuthRequest));

test('without an authority everybody is allowed', async () => {
  expect(await ask({})).toEqual({ ok: true, value: { videoParams: {} } });
});

test('an Observable may answer; one that says nothing refuses', async () => {
  expect(await ask({ auth: () => of({ allowed: true, client_id: 'x' } as const) })).toMatchObject({ ok: true, value: { clientId: 'x' } });
  expect(await ask({ auth: () => EMPTY })).toEqual({
    ok: false,
    reason: 'AUTHENTICATION-INTERNAL-ERROR',
    detail: 'INVALID-AUTH-WEBHOOK-RESPONSE-JSON: response must be an object',
  });
});

test('every override is read', () => {
  const outcome = readAuthResponse({
    allowed: true,
    audio: false,
    audio_bit_rate: 32,
    audio_opus_params: { usedtx: true },
    video_h264_params: { profile_level_id: '42e01f' },
    simulcast_rid: 'r1',
    simulcast_rpc_rids: ['none', 'r0'],
    spotlight: true,
    spotlight_number: 2,
    spotlight_encodings: [{ rid: 'r0' }],
    connection_lifetime: 60,
    signaling_notify: false,
    signaling_notify_metadata: null,
    signaling_notify_metadata_ext: { hand: false },
    signaling_notify_ice_connection_state: true,
    audio_streaming_language_code: 'ja-JP',
    metadata: [1],
    forwarding_filters: [{ action: 'allow', rules: [] }],
    event_metadata: { bill: 7 },
    turn_tcp_only: false,
    turn_tls_only: false,
    simulcast_multicodec: false,
  });
  expect(outcome).toEqual({
    ok: true,
    value: {
      audio: false,
      audioBitRate: 32,
      audioOpusParams: { usedtx: true },
      videoParams: { h264_params: { profile_level_id: '42e01f' } },
      simulcastRequestRid: 'r1',
      simulcastRpcRids: ['none', 'r0'],
      spotlight: true,
      spotlightNumber: 2,
      spotlightEncodings: [{ rid: 'r0' }],
      lifetimeMs: 60_000,
      notify: false,
      notifyMetadata: null,
      metadataExtension: { value: { hand: false } },
      notifyIceState: true,
      audioStreamingLanguageCode: 'ja-JP',
      offerMetadata: [1],
      eventMetadata: { bill: 7 },
      forwardingFilters: [{ priority: 0, action: 'allow', rules: [] }],
    },
  });
});

test.each([
  [true, { value: undefined }],
  [false, undefined],
  [null, { value: null }],
  ['busy', { value: 'busy' }],
])('signaling_notify_metadata_ext %j puts the extension on, off, or on with a value', (given, metadataExtension) => {
  const outcome = readAuthResponse({ allowed: true, signaling_notify_metadata_ext: given });
  expect(outcome).toStrictEqual({ ok: true, value: { ...(metadataExtension && { metadataExtension }), videoParams: {} } });
});

test.each([
  [{ allowed: 'yes' }, 'response.allowed must be a boolean'],
  [{ allowed: true, rpc_methods: [1] }, 'response.rpc_methods must hold strings'],
  [{ allowed: true, simulcast_rpc_rids: ['r9'] }, 'response.simulcast_rpc_rids must hold none, r0, r1, r2'],
  [{ allowed: true, simulcast_multicodec: true }, 'response.simulcast_multicodec is impossible: the lab takes one codec'],
  [{ allowed: true, turn_fqdn: 'turn.example.com' }, 'response.turn_fqdn is impossible: the lab has no TURN server'],
  [{ allowed: true, turn_tls_fqdn: 'turn.example.com' }, 'response.turn_tls_fqdn is impossible: the lab has no TURN server'],
  [{ allowed: true, turn_tcp_only: true }, 'response.turn_tcp_only is impossible: the lab has no TURN server'],
  [{ allowed: true, turn_tls_only: true }, 'response.turn_tls_only is impossible: the lab has no TURN server'],
  [{ allowed: true, signaling_notify_ice_connection_state: 1 }, 'response.signaling_notify_ice_connection_state must be a boolean'],
  [{ allowed: true, audio_streaming_language_code: 1 }, 'response.audio_streaming_language_code must be a string'],
  [{ allowed: true, spotlight_encodings: ['r0'] }, 'response.spotlight_encodings must hold objects'],
  [{ allowed: true, turn_tls_only: 1 }, 'response.turn_tls_only must be a boolean'],
  [{ allowed: true, ipv4_address: '192.0.2.1' }, 'response.ipv4_address is impossible: the lab has no TURN server'],
  [{ allowed: true, ipv6_address: '2001:db8::1' }, 'response.ipv6_address is impossible: the lab has no TURN server'],
  [{ allowed: true, data_channels: [{ label: 'a', direction: 'sendrecv' }] }, 'data_channels[0].label must begin with #'],
])('%j refuses the connection', (response, why) => {
  expect(readAuthResponse(response)).toEqual({
    ok: false,
    reason: 'AUTHENTICATION-INTERNAL-ERROR',
    detail: `INVALID-AUTH-WEBHOOK-RESPONSE-JSON: ${why}`,
  });
});
