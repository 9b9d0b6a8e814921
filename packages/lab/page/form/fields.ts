import type { ConnectOptions } from 'rx-sora';
import { type Field, choice, flag, json, lines, number, text } from './field.ts';

/** Options that a form can hold; the others are live objects. */
type FormOption = Exclude<keyof ConnectOptions, 'stream' | 'platform' | 'signal' | 'redaction'>;

const VIDEO_CODECS = ['VP9', 'VP8', 'AV1', 'H264', 'H265'];
const RIDS = ['r0', 'r1', 'r2'];
const REQUEST_RIDS = ['none', ...RIDS];

/** The controls for every option of `connect()`: the compiler says which one is missing. */
const CONTROLS: Readonly<Record<FormOption, readonly Field[]>> = {
  signalingUrl: [lines('signalingUrl')],
  signalingUrlPolicy: [choice('signalingUrlPolicy', 'parallel', 'staggered', 'sequential', 'sticky')],
  channelId: [text('channelId')],
  role: [choice('role', 'sendrecv', 'sendonly', 'recvonly')],
  clientId: [text('clientId')],
  bundleId: [text('bundleId')],
  metadata: [json('metadata', '{"access_token": "…"}')],
  signalingNotifyMetadata: [json('signalingNotifyMetadata')],
  audio: [flag('audio'), choice('audio.codecType', 'OPUS'), number('audio.bitRate'), json('audio.opusParams')],
  video: [
    flag('video'),
    choice('video.codecType', ...VIDEO_CODECS),
    number('video.bitRate'),
    json('video.vp9Params'),
    json('video.av1Params'),
    json('video.h264Params'),
    json('video.h265Params'),
  ],
  simulcast: [flag('simulcast')],
  simulcastRid: [choice('simulcastRid', ...RIDS)],
  simulcastRequestRid: [choice('simulcastRequestRid', ...REQUEST_RIDS)],
  spotlight: [
    flag('spotlight'),
    number('spotlight.number'),
    choice('spotlight.focusRid', ...REQUEST_RIDS),
    choice('spotlight.unfocusRid', ...REQUEST_RIDS),
  ],
  dataChannelSignaling: [flag('dataChannelSignaling')],
  ignoreDisconnectWebSocket: [flag('ignoreDisconnectWebSocket')],
  dataChannels: [json('dataChannels')],
  forwardingFilters: [json('forwardingFilters')],
  forwardingFilter: [json('forwardingFilter')],
  audioStreamingLanguageCode: [text('audioStreamingLanguageCode', 'ja-JP')],
  disconnectPolicy: [choice('disconnectPolicy', 'graceful', 'immediate')],
  iceDisconnectedRule: [choice('iceDisconnectedRule', 'when-undefined', 'always')],
  timeouts: [
    number('timeouts.connectionMs', '60000'),
    number('timeouts.signalingUrlMs', '3000'),
    number('timeouts.disconnectMs', '3000'),
    number('timeouts.iceDisconnectedMs', '10000'),
    number('timeouts.dataChannelGraceMs', '500'),
    number('timeouts.rpcMs', '10000'),
  ],
  forceStereoOutput: [flag('forceStereoOutput')],
  skipIceCandidateEvent: [flag('skipIceCandidateEvent')],
  rtcConfiguration: [choice('rtcConfiguration.iceTransportPolicy', 'all', 'relay')],
  beforeAnswer: [choice('beforeAnswer.preferVideoCodec', ...VIDEO_CODECS)],
};

/** Options that the two sides have each for itself. */
export const PANE_OPTIONS = ['role', 'clientId', 'bundleId', 'audio', 'video'] as const satisfies readonly FormOption[];

const isPaneOption = (option: string): boolean => PANE_OPTIONS.some((each) => each === option);

/** The parts of the form that both sides share, each with its options. */
const GROUPS: Readonly<Record<'place' | 'signaling' | 'media' | 'messaging' | 'end', readonly FormOption[]>> = {
  place: ['signalingUrl', 'signalingUrlPolicy', 'channelId', 'metadata', 'signalingNotifyMetadata'],
  signaling: ['dataChannelSignaling', 'ignoreDisconnectWebSocket', 'rtcConfiguration', 'skipIceCandidateEvent', 'beforeAnswer'],
  media: ['simulcast', 'simulcastRid', 'simulcastRequestRid', 'spotlight', 'forceStereoOutput', 'audioStreamingLanguageCode'],
  messaging: ['dataChannels', 'forwardingFilters', 'forwardingFilter'],
  end: ['disconnectPolicy', 'iceDisconnectedRule', 'timeouts'],
};

export type GroupName = keyof typeof GROUPS;

const controlsOf = (options: readonly FormOption[]): readonly Field[] => options.flatMap((option) => CONTROLS[option]);

/** The shared controls, group by group. */
export const SHARED_GROUPS: readonly (readonly [GroupName, readonly Field[]])[] = (Object.keys(GROUPS) as GroupName[]).map((name) => [
  name,
  controlsOf(GROUPS[name]),
]);

/** The controls of one side. */
export const PANE_FIELDS: readonly Field[] = controlsOf(PANE_OPTIONS);

/** Every option with its controls, to see that the form has them all. */
export const OPTION_FIELDS: readonly (readonly [string, readonly Field[]])[] = Object.entries(CONTROLS);

/** Whether every option stands in exactly one place of the form. */
export const misplacedOptions = (): readonly string[] => {
  const placed = Object.values(GROUPS).flat();
  return Object.keys(CONTROLS).filter((option) => placed.filter((each) => each === option).length + (isPaneOption(option) ? 1 : 0) !== 1);
};
