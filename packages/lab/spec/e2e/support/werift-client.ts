import { deflateSync, inflateSync } from 'node:zlib';
import { filter, firstValueFrom, ReplaySubject, type Observable } from 'rxjs';
import { RTCPeerConnection, type RTCDataChannel } from 'werift';
import { WebSocket, type ClientOptions as ClientWebSocketOptions } from 'ws';

type Json = Record<string, unknown>;

/** What happened at a client, in order. */
export type ClientEvent =
  | { readonly kind: 'message'; readonly transport: 'websocket' | 'datachannel'; readonly label?: string; readonly message: Json }
  | { readonly kind: 'data'; readonly label: string; readonly payload: Buffer; readonly frame: 'text' | 'binary' }
  | { readonly kind: 'frame'; readonly text: string | Buffer }
  | { readonly kind: 'websocket-close'; readonly code: number; readonly reason: string }
  | { readonly kind: 'channel'; readonly label: string }
  | { readonly kind: 'channel-close'; readonly label: string }
  | { readonly kind: 'answered' };

export interface ClientOptions {
  readonly mode?: 'websocket' | 'both' | 'datachannel';
  /** Members of `connect` beside the usual ones. */
  readonly connect?: Json;
  /** Do not answer offers. */
  readonly passive?: boolean;
  /** Changes the SDP of answers. */
  readonly answerSdp?: (sdp: string) => string;
  /** Options of the WebSocket, such as `origin`. */
  readonly webSocket?: ClientWebSocketOptions;
  /** Do not close the WebSocket after `switched` with the flag. */
  readonly keepWebSocket?: boolean;
}

const live = new Set<WeriftClient>();

/** Closes every client that a spec left open. */
export const closeClients = async (): Promise<void> => {
  await Promise.all([...live].map((client) => client.close()));
};

/** The least client that can talk to a Sora: werift and ws, nothing of rx-sora. */
export class WeriftClient {
  readonly events: ClientEvent[] = [];
  readonly #eventSubject = new ReplaySubject<ClientEvent>(Infinity);
  readonly events$: Observable<ClientEvent> = this.#eventSubject.asObservable();
  readonly channels = new Map<string, RTCDataChannel>();
  readonly webSocket: WebSocket;
  /** werift asks a public STUN server, even where it is given none, and waits up to 5 s for the answer unless told not to. */
  readonly pc = new RTCPeerConnection({ iceStunGatherTimeout: 0 });
  offer: Json = {};
  switched = false;
  readonly #options: ClientOptions;
  #queue: Promise<unknown> = Promise.resolve();

  constructor(url: string, options: ClientOptions = {}) {
    this.#options = options;
    this.webSocket = new WebSocket(url, options.webSocket ?? {});
    live.add(this);
    const { mode = 'websocket' } = options;
    this.webSocket.on('open', () => {
      this.sendOnWebSocket({
        type: 'connect',
        role: 'sendrecv',
        channel_id: 'room',
        audio: false,
        video: false,
        data_channel_signaling: mode !== 'websocket',
        ignore_disconnect_websocket: mode === 'datachannel',
        ...options.connect,
      });
    });
    this.webSocket.on('message', (data: Buffer, isBinary) => this.#onFrame(isBinary ? data : data.toString('utf8')));
    this.webSocket.on('close', (code, reason) => this.#emit({ kind: 'websocket-close', code, reason: reason.toString('utf8') }));
    this.webSocket.on('error', () => undefined);
    this.pc.ondatachannel = ({ channel }) => this.#onChannel(channel);
  }

  get connectionId(): string {
    return String(this.offer['connection_id']);
  }

  /** The first event, past or to come, that is so. */
  async event(is: (event: ClientEvent) => boolean): Promise<ClientEvent> {
    return firstValueFrom(this.events$.pipe(filter(is)));
  }

  async message(
    type: string,
    is: (message: Json) => boolean = () => true,
  ): Promise<Json & { readonly transport: string; readonly label?: string }> {
    const found = await this.event((event) => event.kind === 'message' && event.message['type'] === type && is(event.message));
    if (found.kind !== 'message') throw new Error('unreachable');
    return { ...found.message, transport: found.transport, ...(found.label === undefined ? {} : { label: found.label }) };
  }

  async notify(eventType: string, is: (message: Json) => boolean = () => true): Promise<Json & { readonly transport: string }> {
    return this.message('notify', (message) => message['event_type'] === eventType && is(message));
  }

  async closed(): Promise<{ readonly code: number; readonly reason: string }> {
    const found = await this.event((event) => event.kind === 'websocket-close');
    if (found.kind !== 'websocket-close') throw new Error('unreachable');
    return { code: found.code, reason: found.reason };
  }

  async data(label: string): Promise<Buffer> {
    const found = await this.event((event) => event.kind === 'data' && event.label === label);
    if (found.kind !== 'data') throw new Error('unreachable');
    return found.payload;
  }

  async channelClosed(label: string): Promise<void> {
    await this.event((event) => event.kind === 'channel-close' && event.label === label);
  }

  /** Ready for messages: switched where there is something to switch, else created. */
  async ready(): Promise<this> {
    if ((this.#options.mode ?? 'websocket') === 'websocket') await this.notify('connection.created');
    else await this.message('switched');
    return this;
  }

  messages$(type: string): Observable<ClientEvent> {
    return this.events$.pipe(filter((event) => event.kind === 'message' && event.message['type'] === type));
  }

  sendOnWebSocket(message: Json): void {
    this.webSocket.send(JSON.stringify(message));
  }

  compresses(label: string): boolean {
    const channels = (this.offer['data_channels'] ?? []) as readonly Json[];
    return channels.some((channel) => channel['label'] === label && channel['compress'] === true);
  }

  sendOnChannel(label: string, message: Json | readonly Json[]): void {
    this.sendData(label, Buffer.from(JSON.stringify(message)));
  }

  /** Sends what is meant to arrive, compressed where the offer says so. */
  sendData(label: string, payload: Uint8Array): void {
    this.channels.get(label)!.send(this.compresses(label) ? deflateSync(payload) : Buffer.from(payload));
  }

  rpc(request: Json): void {
    this.sendOnChannel('rpc', request);
  }

  async close(): Promise<void> {
    live.delete(this);
    this.webSocket.terminate();
    await this.pc.close();
  }

  #emit(event: ClientEvent): void {
    this.events.push(event);
    this.#eventSubject.next(event);
  }

  #onFrame(text: string | Buffer): void {
    this.#emit({ kind: 'frame', text });
    let message: Json;
    try {
      message = JSON.parse(text.toString()) as Json;
    } catch {
      return;
    }
    this.#emit({ kind: 'message', transport: 'websocket', message });
    this.#react(message, (reply) => this.sendOnWebSocket(reply));
  }

  #onChannel(channel: RTCDataChannel): void {
    const { label } = channel;
    this.channels.set(label, channel);
    this.#emit({ kind: 'channel', label });
    channel.onMessage.subscribe((data) => {
      const frame = typeof data === 'string' ? 'text' : 'binary';
      const bytes = Buffer.from(data as Uint8Array);
      let payload: Buffer;
      try {
        payload = this.compresses(label) && frame === 'binary' ? inflateSync(bytes) : bytes;
      } catch {
        payload = bytes;
      }
      this.#emit({ kind: 'data', label, payload, frame });
      if (label.startsWith('#')) return;
      let message: Json;
      try {
        message = JSON.parse(payload.toString()) as Json;
      } catch {
        return;
      }
      this.#emit({ kind: 'message', transport: 'datachannel', label, message });
      this.#react(message, (reply) => this.sendOnChannel(label, reply));
    });
    channel.stateChanged.subscribe((state) => {
      if (state === 'closed') this.#emit({ kind: 'channel-close', label });
    });
  }

  #react(message: Json, reply: (message: Json) => void): void {
    switch (message['type']) {
      case 'offer':
        this.offer = message;
        if (this.#options.passive !== true) this.#answer(message, 'answer', reply);
        return;
      case 're-offer':
        this.#answer(message, 're-answer', reply);
        return;
      case 'ping':
        reply({ type: 'pong', ...(message['stats'] === true ? { stats: [{ id: 'T', type: 'transport' }] } : {}) });
        return;
      case 'req-stats':
        reply({ type: 'stats', reports: [{ id: 'P', type: 'peer-connection' }] });
        return;
      case 'switched':
        this.switched = true;
        if (message['ignore_disconnect_websocket'] === true && this.#options.keepWebSocket !== true) this.webSocket.close(1000);
        return;
    }
  }

  #answer(offer: Json, type: string, reply: (message: Json) => void): void {
    this.#queue = this.#queue
      .then(async () => {
        await this.pc.setRemoteDescription({ type: 'offer', sdp: String(offer['sdp']) });
        await this.pc.setLocalDescription(await this.pc.createAnswer());
        const { sdp } = this.pc.localDescription!;
        reply({ type, sdp: this.#options.answerSdp?.(sdp) ?? sdp });
        this.#emit({ kind: 'answered' });
      })
      .catch(() => undefined);
  }
}
