/** One media section of a description, as far as it says what is sent. */
export interface MediaSection {
  readonly mid: string;
  readonly kind: string;
  /** Whether the side that wrote it sends: not released by port 0, not inactive, not only receiving. */
  readonly sends: boolean;
  /** The id of the stream that it sends. */
  readonly msid: string | undefined;
}

/** @source RFC 8866 5.14; RFC 8829 5.2 */
export function mediaSections(sdp: string): readonly MediaSection[] {
  return sdp
    .split(/^(?=m=)/m)
    .slice(1)
    .map((section) => ({
      mid: /^a=mid:(\S+)/m.exec(section)?.[1] ?? '',
      kind: /^m=(\w+)/.exec(section)?.[1] ?? '',
      sends: !/^m=\w+ 0 /.test(section) && !/^a=(recvonly|inactive)\s*$/m.test(section),
      msid: /^a=msid:(\S+)/m.exec(section)?.[1],
    }));
}

/**
 * Adds `stereo=1` to the Opus parameters of each audio line on which an answer receives, so that Chromium plays stereo as stereo.
 *
 * Only for lines on which this side is the DTLS client and only receives; it is inserted after `minptime`, which a browser's answer has. Other lines,
 * and an answer that has the parameter already, are returned unchanged.
 *
 * @source RFC 7587 7
 */
export function withStereo(answerSdp: string): string {
  return answerSdp
    .split(/^(?=m=)/m)
    .map((section) => (isReceivingAudio(section) ? withStereoOpus(section) : section))
    .join('');
}

function isReceivingAudio(section: string): boolean {
  return section.startsWith('m=audio ') && /^a=setup:active\s*$/m.test(section) && /^a=recvonly\s*$/m.test(section);
}

function withStereoOpus(section: string): string {
  const opus = new Set([...section.matchAll(/^a=rtpmap:(\d+) opus\//gim)].map(([, payloadType]) => payloadType));
  return section.replaceAll(
    /^(a=fmtp:(\d+) )(.*?)(\r?)$/gm,
    (line: string, head: string, payloadType: string, parameters: string, end: string) =>
      opus.has(payloadType) ? head + withStereoParameter(parameters) + end : line,
  );
}

function withStereoParameter(parameters: string): string {
  const list = parameters.split(';').filter((parameter) => parameter.trim() !== 'stereo=0');
  const minptime = list.findIndex((parameter) => /^\s*minptime=\d+\s*$/.test(parameter));
  if (minptime === -1 || list.some((parameter) => parameter.trim() === 'stereo=1')) return parameters;
  return list.toSpliced(minptime + 1, 0, 'stereo=1').join(';');
}
