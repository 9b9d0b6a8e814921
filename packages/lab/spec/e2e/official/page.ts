// Runs in the browser: the official SDK as it is, with a picture that moves and a tone.
import { officialSora, type OfficialConnection, type OfficialRole } from '../../../../../spec/e2e/support/page/official-sdk.ts';

export interface PageMedia {
  readonly width?: number;
  readonly height?: number;
  readonly framesPerSecond?: number;
  /** `stereo`: 440 Hz on the left and 660 Hz on the right. */
  readonly audio?: boolean | 'stereo';
  readonly video?: boolean;
}

export interface PageConnect {
  readonly name: string;
  readonly role: OfficialRole;
  readonly urls: string | string[];
  readonly channelId: string;
  readonly metadata?: unknown;
  readonly options?: Record<string, unknown>;
  readonly media?: PageMedia;
}

export interface InboundTrack {
  readonly kind: string;
  readonly streamId: string;
  readonly framesDecoded: number;
  readonly frameWidth: number;
  readonly totalAudioEnergy: number;
  readonly codec: string;
}

export interface PageEvent {
  readonly kind: string;
  readonly at: number;
  readonly [member: string]: unknown;
}

interface Entry {
  readonly connection: OfficialConnection;
  readonly events: PageEvent[];
  readonly streams: Map<string, MediaStream>;
  readonly stopMedia: () => void;
}

const entries = new Map<string, Entry>();
const entry = (name: string): Entry => entries.get(name)!;

/** A canvas that changes with every frame, so that frames are worth encoding. */
function picture({ width = 320, height = 180, framesPerSecond = 15 }: PageMedia): { track: MediaStreamTrack; stop: () => void } {
  const canvas = document.createElement('canvas');
  canvas.width = width;
  canvas.height = height;
  const context = canvas.getContext('2d')!;
  let frame = 0;
  const timer = setInterval(() => {
    frame += 1;
    context.fillStyle = `hsl(${(frame * 7) % 360} 80% 50%)`;
    context.fillRect(0, 0, width, height);
    context.fillStyle = 'white';
    context.fillRect((frame * 11) % width, (frame * 5) % height, width / 4, height / 4);
  }, 1000 / framesPerSecond);
  const track = canvas.captureStream(framesPerSecond).getVideoTracks()[0]!;
  return { track, stop: () => clearInterval(timer) };
}

function tone(): { track: MediaStreamTrack; stop: () => void } {
  const context = new AudioContext();
  const oscillator = context.createOscillator();
  const destination = context.createMediaStreamDestination();
  oscillator.connect(destination);
  oscillator.start();
  return { track: destination.stream.getAudioTracks()[0]!, stop: () => void context.close() };
}

/** 440 Hz on the left, 660 Hz on the right. */
function stereoTones(): { track: MediaStreamTrack; stop: () => void } {
  const context = new AudioContext();
  const merger = context.createChannelMerger(2);
  [440, 660].forEach((frequency, channel) => {
    const oscillator = new OscillatorNode(context, { frequency });
    oscillator.connect(merger, 0, channel);
    oscillator.start();
  });
  const destination = new MediaStreamAudioDestinationNode(context, { channelCount: 2 });
  merger.connect(destination);
  return { track: destination.stream.getAudioTracks()[0]!, stop: () => void context.close() };
}

/** The loudest frequencies of the left and of the right channel, in Hz; 0 for silence. */
async function loudestFrequencies(stream: MediaStream): Promise<readonly number[]> {
  const context = new AudioContext();
  const splitter = context.createChannelSplitter(2);
  context.createMediaStreamSource(stream).connect(splitter);
  const analysers = [0, 1].map((channel) => {
    const analyser = new AnalyserNode(context, { fftSize: 4096, smoothingTimeConstant: 0 });
    splitter.connect(analyser, channel);
    return analyser;
  });
  // As long as the window of the analysis, and some more.
  await new Promise((resolve) => setTimeout(resolve, 300));
  const found = analysers.map((analyser) => {
    const levels = new Float32Array(analyser.frequencyBinCount);
    analyser.getFloatFrequencyData(levels);
    const loudest = levels.reduce((best, level, index) => (level > levels[best]! ? index : best), 0);
    return levels[loudest]! < -90 ? 0 : (loudest * context.sampleRate) / analyser.fftSize;
  });
  await context.close();
  return found;
}

function audioOf({ audio }: PageMedia): readonly { track: MediaStreamTrack; stop: () => void }[] {
  if (audio === false) return [];
  return [audio === 'stereo' ? stereoTones() : tone()];
}

function makeStream(media: PageMedia | undefined): { stream: MediaStream; stop: () => void } {
  const parts = media === undefined ? [] : [...audioOf(media), ...(media.video === false ? [] : [picture(media)])];
  return { stream: new MediaStream(parts.map(({ track }) => track)), stop: () => parts.forEach(({ stop }) => stop()) };
}

function watch(connection: OfficialConnection, streams: Map<string, MediaStream>): PageEvent[] {
  const events: PageEvent[] = [];
  const note = (kind: string, members: Record<string, unknown> = {}): void => void events.push({ kind, at: performance.now(), ...members });
  connection.on('notify', (message, transport) => note('notify', { message, transport }));
  connection.on('push', (message, transport) => note('push', { message, transport }));
  connection.on('switched', (message) => note('switched', { message }));
  connection.on('connected', () => note('connected'));
  connection.on('datachannel', (event) => note('datachannel', { channel: { ...event.datachannel } }));
  connection.on('message', (event) => note('message', { label: event.label, bytes: [...new Uint8Array(event.data)] }));
  connection.on('disconnect', (event) =>
    note('disconnect', { type: event.type, title: event.title, code: event.code, reason: event.reason }),
  );
  connection.on('track', (event) => {
    const stream = event.streams[0]!;
    streams.set(stream.id, stream);
    const element = document.createElement(event.track.kind === 'video' ? 'video' : 'audio');
    element.srcObject = stream;
    element.autoplay = true;
    document.body.append(element);
    note('track', { stream: stream.id, track: event.track.kind });
  });
  connection.on('removetrack', (event) => note('removetrack', { stream: (event.target as MediaStream).id, track: event.track.kind }));
  return events;
}

function make({ role, urls, channelId, metadata, options = {} }: PageConnect): OfficialConnection {
  return officialSora.connection(urls)[role](channelId, metadata, options);
}

const page = {
  async connect(request: PageConnect): Promise<{ milliseconds: number; connectionId: string | null; contact: string; connected: string }> {
    const connection = make(request);
    const { stream, stop } = makeStream(request.media);
    const streams = new Map<string, MediaStream>();
    entries.set(request.name, { connection, events: watch(connection, streams), streams, stopMedia: stop });
    const before = performance.now();
    if (request.role === 'recvonly' || request.role === 'messaging') await connection.connect();
    else await connection.connect(stream);
    return {
      milliseconds: performance.now() - before,
      connectionId: connection.connectionId,
      contact: connection.contactSignalingUrl,
      connected: connection.connectedSignalingUrl,
    };
  },
  events: (name: string): readonly PageEvent[] => entry(name).events,
  disconnect: async (name: string): Promise<void> => {
    await entry(name).connection.disconnect();
    entry(name).stopMedia();
  },
  send: (name: string, label: string, bytes: readonly number[]): Promise<void> =>
    entry(name).connection.sendMessage(label, Uint8Array.from(bytes)),
  rpc: (name: string, method: string, params: Record<string, unknown>): Promise<unknown> =>
    entry(name).connection.rpc(method, params, { timeout: 5000 }),
  /** What a connection hears of another, left and right. */
  frequencies: (name: string, streamId: string): Promise<readonly number[]> => loudestFrequencies(entry(name).streams.get(streamId)!),
  async inbound(name: string): Promise<readonly InboundTrack[]> {
    const { pc } = entry(name).connection;
    if (pc === null) return [];
    const report = await pc.getStats();
    const codecs = new Map<string, string>();
    report.forEach((stats: { id: string; type: string; mimeType?: string }) => {
      if (stats.type === 'codec') codecs.set(stats.id, stats.mimeType ?? '');
    });
    const found: InboundTrack[] = [];
    report.forEach((stats: Record<string, unknown>) => {
      if (stats['type'] !== 'inbound-rtp') return;
      const receiver = pc.getTransceivers().find(({ mid }) => mid === stats['mid'])?.receiver;
      const stream = [...entry(name).streams.values()].find((candidate) =>
        candidate.getTracks().some(({ id }) => id === receiver?.track.id),
      );
      found.push({
        kind: String(stats['kind']),
        streamId: stream?.id ?? '',
        framesDecoded: Number(stats['framesDecoded'] ?? 0),
        frameWidth: Number(stats['frameWidth'] ?? 0),
        totalAudioEnergy: Number(stats['totalAudioEnergy'] ?? 0),
        codec: codecs.get(String(stats['codecId'])) ?? '',
      });
    });
    return found;
  },
};

export type Page = typeof page;

(globalThis as unknown as { page: Page }).page = page;
