import { AsyncSubject, Subscription, type Observable } from 'rxjs';
import { agree, type Agreement } from '../agreement.ts';
import { authRequest, NO_COUNTS } from '../auth/auth-request.ts';
import { authorize } from '../auth/authorize.ts';
import { AUTHENTICATION_FAILURE, NO_OVERRIDES, type Authorization } from '../auth/overrides.ts';
import type { ChannelRegistry } from '../channel/channel-registry.ts';
import { readFrame } from '../connection/inbound.ts';
import { performOnSocket } from '../connection/perform-fault.ts';
import type { SignalingSocket } from '../connection/signaling-socket.ts';
import { delay, timerOrNever } from '../connection/timers.ts';
import type { FaultMoment } from '../faults/fault.ts';
import type { FaultList, FaultSubject } from '../faults/fault-list.ts';
import { ShapingFaults } from '../faults/shaping-faults.ts';
import type { LabSettings } from '../lab-options.ts';
import type { LabLog } from '../log/lab-log.ts';
import type { LabLogRecord } from '../log/log-entry.ts';
import { observe } from '../observe.ts';
import { checkConnect, type ConnectRequest } from '../wire/connect-request.ts';
import { newIdentifier } from '../wire/identifiers.ts';
import type { JsonObject } from '../wire/json.ts';
import type { Frame } from '../wire/payload-codec.ts';
import { redirectFor, type NodeAddress } from './redirect.ts';

/** A client whose `connect` was accepted. */
export interface AcceptedConnect {
  readonly agreement: Agreement;
  /** The `connect` message as received. */
  readonly connect: JsonObject;
  readonly socket: SignalingSocket;
  readonly shaping: ShapingFaults;
}

export interface ConnectHandlerParts {
  readonly node: string;
  readonly nodes: () => readonly NodeAddress[];
  readonly settings: LabSettings;
  readonly log: LabLog;
  readonly faults: FaultList;
  readonly channels: ChannelRegistry;
}

/**
 * One WebSocket from its opening to an accepted `connect`. A client may open it and close it again without a message: with several signaling URLs
 * only one socket is used. Any first message but a valid `connect` is refused with 4490.
 */
export class ConnectHandler {
  readonly #parts: ConnectHandlerParts;
  readonly #socket: SignalingSocket;
  readonly #subscription = new Subscription();
  readonly #acceptedSubject = new AsyncSubject<AcceptedConnect>();
  #waiting = Subscription.EMPTY;
  #connecting = false;
  #closing = false;

  /** Emits at most once, synchronously with the decision: no message of the client is missed. Replays. */
  readonly accepted$: Observable<AcceptedConnect> = this.#acceptedSubject.asObservable();

  constructor(parts: ConnectHandlerParts, socket: SignalingSocket) {
    this.#parts = parts;
    this.#socket = socket;
  }

  start(): void {
    const { node, settings } = this.#parts;
    const socket = this.#socket;
    this.#log({ kind: 'event', type: 'websocket-open', transport: 'websocket' });
    this.#subscription.add(
      observe(socket.error$, (error) => this.#log({ kind: 'event', type: 'websocket-error', detail: { message: error.message } })),
    );
    this.#subscription.add(observe(socket.message$, (frame) => this.#onFrame(frame)));
    this.#subscription.add(
      observe(socket.close$, ({ code, reason }) => {
        this.#log({ kind: 'event', type: 'websocket-close', transport: 'websocket', detail: { code, reason } });
        this.#finish();
      }),
    );
    this.#waiting = observe(timerOrNever(settings.connectWaitTimeoutMs), () => this.#onConnectWaitTimeout());
    this.#reach('open', { node });
  }

  #log(entry: Omit<LabLogRecord, 'node'>): void {
    this.#parts.log.add({ node: this.#parts.node, socket: this.#socket.id, ...entry });
  }

  #reach(moment: FaultMoment, subject: FaultSubject): void {
    for (const { fault, afterMs } of this.#parts.faults.due(moment, subject)) {
      const perform = (): void => {
        this.#log({ kind: 'fault', type: fault.kind, detail: { ...fault } });
        performOnSocket(this.#socket, fault);
      };
      this.#subscription.add(observe(delay(afterMs), perform));
    }
  }

  #onConnectWaitTimeout(): void {
    const { code, reason } = this.#parts.settings.closeCodes.connectWaitTimeout;
    this.#refuse(reason, undefined, code);
  }

  #onFrame(frame: Frame): void {
    if (this.#closing) return;
    this.#waiting.unsubscribe();
    const message = readFrame(frame);
    const bytes = typeof frame === 'string' ? Buffer.byteLength(frame) : frame.byteLength;
    const entry = { kind: 'message', direction: 'received', transport: 'websocket', bytes } as const;
    if (typeof message === 'string') {
      this.#log({ ...entry, type: 'unreadable', detail: { why: message } });
      this.#refuse(message);
      return;
    }
    const { type } = message as { readonly type?: unknown };
    this.#log({ ...entry, type: typeof type === 'string' ? type : 'message', message });
    if (this.#connecting) this.#onMessageWhileAuthorizing(type);
    else if (type === 'connect') this.#onConnect(message);
    else this.#refuse(typeof type === 'string' ? 'LAB-EXPECTED-CONNECT' : 'MISSING-TYPE');
  }

  #onMessageWhileAuthorizing(type: unknown): void {
    if (type === 'connect') this.#refuse('LAB-SECOND-CONNECT');
    else if (type === 'disconnect') this.#close(1000, this.#parts.settings.normalCloseReason ? 'TYPE-DISCONNECT' : '');
  }

  #onConnect(message: JsonObject): void {
    const { settings, node } = this.#parts;
    this.#connecting = true;
    const checked = checkConnect(message, { maxUserChannels: settings.maxUserChannels, bundleIdAllowed: settings.bundleId });
    if (!checked.ok) {
      this.#refuse(`LAB-INVALID-CONNECT: ${checked.reason}`);
      return;
    }
    const request = checked.value;
    const connectionId = newIdentifier();
    const asked = agree(request, NO_OVERRIDES, settings, connectionId);
    const subject = { node, channelId: request.channelId, clientId: asked.clientId, connectionId, role: request.role, mode: asked.mode };
    const faults = this.#parts.faults.shaping(subject);
    for (const fault of faults) this.#log({ kind: 'fault', type: fault.kind, connectionId, detail: { ...fault } });
    const shaping = new ShapingFaults(faults);
    const location = this.#redirection(request, shaping);
    if (location !== undefined) this.#redirect(location);
    else this.#authorize(request, connectionId, shaping);
  }

  #redirection(request: ConnectRequest, shaping: ShapingFaults): string | undefined {
    const fault = shaping.get('redirect');
    if (fault !== undefined) return fault.location ?? this.#socket.url;
    return redirectFor(request, this.#parts.node, this.#parts.nodes(), this.#parts.settings.redirect);
  }

  #redirect(location: string): void {
    const message: JsonObject = { type: 'redirect', location };
    this.#socket.send(JSON.stringify(message));
    this.#log({ kind: 'message', direction: 'sent', transport: 'websocket', type: 'redirect', message });
    this.#close(1000, '');
  }

  #authorize(request: ConnectRequest, connectionId: string, shaping: ShapingFaults): void {
    const { settings, channels, node } = this.#parts;
    const refusal = shaping.get('auth-refused');
    if (refusal !== undefined) {
      this.#refuse(refusal.reason ?? AUTHENTICATION_FAILURE);
      return;
    }
    const channel = channels.find(request.channelId);
    const body = authRequest(request, settings, {
      connectionId,
      sessionId: channel?.sessionId,
      node,
      counts: channel?.counts ?? NO_COUNTS,
      now: Date.now(),
    });
    this.#subscription.add(observe(authorize(settings, body), (outcome) => this.#onAuthorized(request, connectionId, shaping, outcome)));
  }

  #onAuthorized(request: ConnectRequest, connectionId: string, shaping: ShapingFaults, outcome: Authorization): void {
    const { settings, channels } = this.#parts;
    if (!outcome.ok) {
      this.#refuse(outcome.reason, outcome.detail);
      return;
    }
    const agreement = agree(request, outcome.value, settings, connectionId);
    if (channels.find(agreement.channelId)?.accepts(agreement) === false) {
      this.#refuse('LAB-SPOTLIGHT-CONFLICT');
      return;
    }
    if (this.#closing || !this.#socket.open) return;
    this.#acceptedSubject.next({ agreement, connect: request.message, socket: this.#socket, shaping });
    this.#finish();
  }

  /** A signaling error before the offer (S9): a Close frame and no JSON. */
  #refuse(reason: string, detail?: string, code = 4490): void {
    this.#log({ kind: 'event', type: 'refused', detail: { reason, ...(detail === undefined ? {} : { detail }) } });
    this.#close(code, reason);
  }

  #close(code: number, reason: string): void {
    this.#closing = true;
    this.#waiting.unsubscribe();
    this.#socket.close(code, reason);
  }

  /** The socket is accepted or closed: stops listening, then emits what was accepted. */
  #finish(): void {
    this.#subscription.unsubscribe();
    this.#waiting.unsubscribe();
    this.#acceptedSubject.complete();
  }
}
