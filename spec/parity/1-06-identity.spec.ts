import { expect } from 'vitest';
import { timeline } from '../../src/timeline/timeline.ts';
import { rpc } from '../../src/rpc/rpc.ts';
import type { ConnectOptions } from '../../src/session/options.ts';
import { outcome, pass, rig, useVirtualTime } from '../support/session-rig.ts';
import { parity } from './parity.ts';

useVirtualTime();

const connectWith = (options: Partial<ConnectOptions>): Record<string, unknown> => rig({ start: 'signaling', options }).sent('connect')[0]!;

parity(
  '1.6 identity, metadata, authentication',
  'metadata',
  { official: 'sent unless undefined; null by default', here: '`metadata`: any JSON, absent where not given, null where null is given' },
  () => {
    expect(connectWith({ metadata: { access_token: 'T' } })).toMatchObject({ metadata: { access_token: 'T' } });
    expect(connectWith({ metadata: null })).toMatchObject({ metadata: null });
    expect(connectWith({})).not.toHaveProperty('metadata');
  },
);

parity(
  '1.6 identity, metadata, authentication',
  'fresh credentials for each attempt',
  {
    official: 'the application changes `metadata`',
    here: '`metadata` may be a function, also an asynchronous one, called for each attempt',
  },
  async () => {
    const r = rig({ start: 'opening', options: { metadata: () => Promise.resolve({ access_token: 'fresh' }) } });
    r.play('ws.open');
    expect(r.sent()).toEqual([]);
    await pass(0);
    expect(r.sent('connect')[0]).toMatchObject({ metadata: { access_token: 'fresh' } });
  },
);

parity(
  '1.6 identity, metadata, authentication',
  'metadata for notify',
  { official: '`signalingNotifyMetadata`', here: '`signalingNotifyMetadata`' },
  () => {
    expect(connectWith({ signalingNotifyMetadata: { nick: 'me' } })).toMatchObject({ signaling_notify_metadata: { nick: 'me' } });
  },
);

parity(
  '1.6 identity, metadata, authentication',
  'client id and bundle id',
  {
    official: '`clientId`, `bundleId`, empty ones sent',
    here: '`clientId`, `bundleId`, 1 to 255 bytes: by contract an empty one is refused, as the server would',
  },
  () => {
    expect(connectWith({ clientId: 'me', bundleId: 'b' })).toMatchObject({ client_id: 'me', bundle_id: 'b' });
    expect(() => connectWith({ clientId: '' })).toThrow('clientId');
    expect(() => connectWith({ bundleId: '' })).toThrow('bundleId');
  },
);

parity(
  '1.6 identity, metadata, authentication',
  'ids back from the offer',
  { official: 'fields of the connection', here: '`ConnectedInfo`: `connectionId`, `clientId`, `bundleId`, `sessionId`, `channelId`' },
  async () => {
    const r = rig({ options: { clientId: 'asked' }, sora: { offer: { client_id: 'decided', bundle_id: 'bundle' } } });
    expect(await r.session.connect()).toMatchObject({
      connectionId: 'FAKECONNECTION000000000000',
      clientId: 'decided',
      bundleId: 'bundle',
      sessionId: 'FAKESESSION000000000000000',
      channelId: 'sora',
    });
  },
);

parity(
  '1.6 identity, metadata, authentication',
  'metadata of the authentication',
  { official: '`authMetadata`', here: '`ConnectedInfo.authMetadata`; in no log and no timeline' },
  async () => {
    const r = rig({ sora: { offer: { metadata: { plan: 'gold-plan' } } } });
    expect(await r.session.connect()).toMatchObject({ authMetadata: { plan: 'gold-plan' } });
    expect(JSON.stringify(r.collect(timeline(r.session)))).not.toContain('gold-plan');
  },
);

parity(
  '1.6 identity, metadata, authentication',
  'change metadata for notify in call',
  { official: 'by `rpc`, untyped', here: 'typed `rpc("2025.2.0/PutSignalingNotifyMetadata")` and `…Item`' },
  () => {
    const r = rig({ mode: 'D', start: 'switched', sora: { labels: ['rpc'] } });
    void outcome(rpc(r.session, '2025.2.0/PutSignalingNotifyMetadata', { metadata: { nick: 'new' }, push: true }));
    void outcome(rpc(r.session, '2025.2.0/PutSignalingNotifyMetadataItem', { key: 'hand', value: true }));
    expect(r.sent().slice(-2)).toMatchObject([
      { method: '2025.2.0/PutSignalingNotifyMetadata', params: { metadata: { nick: 'new' }, push: true } },
      { method: '2025.2.0/PutSignalingNotifyMetadataItem', params: { key: 'hand', value: true } },
    ]);
  },
);
