import { metrics, trace } from '@opentelemetry/api';
import { logs } from '@opentelemetry/api-logs';
import { NEVER, of } from 'rxjs';
import { type ConnectOptions, connect, createSession, currentSession, reconnect, type TerminationPort } from '../../../src/index.ts';
import { createFakePlatform, FakeMediaStream, FakeMediaStreamTrack, FakeSora, readFrame, record } from '../../../src/testing/index.ts';

/** The values that examples take for granted, and what has to happen so that they come to their end. */
export interface ExampleStage {
  /** Values by the names of `docs/examples.d.ts`. */
  readonly values: Readonly<Record<string, unknown>>;
  /** Globals that an example may read. */
  readonly globals: Readonly<Record<string, unknown>>;
  /** Lets the far ends answer whatever has come so far. */
  readonly answer: () => void;
  /** Ends everything. */
  readonly close: () => Promise<void>;
}

const signalingUrl = 'wss://sora.example.com/signaling';
const channelId = 'room';

export function setStage(): ExampleStage {
  // One session stands; further ones that an example makes run on the globals.
  const [standing, further] = [createFakePlatform(), createFakePlatform()];
  const [sora, furtherSora] = [new FakeSora(standing, { mode: 'M', labels: ['rpc'] }), new FakeSora(further, { mode: 'W' })];
  const stream = new FakeMediaStream([new FakeMediaStreamTrack('audio'), new FakeMediaStreamTrack('video')]);
  const options = {
    signalingUrl,
    channelId,
    role: 'sendrecv',
    dataChannelSignaling: true,
    stream,
    platform: standing.platform,
  } as const satisfies ConnectOptions;
  const session = createSession(options);
  session.connect().catch(() => undefined);
  sora.reach('switched');
  const furtherOptions: ConnectOptions = { signalingUrl, channelId, role: 'recvonly', platform: further.platform };
  const answered = new Set<unknown>();

  return {
    values: {
      session,
      options: furtherOptions,
      call$: connect(furtherOptions).pipe(reconnect()),
      current$: connect(furtherOptions).pipe(reconnect(), currentSession()),
      signalingUrl,
      channelId,
      stream,
      ...pageElements(),
      click$: NEVER,
      retryClicks$: NEVER,
      leave$: NEVER,
      viewHeight$: of(200, 900),
      t: { ...ended, trailing: [] },
      port: quietPort,
      config,
      socket: standing.sockets[0],
      peerConnection: standing.peerConnections[0],
      channel: sora.channel('signaling'),
      fake: standing,
      recording: recorded(),
      tracer: trace.getTracer('examples'),
      meter: metrics.getMeter('examples'),
      logger: logs.getLogger('examples'),
      show: () => undefined,
      report: () => undefined,
      greet: () => undefined,
    },
    globals: {
      WebSocket: further.platform.WebSocket,
      RTCPeerConnection: further.platform.RTCPeerConnection,
      navigator: { mediaDevices: fakeDevices(stream), permissions: undefined },
    },
    answer: () => {
      for (const frame of standing.sent.filter(({ label }) => label === 'rpc')) {
        const { id } = readFrame(frame);
        if (answered.has(id)) continue;
        answered.add(id);
        sora.send({ jsonrpc: '2.0', id, result: {} }, 'rpc');
      }
      try {
        if (further.sockets.length > 0) furtherSora.reach('connected');
      } catch {
        // No session has come so far, or the socket is the example's own.
      }
    },
    close: async () => {
      if (sora.socket.readyState !== 3) sora.socket.remote.close(1000);
      await session.disconnect();
      for (const socket of further.sockets) if (socket.readyState !== 3) socket.remote.close(1000);
    },
  };
}

/** What an example touches of a page. */
function pageElements(): Readonly<Record<string, unknown>> {
  const page = Object.assign(new EventTarget(), { documentElement: {} });
  const video = Object.assign(new EventTarget(), { ownerDocument: page, play: () => Promise.resolve(), paused: false, srcObject: null });
  return { element: { innerHTML: '' }, preview: video, bar: { value: 0 } };
}

const fakeDevices = (stream: FakeMediaStream): object =>
  Object.assign(new EventTarget(), {
    getUserMedia: () => Promise.resolve(stream),
    getDisplayMedia: () => Promise.resolve(stream),
    enumerateDevices: () => Promise.resolve([]),
  });

const ended = {
  kind: 'websocket-closed',
  code: 1006,
  reason: '',
  wasClean: false,
  phase: 'connected',
  endedAt: 5012,
};

function recorded(): ReturnType<typeof record> {
  const fake = createFakePlatform({ now: () => 0 });
  const sora = new FakeSora(fake, { mode: 'W' });
  const session = createSession({ signalingUrl, channelId, role: 'recvonly', platform: fake.platform });
  const recording = record(session);
  session.connect().catch(() => undefined);
  sora.reach('connected');
  sora.socket.remote.close(1006);
  return recording;
}

const quietPort: TerminationPort = {
  send: () => true,
  close: () => [],
  webSocketState: () => 'open',
  dataChannelStates: () => new Map(),
  connectionState: () => 'connected',
  iceConnectionState: () => 'connected',
};

const config = {
  channelId,
  dataChannelSignaling: false,
  ignoreDisconnectWebSocket: false,
  disconnectPolicy: 'graceful',
  iceDisconnectedRule: 'when-undefined',
  timeouts: { connectionMs: 60_000, disconnectMs: 3000, iceDisconnectedMs: 10_000, dataChannelGraceMs: 500 },
  clock: { startedAt: 0, elapsed: () => 0 },
};
