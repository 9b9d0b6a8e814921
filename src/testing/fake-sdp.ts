/** Which way media flows, as the side that wrote the description sees it. */
export type FakeDirection = 'sendrecv' | 'sendonly' | 'recvonly' | 'inactive';

/** One m-line, reduced to what the fakes act on. */
export interface FakeMediaSection {
  readonly kind: 'audio' | 'video' | 'application';
  readonly mid: string;
  readonly direction: FakeDirection;
  /** Stream and track of what the writer sends on this line. */
  readonly msid?: { readonly stream: string; readonly track: string } | undefined;
}

/**
 * The text of a description with these m-lines: enough to be parsed, nothing that could connect.
 *
 * @example
 * ```ts
 * const sdp = writeFakeSdp([{ kind: 'audio', mid: '0', direction: 'sendrecv' }]);
 * console.log(readFakeSdp(sdp)[0]?.direction); // sendrecv
 * ```
 */
export function writeFakeSdp(sections: readonly FakeMediaSection[]): string {
  const head = ['v=0', 'o=- 1 1 IN IP4 127.0.0.1', 's=-', 't=0 0', `a=group:BUNDLE ${sections.map(({ mid }) => mid).join(' ')}`];
  return [...head, ...sections.flatMap(sectionLines), ''].join('\r\n');
}

function sectionLines({ kind, mid, direction, msid }: FakeMediaSection): string[] {
  const transport = ['c=IN IP4 0.0.0.0', 'a=ice-ufrag:fake', 'a=ice-pwd:fakefakefakefakefakefake', 'a=setup:actpass', `a=mid:${mid}`];
  if (kind === 'application') {
    return ['m=application 9 UDP/DTLS/SCTP webrtc-datachannel', ...transport, 'a=sctp-port:5000', 'a=max-message-size:262144'];
  }
  const format = kind === 'audio' ? ['109', 'a=rtpmap:109 opus/48000/2'] : ['120', 'a=rtpmap:120 VP9/90000'];
  const lines = [`m=${kind} 9 UDP/TLS/RTP/SAVPF ${format[0] ?? ''}`, ...transport, `a=${direction}`, 'a=rtcp-mux', format[1] ?? ''];
  return msid ? [...lines, `a=msid:${msid.stream} ${msid.track}`] : lines;
}

/**
 * The m-lines of a description, whoever wrote it.
 *
 * @example
 * ```ts
 * console.log(readFakeSdp(writeFakeSdp([{ kind: 'video', mid: '1', direction: 'recvonly' }])).length); // 1
 * ```
 */
export function readFakeSdp(sdp: string): readonly FakeMediaSection[] {
  return sdp
    .split(/^m=/m)
    .slice(1)
    .flatMap((text, index): FakeMediaSection[] => {
      const kind = /^(audio|video|application)/.exec(text)?.[1] as FakeMediaSection['kind'] | undefined;
      if (!kind) return [];
      const mid = /^a=mid:(\S+)/m.exec(text)?.[1] ?? String(index);
      const direction = (/^a=(sendrecv|sendonly|recvonly|inactive)\s*$/m.exec(text)?.[1] ?? 'sendrecv') as FakeDirection;
      const msid = /^a=msid:(\S+) (\S+)/m.exec(text);
      return [{ kind, mid, direction, ...(msid?.[1] && msid[2] && { msid: { stream: msid[1], track: msid[2] } }) }];
    });
}

/** What the other side answers to a direction when it sends only with a track at hand. */
export function answeredDirection(offered: FakeDirection, sends: boolean): FakeDirection {
  const receives = offered === 'sendrecv' || offered === 'sendonly';
  const maySend = sends && (offered === 'sendrecv' || offered === 'recvonly');
  if (receives) return maySend ? 'sendrecv' : 'recvonly';
  return maySend ? 'sendonly' : 'inactive';
}
