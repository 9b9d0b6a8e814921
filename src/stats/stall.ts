import { selectedPair } from './path-stats.ts';
import { difference, firstOf, increase } from './stats-change.ts';
import { type ReportPair, changesOf } from './stats-report.ts';

/** So many intervals in a row without a byte are a stall: one or two are an encoder that pauses, or a timer that is late. */
const STALL_INTERVALS = 3;

/** How long nothing has come in, and what that means. */
export interface Stall {
  /** Intervals in a row. */
  readonly quiet: number;
  readonly stalled: boolean | null | undefined;
}

/**
 * Whether nothing comes in any more although the transport is connected and media were received before: seconds before ICE says so.
 *
 * @param quietBefore what the sample before had as `quiet`
 * @source W3C webrtc-stats, RTCTransportStats bytesReceived, RTCIceCandidatePairStats lastPacketReceivedTimestamp
 */
export function stallOf(pair: ReportPair, quietBefore: number): Stall {
  const [transport] = changesOf(pair, 'transport');
  const selected = selectedPair(pair, transport);
  const bytes = firstOf(
    transport && increase(transport, 'bytesReceived'),
    selected === null ? undefined : increase(selected, 'bytesReceived'),
  );
  if (bytes === undefined) return { quiet: 0, stalled: undefined };
  const isConnected = selected !== null && (transport?.now['dtlsState'] ?? 'connected') === 'connected';
  if (bytes === null || !isConnected || !isMediaExpected(pair)) return { quiet: 0, stalled: null };
  const sinceLastPacket = difference(selected, 'lastPacketReceivedTimestamp') ?? 0;
  const quiet = bytes > 0 || sinceLastPacket > 0 ? 0 : quietBefore + 1;
  return { quiet, stalled: quiet >= STALL_INTERVALS };
}

/** A stream that has been received and has not been taken away. */
const isMediaExpected = ({ now }: ReportPair): boolean =>
  [...now.values()].some(
    ({ type, packetsReceived }) => type === 'inbound-rtp' && typeof packetsReceived === 'number' && packetsReceived > 0,
  );
