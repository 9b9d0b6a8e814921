import { describe, expect, test } from 'vitest';
import { agree, type Agreement } from '../src/agreement.ts';
import { readAuthResponse } from '../src/auth/overrides.ts';
import { settingsFrom } from '../src/settings.ts';
import { checkConnect } from '../src/wire/connect-request.ts';

/** What comes of members of `connect` and of an auth response. */
function agreed(asked: object, authorised: object = {}): Agreement {
  const connect = { type: 'connect', role: 'sendrecv', channel_id: 'room', audio: true, video: true, ...asked };
  const request = checkConnect(connect, { maxUserChannels: 32, bundleIdAllowed: true });
  const overrides = readAuthResponse({ allowed: true, ...authorised });
  if (!request.ok || !overrides.ok) throw new Error('refused');
  return agree(request.value, overrides.value, settingsFrom({}), 'C');
}

const rids = ({ encodings }: Agreement): readonly unknown[] => encodings.map(({ rid }) => rid);

describe('encodings', () => {
  const authorised = { simulcast_encodings: [{ rid: 'r1' }], spotlight_encodings: [{ rid: 'r2' }] };

  test('those for spotlight count where the connection has spotlight', () => {
    expect(rids(agreed({ spotlight: true }, authorised))).toEqual(['r2']);
    expect(rids(agreed({ spotlight: false }, authorised))).toEqual(['r1']);
    expect(rids(agreed({ spotlight: false }, { ...authorised, spotlight: true }))).toEqual(['r2']);
  });

  test('without them those for simulcast count, and without any the usual three', () => {
    expect(rids(agreed({ spotlight: true }, { simulcast_encodings: [{ rid: 'r1' }] }))).toEqual(['r1']);
    expect(rids(agreed({ spotlight: true }))).toEqual(['r0', 'r1', 'r2']);
  });
});

test('the language of audio streaming is what authentication says, else what the client asked for', () => {
  const asked = { audio_streaming_language_code: 'ja-JP' };
  expect(agreed(asked).audioStreamingLanguageCode).toBe('ja-JP');
  expect(agreed(asked, { audio_streaming_language_code: 'de-DE' }).audioStreamingLanguageCode).toBe('de-DE');
  expect(agreed({}).audioStreamingLanguageCode).toBeUndefined();
});

test('ICE states and the metadata extension are there only where authentication puts them on', () => {
  expect(agreed({})).toMatchObject({ notifyIceState: false, metadataExtension: undefined });
  const authorised = { signaling_notify_ice_connection_state: true, signaling_notify_metadata_ext: 0 };
  expect(agreed({}, authorised)).toMatchObject({ notifyIceState: true, metadataExtension: { value: 0 } });
});
