import type { FakeDataChannel } from './fake-data-channel.ts';
import type { FakePlatform } from './fake-platform.ts';
import type { FakeSora } from './fake-sora.ts';
import type { FakeWebSocket } from './fake-web-socket.ts';

/** When and how the SDK closed something that was still to be closed. */
export interface Closing {
  /** Milliseconds on the platform's clock. */
  readonly at: number;
  readonly what: 'WS' | 'pc' | `DC ${string}` | `the replaced DC ${string}`;
}

/** What {@link closingsBySdk} has to know about the run. */
export interface ClosingContext {
  readonly fake: FakePlatform;
  readonly sora: FakeSora;
  /** Closings before this time of the record belong to the start state. */
  readonly since: CloseCounts;
  /** The limit for one of several signaling URLs: a socket closed by it was given up, not closed at the end. */
  readonly urlLimitMs: number;
  /** Whether the session ended because it did not get through to a server. */
  readonly timedOut: boolean;
}

/** How many calls of `close()` each object had seen when the start state was reached. */
export type CloseCounts = ReadonlyMap<object, number>;

/** Counts the calls of `close()` so far. */
export function closeCounts({ sockets, peerConnections }: FakePlatform): CloseCounts {
  const objects = [...sockets, ...peerConnections, ...peerConnections.flatMap(({ channels }) => channels)];
  return new Map(objects.map((object) => [object, object.closeCalls.length]));
}

/** What the SDK still had to close since the start state: what the other side had closed already is left out, and so are sockets of the past. */
export function closingsBySdk(context: ClosingContext): readonly Closing[] {
  const { fake, sora, since } = context;
  const fresh = (object: object): boolean => (since.get(object) ?? 0) === 0;
  const webSocket = fake.sockets
    .filter((socket) => fresh(socket) && wasToBeClosed(socket, context))
    .map(({ closeCalls }) => at(closeCalls, 'WS'));
  const peerConnections = fake.peerConnections.filter(
    (peerConnection) => !peerConnection.isThrowAway && peerConnection.closeCalls.length > 0,
  );
  const channels = fake.peerConnections
    .flatMap((peerConnection) => peerConnection.channels)
    .filter((channel) => fresh(channel) && hadToBeClosed(channel));
  return [
    ...webSocket.slice(0, 1),
    ...channels.map((channel) =>
      at(channel.closeCalls, sora.channel(channel.label) === channel ? `DC ${channel.label}` : `the replaced DC ${channel.label}`),
    ),
    ...peerConnections.filter(fresh).map(({ closeCalls }) => at(closeCalls, 'pc')),
  ];
}

/** The same in the words of the scenario data: `WS`, `all DCs` or `DC notify/push`, `the replaced DC stats`, `pc`. */
export function closedWords(closings: readonly Closing[], { fake, sora }: Pick<ClosingContext, 'fake' | 'sora'>): readonly string[] {
  const words = closings.map(({ what }) => what);
  const live = words.filter((word) => word.startsWith('DC ')).map((word) => word.slice('DC '.length));
  const existing = new Set(fake.peerConnection?.channels.map(({ label }) => label));
  const inOrder = [...sora.labels, ...live].filter((label, index, all) => live.includes(label) && all.indexOf(label) === index);
  return [
    ...words.filter((word) => word === 'WS'),
    ...(live.length === 0 ? [] : [live.length === existing.size ? 'all DCs' : `DC ${inOrder.join('/')}`]),
    ...words.filter((word) => word.startsWith('the replaced')),
    ...words.filter((word) => word === 'pc'),
  ];
}

function at(calls: readonly { readonly at: number }[], what: Closing['what']): Closing {
  return { at: calls[0]?.at ?? 0, what };
}

function wasToBeClosed(socket: FakeWebSocket, { sora, urlLimitMs, timedOut }: ClosingContext): boolean {
  const [call] = socket.closeCalls;
  if (!call || call.readyState === socket.CLOSED) return false;
  const { group, chosenSocket } = sora;
  if (!group.includes(socket) || (chosenSocket !== null && chosenSocket !== socket)) return false;
  const givenUp = group.length > 1 && chosenSocket === null && timedOut && call.at - socket.createdAt >= urlLimitMs;
  return !givenUp;
}

function hadToBeClosed({ closeCalls: [call] }: FakeDataChannel): boolean {
  return call !== undefined && call.readyState !== 'closed';
}
