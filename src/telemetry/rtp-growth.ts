type Entry = Readonly<Record<string, unknown>>;

/** How much the counters of one stream have grown since the look before. */
export interface RtpGrowth {
  readonly direction: 'inbound' | 'outbound';
  readonly kind: string;
  readonly bytes: number;
  readonly packets: number;
  readonly packetsLost: number;
  readonly freezes: number;
  readonly frozenSeconds: number;
  /** Seconds by reason, without `none`. */
  readonly limitedSeconds: Readonly<Record<string, number>>;
}

/**
 * Growth of every stream of RTP between two reports. A stream that is new, or whose counters began anew, has grown by what it counts: nothing of a session is
 * lost or counted twice, whatever the browser replaces. Received packets may turn up late, so a loss may shrink; then nothing was lost.
 *
 * @source W3C webrtc-stats
 */
export function rtpGrowth(reports: readonly unknown[], before: ReadonlyMap<string, Entry>): readonly RtpGrowth[] {
  return reports.filter(isEntry).flatMap((entry): RtpGrowth[] => {
    const earlier = before.get(String(entry['id']));
    const comparable = earlier !== undefined && earlier['ssrc'] === entry['ssrc'] ? earlier : {};
    const grown = (member: string): number => growth(numberOf(entry[member]), numberOf(comparable[member]));
    const kind = typeof entry['kind'] === 'string' ? entry['kind'] : '';
    const nothing = { kind, bytes: 0, packets: 0, packetsLost: 0, freezes: 0, frozenSeconds: 0, limitedSeconds: {} };
    switch (entry['type']) {
      case 'inbound-rtp':
        return [
          {
            ...nothing,
            direction: 'inbound',
            bytes: grown('bytesReceived'),
            packets: grown('packetsReceived'),
            packetsLost: Math.max(0, numberOf(entry['packetsLost']) - numberOf(comparable['packetsLost'])),
            freezes: grown('freezeCount'),
            frozenSeconds: grown('totalFreezesDuration'),
          },
        ];
      case 'outbound-rtp':
        return [
          {
            ...nothing,
            direction: 'outbound',
            bytes: grown('bytesSent'),
            packets: grown('packetsSent'),
            limitedSeconds: limited(entry['qualityLimitationDurations'], comparable['qualityLimitationDurations']),
          },
        ];
      case 'remote-inbound-rtp':
        return [
          {
            ...nothing,
            direction: 'outbound',
            packetsLost: Math.max(0, numberOf(entry['packetsLost']) - numberOf(comparable['packetsLost'])),
          },
        ];
      default:
        return [];
    }
  });
}

export const entriesById = (reports: readonly unknown[]): ReadonlyMap<string, Entry> =>
  new Map(reports.filter(isEntry).map((entry) => [String(entry['id']), entry]));

const isEntry = (value: unknown): value is Entry =>
  typeof value === 'object' && value !== null && typeof (value as Entry)['id'] === 'string';

const numberOf = (value: unknown): number => (typeof value === 'number' && Number.isFinite(value) ? value : 0);

const growth = (now: number, before: number): number => (now >= before ? now - before : now);

const REASONS = ['cpu', 'bandwidth', 'other'] as const;

function limited(now: unknown, before: unknown): Readonly<Record<string, number>> {
  if (typeof now !== 'object' || now === null) return {};
  const earlier = (typeof before === 'object' && before !== null ? before : {}) as Entry;
  const grown = REASONS.map((reason) => [reason, growth(numberOf((now as Entry)[reason]), numberOf(earlier[reason]))] as const);
  return Object.fromEntries(grown.filter(([, seconds]) => seconds > 0));
}
