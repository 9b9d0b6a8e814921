/** Header extensions the lab knows, under the numbers it offers. The offerer chooses the numbers, so they are the same for every client. */
export const headerExtension = {
  audioLevel: 1,
  absoluteSendTime: 2,
  transportSequence: 3,
  mid: 4,
  rid: 5,
  repairedRid: 6,
  videoOrientation: 7,
} as const;

const uris: Readonly<Record<number, string>> = {
  [headerExtension.audioLevel]: 'urn:ietf:params:rtp-hdrext:ssrc-audio-level',
  [headerExtension.absoluteSendTime]: 'http://www.webrtc.org/experiments/rtp-hdrext/abs-send-time',
  [headerExtension.transportSequence]: 'http://www.ietf.org/id/draft-holmer-rmcat-transport-wide-cc-extensions-01',
  [headerExtension.mid]: 'urn:ietf:params:rtp-hdrext:sdes:mid',
  [headerExtension.rid]: 'urn:ietf:params:rtp-hdrext:sdes:rtp-stream-id',
  [headerExtension.repairedRid]: 'urn:ietf:params:rtp-hdrext:sdes:repaired-rtp-stream-id',
  [headerExtension.videoOrientation]: 'urn:3gpp:video-orientation',
};

/** `a=extmap` lines, without line ends. */
export const extensionLines = (ids: readonly number[]): string[] => ids.map((id) => `a=extmap:${id} ${uris[id] ?? ''}`);
