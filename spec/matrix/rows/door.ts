import { ending, everywhere, type FaultRow, SHORT_CONNECTION_MS } from '../fault-row.ts';

const opening = { phase: 'opening', switched: null, sent: null } as const;

const failed = everywhere([ending({ kind: 'websocket-error', close: { code: 1006, reason: '' } }, opening)]);

/** While the WebSocket opens. */
export const doorRows: readonly FaultRow[] = [
  { name: 'refused', fault: { kind: 'refused' }, when: 'start', expect: failed },
  { name: 'upgrade-cut', fault: { kind: 'upgrade-cut' }, when: 'start', expect: failed },
  { name: 'upgrade-rejected, 503', fault: { kind: 'upgrade-rejected', status: 503 }, when: 'start', expect: failed },
  {
    name: 'upgrade-silent',
    fault: { kind: 'upgrade-silent' },
    when: 'start',
    connectionMs: SHORT_CONNECTION_MS,
    expect: everywhere([ending({ kind: 'connect-timeout', during: 'opening' }, opening)]),
  },
  { name: 'upgrade-delayed, 300 ms', fault: { kind: 'upgrade-delayed', ms: 300 }, when: 'start', expect: everywhere('lives') },
];
