import type { ConnectOptions } from '../session/options.ts';
import { isEntry, isInput, type RecordedLine } from './recording.ts';
import type { Termination } from '../termination/reason.ts';

type Members = Readonly<Record<string, unknown>>;

/** A message of signaling in the timeline. */
export function messageOf(line: RecordedLine, direction: 'sent' | 'received'): Members | null {
  if (!isEntry(line) || line.source !== 'signaling') return null;
  const detail = line.detail as { readonly direction?: unknown; readonly message?: unknown } | undefined;
  const message = detail?.direction === direction ? detail.message : undefined;
  return typeof message === 'object' && message !== null ? (message as Members) : null;
}

/** The first `connect` of a recording; empty where none was sent. */
export function connectOf(lines: readonly RecordedLine[]): Members {
  return lines.map((line) => messageOf(line, 'sent')).find((message) => message?.['type'] === 'connect') ?? {};
}

/** The value that a recording ends with; null for one that was cut off. */
export function terminationOf(lines: readonly RecordedLine[]): Termination | null {
  const end = lines.find((line) => 'termination' in line);
  return end ? end.termination : null;
}

/** Options that make a session ask for what the recorded one asked for, read from its `connect` and from how it ended. */
export function recordedOptions(lines: readonly RecordedLine[]): ConnectOptions {
  const message = connectOf(lines);
  const termination = terminationOf(lines);
  const hurried = termination?.kind === 'client-disconnect' && termination.trigger === 'api' && termination.outcome === 'immediate';
  const candidatesSent = lines.some((line) => messageOf(line, 'sent')?.['type'] === 'candidate');
  return {
    channelId: termination?.channelId ?? 'recorded',
    role: 'sendrecv',
    ...requestOf(message),
    signalingUrl: urlsOf(lines),
    disconnectPolicy: hurried ? 'immediate' : 'graceful',
    iceDisconnectedRule: termination?.kind === 'ice-disconnected-timeout' ? 'always' : 'when-undefined',
    skipIceCandidateEvent: !candidatesSent,
  };
}

/** The signaling URLs that the sockets told about before any redirect. */
function urlsOf(lines: readonly RecordedLine[]): readonly string[] {
  const redirect = lines.findIndex((line) => messageOf(line, 'received')?.['type'] === 'redirect');
  const first = redirect < 0 ? lines : lines.slice(0, redirect);
  const urls = new Set(first.flatMap((line) => (isInput(line) && line.input === 'websocket' ? line.url : (webSocketUrl(line) ?? []))));
  // Where all that told something failed without counting, another one was there that told nothing.
  const isHeard = first.some((line) => webSocketUrl(line) !== undefined && isEntry(line) && !hasStanding(line.detail));
  return urls.size > 0 && isHeard ? [...urls] : [...urls, 'wss://unheard.invalid/signaling'];
}

/** Whether the entry of a socket says that it did not count. */
function hasStanding(detail: unknown): boolean {
  return typeof detail === 'object' && detail !== null && 'standing' in detail;
}

/** The URL that an entry of a socket names. */
export function webSocketUrl(line: RecordedLine): string | undefined {
  if (!isEntry(line) || line.source !== 'websocket') return undefined;
  const url = (line.detail as { readonly url?: unknown } | undefined)?.url;
  return typeof url === 'string' ? url : undefined;
}

/** Members of `connect` that no option asks for. */
const notAsked: readonly string[] = ['type', 'sdp', 'sora_client', 'environment', 'redirect'];

/** `connect` in the words of the options: the way back of what the SDK writes. */
function requestOf(message: Members): Partial<ConnectOptions> {
  const members = Object.fromEntries(Object.entries(message).filter(([name]) => !notAsked.includes(name)));
  const { audio, video, spotlight, spotlight_number, spotlight_focus_rid, spotlight_unfocus_rid, data_channels, ...others } = members;
  const focus = defined({ number: spotlight_number, focusRid: spotlight_focus_rid, unfocusRid: spotlight_unfocus_rid });
  return {
    ...Object.fromEntries(Object.entries(others).map(([name, value]) => [optionName(name), value])),
    ...defined({
      audio: isMembers(audio) ? mediaOf(audio) : audio,
      video: isMembers(video) ? mediaOf(video) : video,
      spotlight: spotlight === true && Object.keys(focus).length > 0 ? focus : spotlight,
      dataChannels: Array.isArray(data_channels) ? data_channels.map((channel: Members) => renamed(channel)) : undefined,
    }),
  };
}

function mediaOf(media: Members): Members {
  const { opus_params, ...others } = media;
  return { ...renamed(others), ...(isMembers(opus_params) && { opusParams: renamed(opus_params) }) };
}

function renamed(members: Members): Members {
  return Object.fromEntries(Object.entries(members).map(([name, value]) => [optionName(name), value]));
}

/** Underscores become capitals; `websocket` is one word on the wire and two in the option. */
function optionName(name: string): string {
  return name.replace('websocket', 'web_socket').replaceAll(/_(\w)/g, (_, letter: string) => letter.toUpperCase());
}

function defined(members: Members): Members {
  return Object.fromEntries(Object.entries(members).filter(([, value]) => value !== undefined));
}

function isMembers(value: unknown): value is Members {
  return typeof value === 'object' && value !== null;
}
