import { readFileSync } from 'node:fs';
import { redact } from 'rx-sora';
import { describe, expect, test } from 'vitest';
import { Inspection } from '../../src/model/inspection.ts';
import { openRecording } from '../../src/model/open-recording.ts';
import { reportOf } from '../../src/model/report.ts';

const RECORDING = readFileSync(new URL('../../../../spec/testing/recordings/mixed-websocket-cut.jsonl', import.meta.url), 'utf8');

const settings = { redact, userAgent: 'a browser', nowMs: 0 };

describe('a report', () => {
  test('has the end, the facts and the timeline, and is JSON', async () => {
    const inspection = await openRecording('a', RECORDING, 1000);
    const report = reportOf(inspection, settings);
    expect(report).toMatchObject({ report: 1, createdAt: '1970-01-01T00:00:00.000Z', userAgent: 'a browser', state: 'ended' });
    expect(report.termination).toEqual(inspection.termination);
    expect(report.description).toMatch(/^Ended while connected after \d+ ms: /);
    expect(report.timeline).toEqual(inspection.log.entries);
    expect(JSON.parse(JSON.stringify(report))).toEqual(report);
  });

  test('says how many entries are missing', async () => {
    const inspection = await openRecording('a', RECORDING, 8);
    const { timeline, droppedEntries } = reportOf(inspection, settings);
    expect(droppedEntries).toBeGreaterThan(0);
    expect(timeline.length).toBeLessThanOrEqual(9);
  });

  test('holds nothing secret: not of the connection, of the members, of statistics, of messages', () => {
    const inspection = new Inspection(10, null);
    inspection.connected = {
      connectionId: 'C',
      clientId: 'ann',
      bundleId: 'C',
      channelId: 'sora',
      contactUrl: 'wss://sora.example.com/signaling?token=CANARY',
      connectedUrl: 'wss://sora.example.com/signaling?token=CANARY',
      simulcast: false,
      spotlight: false,
      rpcMethods: [],
      authMetadata: { secret: 'CANARY' },
      connectedAt: 1,
    };
    const member = { connectionId: 'C', isSelf: true, authnMetadata: { name: 'CANARY' }, metadata: 'CANARY' };
    inspection.roster = { self: member, members: [member], counts: null };
    inspection.takeMessage({ direction: 'received', label: '#chat', bytes: 6, text: 'CANARY' });
    inspection.sample = {
      at: 0,
      reports: [{ id: 'I', type: 'local-candidate', timestamp: 0, usernameFragment: 'CANARY' } as RTCStats],
      inbound: [],
      outbound: [],
      path: null,
      dataChannels: [],
      playoutGapRatio: null,
      stalled: null,
    };
    const text = JSON.stringify(reportOf(inspection, settings));
    expect(text).not.toContain('CANARY');
    expect(text).toContain('"clientId":"ann"');
  });
});
