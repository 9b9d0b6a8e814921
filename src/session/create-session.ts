import { type Observable, type Subscription, filter, firstValueFrom, last, map, takeUntil, tap } from 'rxjs';
import { keep } from '../operators/keep.ts';
import { type StatsSample, sampleStats } from '../media/stats.ts';
import { type DataMessage, isOwn } from '../signaling/messaging.ts';
import type { RpcMethod, RpcParams, RpcResult } from '../signaling/rpc-methods.ts';
import type { RpcOptions } from '../signaling/rpc.ts';
import { SoraSendError } from '../signaling/send-error.ts';
import type { Termination } from '../termination/reason.ts';
import { messageData } from '../transports/bytes.ts';
import { longestDelayMs, numberFrom } from './option-check.ts';
import { type OpenSession, openSession } from './open-session.ts';
import { type ConnectOptions, type SessionConfig, checkOptions } from './options.ts';
import { type PublicStreams, publicStreams } from './public-streams.ts';
import { createRpcClient } from './rpc-client.ts';
import type { ConnectedInfo, Session } from './session.ts';
import { SoraTerminatedError } from './terminated-error.ts';
import { createTrackClient } from './track-client.ts';

/** A session and the handles that its owner has besides. */
export interface OwnedSession {
  readonly session: Session;
  readonly start: () => void;
  readonly unsubscribe: () => void;
}

/**
 * A session as an object, for code without RxJS at hand. Nothing happens until `session.connect()`.
 *
 * @throws SoraOptionsError for a wrong option, at once; what the runtime lacks is told by `session.connect()`, as nothing is read from it before
 * @example
 * ```ts
 * const session = createSession({ signalingUrl, channelId: 'room', role: 'recvonly' });
 * session.termination$.subscribe((t) => console.log(describe(t)));
 * const { connectionId } = await session.connect();
 * ```
 */
export function createSession(options: ConnectOptions): Session {
  return ownSession(checkOptions(options)).session;
}

export function ownSession(config: SessionConfig): OwnedSession {
  const open = openSession(config);
  const streams = publicStreams(open);
  const session = sessionOf(open, streams, config);
  return {
    session,
    start: open.start,
    unsubscribe: () => {
      open.end('unsubscribe');
    },
  };
}

function sessionOf(open: OpenSession, streams: PublicStreams, config: SessionConfig): Session {
  const { context, state$, termination$, end, request, start } = open;
  const { live, clock } = context;
  const rpcClient = createRpcClient(open, config.timeouts.rpcMs);
  const trackClient = createTrackClient(open);
  let connecting: Promise<ConnectedInfo> | null = null;
  let disconnecting: Promise<Termination> | null = null;
  let ended: Termination | null = null;
  keep(termination$.pipe(tap((termination) => (ended = termination))));

  const disconnect = (): Promise<Termination> => {
    if (disconnecting !== null) return disconnecting;
    disconnecting = firstValueFrom(termination$);
    end('api');
    return disconnecting;
  };
  return {
    ...streams,
    state$,
    termination$,
    messages: (label?: string): Observable<DataMessage> =>
      context.of('incoming').pipe(
        map(({ incoming }) => (incoming.kind === 'data' ? incoming.message : null)),
        filter((message) => message !== null),
        filter((message) => label === undefined || message.label === label),
      ),
    stats: (periodMs = 1000): Observable<StatsSample> => {
      numberFrom(1, longestDelayMs)(periodMs, 'periodMs');
      return sampleStats(
        () => live.peerConnection,
        periodMs,
        () => clock.elapsed(),
      ).pipe(takeUntil(termination$.pipe(last()))); // like every stream: after the value has been emitted
    },
    connect: () => (connecting ??= connected(open, streams.connected$, start)),
    disconnect,
    send: (label, data) =>
      new Promise<void>((resolve, reject) => {
        if (!isOwn(label)) {
          reject(new SoraSendError('unknown-label', label));
          return;
        }
        if (typeof data !== 'string' && !(data instanceof ArrayBuffer) && !ArrayBuffer.isView(data)) {
          reject(new TypeError('data must be a string, an ArrayBuffer or a view of one'));
          return;
        }
        if (ended !== null) {
          reject(new SoraSendError('ended', label, ended));
          return;
        }
        let isDone = false;
        let waiting: Subscription | null = null;
        request({
          label,
          data: messageData(data),
          done: (error) => {
            isDone = true;
            waiting?.unsubscribe();
            if (error === null) resolve();
            else reject(error);
          },
        });
        // Most messages are gone by now.
        if (isDone as boolean) return;
        waiting = keep(
          termination$.pipe(
            tap((termination) => {
              reject(new SoraSendError('ended', label, termination));
            }),
          ),
        );
      }),
    rpc: <Method extends RpcMethod>(method: Method, params: RpcParams<Method>, options?: RpcOptions) =>
      rpcClient.call(method, params, options) as Promise<RpcResult<Method>>,
    replaceTrack: (kind, track) => trackClient.replace(kind, track),
    get peerConnection() {
      return ended === null ? (live.peerConnection as RTCPeerConnection | null) : null;
    },
    ...('asyncDispose' in Symbol && {
      [Symbol.asyncDispose]: async () => {
        await disconnect();
      },
    }),
  } as Session;
}

function connected({ termination$ }: OpenSession, connected$: Observable<ConnectedInfo>, start: () => void): Promise<ConnectedInfo> {
  return new Promise((resolve, reject) => {
    keep(connected$.pipe(tap(resolve)));
    keep(
      termination$.pipe(
        tap((termination) => {
          reject(new SoraTerminatedError(termination));
        }),
      ),
    );
    start();
  });
}
