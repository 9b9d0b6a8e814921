/**
 * Firefox tells nothing when the server releases a media line by port 0: `removetrack` does not fire. With the discard port in its place the
 * line is only inactive, and the event fires. A line for DataChannels is left alone.
 *
 * @source protocol 6.7; RFC 8829, 5.2.2, port 9 as a placeholder
 */
export function restoreReleasedSections(offerSdp: string): string {
  return offerSdp.replaceAll(/^m=(audio|video) 0 /gm, 'm=$1 9 ');
}

/**
 * Adds `stereo=1` to the Opus parameters of each audio line that an answer receives on, which makes Chromium play stereo as stereo.
 *
 * Only lines on which this side is the DTLS client and only receives; after `minptime`, as that is what a browser's answer has there. Other
 * lines and an answer that already says so come back unchanged.
 *
 * @source protocol 6.7; RFC 7587, 7
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
