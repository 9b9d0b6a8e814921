import type { Counter, Gauge, Histogram, Meter, UpDownCounter } from '@opentelemetry/api';
import * as names from './semconv.ts';

/** Every instrument, made once for each meter. */
export interface Instruments {
  readonly connectionDuration: Histogram;
  readonly connectDuration: Histogram;
  readonly active: UpDownCounter;
  readonly terminations: Counter;
  readonly reconnects: Counter;
  readonly signalingMessages: Counter;
  readonly rtpIo: Counter;
  readonly packets: Counter;
  readonly packetsLost: Counter;
  readonly rtt: Histogram;
  readonly jitter: Histogram;
  readonly freezes: Counter;
  readonly freezeDuration: Counter;
  readonly limitationDuration: Counter;
  readonly concealment: Histogram;
  readonly buffered: Gauge;
}

/** Seconds, from a connection that fails at once to one of a working day. */
const LONG = [0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10, 30, 60, 120, 300, 600, 1800, 3600];
const SHORT = [0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2];
const RATIO = [0, 0.001, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1];

export function instrumentsOf(meter: Meter): Instruments {
  const histogram = (name: string, unit: string, description: string, explicitBucketBoundaries: number[]): Histogram =>
    meter.createHistogram(name, { unit, description, advice: { explicitBucketBoundaries } });
  const counter = (name: string, unit: string, description: string): Counter => meter.createCounter(name, { unit, description });
  return {
    connectionDuration: histogram(names.METRIC_CONNECTION_DURATION, 's', 'Time from connected to the cause of the end', LONG),
    connectDuration: histogram(names.METRIC_CONNECT_DURATION, 's', 'Time from the start to connected, or to the end without it', LONG),
    active: meter.createUpDownCounter(names.METRIC_CONNECTION_ACTIVE, { unit: '{connection}', description: 'Connections that stand' }),
    terminations: counter(names.METRIC_TERMINATION_COUNT, '{termination}', 'Sessions that ended'),
    reconnects: counter(names.METRIC_RECONNECT_COUNT, '{attempt}', 'Attempts to connect again'),
    signalingMessages: counter(names.METRIC_SIGNALING_MESSAGE_COUNT, '{message}', 'Messages of signaling'),
    rtpIo: counter(names.METRIC_RTP_IO, 'By', 'Bytes of RTP payload'),
    packets: counter(names.METRIC_RTP_PACKET_COUNT, '{packet}', 'RTP packets'),
    packetsLost: counter(names.METRIC_RTP_PACKET_LOST, '{packet}', 'RTP packets that did not arrive'),
    rtt: histogram(names.METRIC_RTT, 's', 'Round-trip time of the path in use', SHORT),
    jitter: histogram(names.METRIC_JITTER, 's', 'Jitter of what is received', SHORT),
    freezes: counter(names.METRIC_FREEZE_COUNT, '{freeze}', 'Freezes of received video'),
    freezeDuration: counter(names.METRIC_FREEZE_DURATION, 's', 'Time that received video was frozen'),
    limitationDuration: counter(names.METRIC_QUALITY_LIMITATION_DURATION, 's', 'Time that sent video was limited'),
    concealment: histogram(names.METRIC_CONCEALMENT_RATIO, '1', 'Sound that had to be made up, of all', RATIO),
    buffered: meter.createGauge(names.METRIC_DATA_CHANNEL_BUFFERED, { unit: 'By', description: 'Bytes that wait in DataChannels' }),
  };
}
