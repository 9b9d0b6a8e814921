import { Subscription, timer } from 'rxjs';
import { agree, type Agreement } from '../agreement.ts';
import { authRequest, NO_COUNTS } from '../auth/auth-request.ts';
import { authorize } from '../auth/authorize.ts';
import { NO_OVERRIDES, type Authorization } from '../auth/overrides.ts';
import type { ChannelRegistry } from '../channel/channel-registry.ts';
import { actOnSocket } from '../connection/act.ts';
import { readFrame } from '../connection/inbound.ts';
import { Shape } from '../connection/shape.ts';
import type { SignalingSocket } from '../connection/signaling-socket.ts';
import type { FaultMoment } from '../faults/fault.ts';
import type { FaultList, FaultSubject } from '../faults/fault-list.ts';
import type { LabSettings } from '../lab-options.ts';
import type { LabLog } from '../log/lab-log.ts';
import type { LabLogRecord } from '../log/log-entry.ts';
import { observe } from '../observe.ts';
import { checkConnect, type ConnectRequest } from '../wire/connect-request.ts';
import { newIdentifier } from '../wire/identifiers.ts';
import type { JsonObject } from '../wire/json.ts';
import type { Frame } from '../wire/payload-codec.ts';
import { redirectFor, type NodeAddress } from './redirect.ts';

/** A client that may come in. */
export interface Admission {
  readonly agreement: Agreement;
  readonly connect: JsonObject;
  readonly socket: SignalingSocket;
  readonly shape: Shape;
}

export interface ReceptionParts {
  readonly node: string;
  readonly nodes: () => readonly NodeAddress[];
  readonly settings: LabSettings;
  readonly log: LabLog;
  readonly faults: FaultList;
  readonly channels: ChannelRegistry;
  readonly admit: (admission: Admission) => void;
}

/**
 * The way of one socket from its opening to an accepted `connect`. A socket that says nothing may stay as long as it likes: it is a
 * candidate that lost a race. Whatever else comes first is refused with 4490.
 */
export class Reception {
  readonly #parts: ReceptionParts;
  readonly #socket: SignalingSocket;
  readonly #subscription = new Subscription();
  #asked = false;
  #over = false;

  constructor(parts: ReceptionParts, socket: SignalingSocket) {
    this.#parts = parts;
    this.#socket = socket;
  }

  start(): void {
    const socket = this.#socket;
    this.#log({ kind: 'event', type: 'websocket-open', transport: 'websocket' });
    this.#subscription.add(
      observe(socket.error$, (error) => this.#log({ kind: 'event', type: 'websocket-error', detail: { message: error.message } })),
    );
    this.#subscription.add(observe(socket.message$, (frame) => this.#onFrame(frame)));
    this.#subscription.add(
      observe(socket.close$, ({ code, reason }) => {
        this.#log({ kind: 'event', type: 'websocket-close', transport: 'websocket', detail: { code, reason } });
        this.#subscription.unsubscribe();
      }),
    );
    this.#reach('open', { node: this.#parts.node });
  }

  #log(entry: Omit<LabLogRecord, 'node'>): void {
    this.#parts.log.add({ node: this.#parts.node, socket: this.#socket.id, ...entry });
  }

  #reach(moment: FaultMoment, subject: FaultSubject): void {
    for (const { fault, afterMs } of this.#parts.faults.due(moment, subject)) {
      const run = (): void => {
        this.#log({ kind: 'fault', type: fault.kind, detail: { ...fault } });
        actOnSocket(this.#socket, fault);
      };
      if (afterMs === 0) run();
      else this.#subscription.add(observe(timer(afterMs), run));
    }
  }

  #onFrame(frame: Frame): void {
    if (this.#over) return;
    const message = readFrame(frame);
    const bytes = typeof frame === 'string' ? Buffer.byteLength(frame) : frame.byteLength;
    const entry = { kind: 'message', direction: 'received', transport: 'websocket', bytes } as const;
    if (typeof message === 'string') {
      this.#log({ ...entry, type: 'unreadable', detail: { why: message } });
      this.#refuse(message);
      return;
    }
    const type = typeof message['type'] === 'string' ? message['type'] : 'message';
    this.#log({ ...entry, type, message });
    if (this.#asked) this.#onImpatience(type);
    else if (type === 'connect') this.#onConnect(message);
    else this.#refuse('LAB-EXPECTED-CONNECT');
  }

  /** A message while authentication thinks. */
  #onImpatience(type: string): void {
    if (type === 'connect') this.#refuse('LAB-SECOND-CONNECT');
    else if (type === 'disconnect') this.#leave(1000, this.#parts.settings.normalCloseReason ? 'TYPE-DISCONNECT' : '');
  }

  #onConnect(message: JsonObject): void {
    const { settings, node } = this.#parts;
    this.#asked = true;
    const checked = checkConnect(message, { maxUserChannels: settings.maxUserChannels, bundleIdAllowed: settings.bundleId });
    if (!checked.ok) {
      this.#refuse(`LAB-INVALID-CONNECT: ${checked.reason}`);
      return;
    }
    const request = checked.value;
    const connectionId = newIdentifier();
    const wish = agree(request, NO_OVERRIDES, settings, connectionId);
    const subject = { node, channelId: request.channelId, clientId: wish.clientId, connectionId, role: request.role, mode: wish.mode };
    const shape = new Shape(this.#parts.faults.shaping(subject));
    const location = this.#redirection(request, shape);
    if (location !== undefined) this.#redirect(location);
    else this.#authorize(request, connectionId, shape);
  }

  #redirection(request: ConnectRequest, shape: Shape): string | undefined {
    const fault = shape.get('redirect');
    if (fault !== undefined) return fault.location ?? this.#socket.url;
    return redirectFor(request, this.#parts.node, this.#parts.nodes(), this.#parts.settings.redirect);
  }

  #redirect(location: string): void {
    const message: JsonObject = { type: 'redirect', location };
    this.#socket.send(JSON.stringify(message));
    this.#log({ kind: 'message', direction: 'sent', transport: 'websocket', type: 'redirect', message });
    this.#leave(1000, '');
  }

  #authorize(request: ConnectRequest, connectionId: string, shape: Shape): void {
    const { settings, channels, node } = this.#parts;
    const channel = channels.find(request.channelId);
    const body = authRequest(request, settings, {
      connectionId,
      sessionId: channel?.sessionId,
      node,
      counts: channel?.counts ?? NO_COUNTS,
      now: Date.now(),
    });
    const refusal = shape.get('auth-refused')?.reason;
    if (refusal !== undefined) this.#refuse(refusal);
    else this.#subscription.add(observe(authorize(settings, body), (outcome) => this.#onAuthorized(request, connectionId, shape, outcome)));
  }

  #onAuthorized(request: ConnectRequest, connectionId: string, shape: Shape, outcome: Authorization): void {
    const { settings, channels, admit } = this.#parts;
    if (!outcome.ok) {
      this.#refuse(outcome.reason);
      return;
    }
    const agreement = agree(request, outcome.value, settings, connectionId);
    if (channels.find(agreement.channelId)?.fits(agreement) === false) {
      this.#refuse('LAB-SPOTLIGHT-CONFLICT');
      return;
    }
    if (this.#over || !this.#socket.open) return;
    this.#subscription.unsubscribe();
    admit({ agreement, connect: request.message, socket: this.#socket, shape });
  }

  /** A signaling error before the offer (S9): a Close frame with 4490, no JSON. */
  #refuse(reason: string): void {
    this.#log({ kind: 'event', type: 'refused', detail: { reason } });
    this.#leave(4490, reason);
  }

  #leave(code: number, reason: string): void {
    this.#over = true;
    this.#socket.close(code, reason);
  }
}
