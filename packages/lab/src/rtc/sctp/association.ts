import { randomBytes } from 'node:crypto';
import { mtuBytes } from './congestion.ts';
import { dataFlag, parseDataChunk } from './data-chunk.ts';
import { Inbound, windowBytes } from './inbound.ts';
import type { InboundMessage } from './inbound.ts';
import { createCookieJar, parseInit, serializeInit } from './init.ts';
import type { SctpIdentity } from './init.ts';
import { Outbound } from './outbound.ts';
import type { OutboundMessage } from './outbound.ts';
import { chunkType, parsePacket, serializeChunk, serializePacket } from './packet.ts';
import type { SctpChunk } from './packet.ts';
import { serializeParameter } from './parameters.ts';
import { RetryTimer } from './retry-timer.ts';
import { StreamReset } from './stream-reset.ts';

export interface AssociationOptions {
  /** The same on both sides, as in `a=sctp-port`. */
  readonly port: number;
  readonly maxMessageBytes: number;
  readonly send: (packet: Buffer) => void;
  readonly onEstablished: () => void;
  readonly onMessage: (message: InboundMessage) => void;
  readonly onIncomingReset: (streamIds: readonly number[]) => void;
  readonly onOutgoingReset: (streamIds: readonly number[]) => void;
  /** The association is over: ABORT or SHUTDOWN of the client, or no acknowledgement for too long. Not called by {@link Association.abort}. */
  readonly onLost: (error: Error) => void;
}

type State = 'closed' | 'cookieWait' | 'cookieEchoed' | 'established' | 'over';

/** What exists once the client's INIT is known. */
interface Established {
  readonly remote: SctpIdentity;
  readonly inbound: Inbound;
  readonly outbound: Outbound;
  readonly reset: StreamReset;
}

const commonHeaderBytes = 12;
const roomBytes = mtuBytes - commonHeaderBytes;
/** A lone packet is acknowledged after this long, a second one at once. Local clients gain more from speed than from fewer packets. */
const sackDelayMs = 20;
/** Doubled after each attempt (RFC 9260 section 6.3.3), up to the limit: some clients repeat what they have to say every three seconds only. */
const handshakeTimeoutMs = 500;
const maxHandshakeTimeoutMs = 8000;
const maxHandshakeRetries = 8;
const maxDataRetries = 10;
const userInitiatedAbort = 12;

const bytesOf = (chunks: readonly Buffer[]): number => chunks.reduce((sum, { length }) => sum + length, 0);

/**
 * SCTP over DTLS (RFC 9260, RFC 8261) with partial reliability and stream reset, as much of it as WebRTC uses. Both sides may start at the same
 * time, as browsers do.
 */
export class Association {
  readonly #options: AssociationOptions;
  readonly #jar = createCookieJar();
  readonly #local: SctpIdentity = {
    // Zero is no tag.
    tag: randomBytes(4).readUInt32BE() || 1,
    windowBytes,
    initialTsn: randomBytes(4).readUInt32BE(),
    partialReliability: true,
  };
  #state: State = 'closed';
  #established: Established | undefined;
  #cookieEcho: { readonly tag: number; readonly value: Buffer } | undefined;
  #sackNeeded: 'no' | 'later' | 'now' = 'no';
  #sackTimer: ReturnType<typeof setTimeout> | undefined;
  readonly #handshakeTimer: RetryTimer;
  readonly #dataTimer: RetryTimer;
  readonly #resetTimer: RetryTimer;
  readonly #unsent: OutboundMessage[] = [];
  readonly #unsentResets: number[] = [];
  #flushing = false;

  constructor(options: AssociationOptions) {
    this.#options = options;
    const lost = (what: string) => () => this.#lose(new Error(`SCTP: ${what}`));
    this.#handshakeTimer = new RetryTimer(maxHandshakeRetries, () => this.#handshakeStep(), lost('the client does not answer'));
    this.#dataTimer = new RetryTimer(maxDataRetries, () => this.#dataTimedOut(), lost('the client acknowledges nothing any more'));
    this.#resetTimer = new RetryTimer(
      maxDataRetries,
      () => this.#established?.reset.repeat(),
      lost('the client does not answer a stream reset'),
    );
  }

  get established(): boolean {
    return this.#state === 'established';
  }

  /** Sends INIT; the client may do the same. */
  start(): void {
    if (this.#state !== 'closed') return;
    this.#state = 'cookieWait';
    this.#startHandshakeStep();
  }

  /** Queues a message; before the association is established as well. */
  send(message: OutboundMessage): void {
    if (this.#state === 'over') return;
    if (this.#established === undefined || this.#state !== 'established') this.#unsent.push(message);
    else {
      this.#established.outbound.enqueue(message);
      this.#flush();
    }
  }

  /** Resets an outgoing stream once everything queued for it has left. */
  resetStream(streamId: number): void {
    if (this.#state === 'over') return;
    if (this.#established === undefined || this.#state !== 'established') this.#unsentResets.push(streamId);
    else {
      this.#established.reset.reset(streamId);
      this.#flush();
    }
  }

  /** Tells the client that this association is dead, and forgets it. */
  abort(reason: string): void {
    if (this.#state === 'over') return;
    const cause = serializeParameter({ type: userInitiatedAbort, value: Buffer.from(reason, 'utf8') });
    this.#sendChunk({ type: chunkType.abort, flags: 0, value: cause });
    this.close();
  }

  /** Forgets the association without a word. */
  close(): void {
    this.#state = 'over';
    for (const timer of [this.#handshakeTimer, this.#dataTimer, this.#resetTimer]) timer.stop();
    clearTimeout(this.#sackTimer);
    this.#established?.outbound.clear();
    for (const message of this.#unsent.splice(0)) message.onLeft?.();
  }

  /** False when the packet could not be used. Never throws. */
  receive(data: Buffer): boolean {
    const packet = parsePacket(data);
    if (packet === undefined || this.#state === 'over' || this.#state === 'closed') return false;
    const isInit = packet.chunks[0]?.type === chunkType.init;
    const reflected = packet.chunks.some(({ type, flags }) => type === chunkType.abort && flags & 1);
    const expected = isInit ? 0 : reflected ? this.#established?.remote.tag : this.#local.tag;
    if (packet.tag !== expected || (isInit && packet.chunks.length !== 1)) return false;
    let used = packet.chunks.length > 0;
    for (const chunk of packet.chunks) {
      try {
        if (!this.#chunk(chunk)) used = false;
      } catch (error) {
        // A field that points beyond its chunk: the chunk is dropped, and what it should have done is repeated by the other side or never was meant.
        if (!(error instanceof RangeError)) throw error;
        used = false;
      }
    }
    if (this.established && packet.chunks.some(({ type }) => type === chunkType.data)) this.#sackLater();
    this.#flush();
    return used;
  }

  #chunk(chunk: SctpChunk): boolean {
    switch (chunk.type) {
      case chunkType.init:
        return this.#init(chunk.value);
      case chunkType.initAck:
        return this.#initAck(chunk.value);
      case chunkType.cookieEcho:
        return this.#cookieEchoed(chunk.value);
      case chunkType.cookieAck:
        if (this.#state === 'cookieEchoed') this.#establish();
        return true;
      case chunkType.heartbeat:
        this.#sendChunk({ type: chunkType.heartbeatAck, flags: 0, value: chunk.value });
        return true;
      case chunkType.abort:
        this.#lose(new Error('SCTP: the client aborted the association'));
        return true;
      case chunkType.shutdown:
        this.#sendChunk({ type: chunkType.shutdownAck, flags: 0, value: Buffer.alloc(0) });
        this.#lose(new Error('SCTP: the client shut the association down'));
        return true;
      default:
        return this.#established !== undefined && this.#state === 'established' && this.#dataPhase(chunk, this.#established);
    }
  }

  #dataPhase(chunk: SctpChunk, { inbound, outbound, reset }: Established): boolean {
    switch (chunk.type) {
      case chunkType.data: {
        const data = parseDataChunk(chunk.flags, chunk.value);
        const kept = inbound.data(data);
        if (inbound.urgent || data.flags & dataFlag.immediate) this.#sackNeeded = 'now';
        reset.received();
        return kept;
      }
      case chunkType.forwardTsn:
        inbound.forward(chunk.value.readUInt32BE(0));
        this.#sackNeeded = 'now';
        reset.received();
        return true;
      case chunkType.sack:
        if (outbound.sack(chunk.value, performance.now())) this.#dataTimer.stop();
        return true;
      case chunkType.reConfig:
        reset.receive(chunk.value);
        return true;
      default:
        return false;
    }
  }

  // -- handshake ------------------------------------------------------------------------------------------------------------------------------

  #startHandshakeStep(): void {
    let waitMs = handshakeTimeoutMs / 2;
    this.#handshakeStep();
    this.#handshakeTimer.start(() => (waitMs = Math.min(2 * waitMs, maxHandshakeTimeoutMs)));
  }

  #handshakeStep(): void {
    if (this.#state === 'cookieWait') {
      this.#options.send(
        serializePacket(this.#options.port, 0, [serializeChunk({ type: chunkType.init, flags: 0, value: serializeInit(this.#local) })]),
      );
    } else if (this.#cookieEcho !== undefined) {
      const { tag, value } = this.#cookieEcho;
      this.#options.send(serializePacket(this.#options.port, tag, [serializeChunk({ type: chunkType.cookieEcho, flags: 0, value })]));
    }
  }

  /** Answered in every phase before the end, always with the same tag and TSN: so both sides may start at once (RFC 9260 section 5.2.1). */
  #init(value: Buffer): boolean {
    const { identity } = parseInit(value);
    // A client that restarts would have to make a new DTLS connection first.
    if (identity.tag === 0 || this.#state === 'established') return false;
    const answer = serializeInit(this.#local, this.#jar.bake(identity));
    this.#options.send(
      serializePacket(this.#options.port, identity.tag, [serializeChunk({ type: chunkType.initAck, flags: 0, value: answer })]),
    );
    return true;
  }

  #initAck(value: Buffer): boolean {
    const { identity, cookie } = parseInit(value);
    if (cookie === undefined || identity.tag === 0) return false;
    // The answer to an INIT that was repeated, or was late, has nothing left to do (RFC 9260 section 5.2.3).
    if (this.#state !== 'cookieWait') return true;
    this.#prepare(identity);
    this.#state = 'cookieEchoed';
    this.#cookieEcho = { tag: identity.tag, value: Buffer.from(cookie) };
    this.#startHandshakeStep();
    return true;
  }

  #cookieEchoed(value: Buffer): boolean {
    const remote = this.#jar.open(value);
    if (remote === undefined) return false;
    const known = this.#established?.remote;
    if (known !== undefined && known.tag !== remote.tag) return false;
    if (known === undefined) this.#prepare(remote);
    // Before any data: the client takes none until it has this.
    this.#sendChunk({ type: chunkType.cookieAck, flags: 0, value: Buffer.alloc(0) });
    if (this.#state !== 'established') this.#establish();
    return true;
  }

  #prepare(remote: SctpIdentity): void {
    const inbound = new Inbound(remote.initialTsn, this.#options.maxMessageBytes, this.#options.onMessage);
    const outbound = new Outbound(this.#local.initialTsn, remote.windowBytes, remote.partialReliability);
    const reset = new StreamReset({
      initialTsn: this.#local.initialTsn,
      remoteInitialTsn: remote.initialTsn,
      send: (value) => this.#sendChunk({ type: chunkType.reConfig, flags: 0, value }),
      lastSentTsn: () => outbound.lastTsn,
      receivedTsn: () => inbound.cumulativeTsn,
      hasQueued: (streamId) => outbound.hasQueued(streamId),
      onIncomingReset: this.#options.onIncomingReset,
      onOutgoingReset: (streamIds) => {
        this.#resetTimer.stop();
        for (const id of streamIds) outbound.forgetStream(id);
        this.#options.onOutgoingReset(streamIds);
      },
    });
    this.#established = { remote, inbound, outbound, reset };
  }

  #establish(): void {
    this.#state = 'established';
    this.#handshakeTimer.stop();
    this.#cookieEcho = undefined;
    for (const message of this.#unsent.splice(0)) this.#established?.outbound.enqueue(message);
    for (const streamId of this.#unsentResets.splice(0)) this.#established?.reset.reset(streamId);
    this.#options.onEstablished();
  }

  // -- sending --------------------------------------------------------------------------------------------------------------------------------

  #sackLater(): void {
    if (this.#sackNeeded === 'no') {
      this.#sackNeeded = 'later';
      this.#sackTimer = setTimeout(() => {
        this.#sackNeeded = 'now';
        this.#flush();
      }, sackDelayMs);
    } else this.#sackNeeded = 'now';
  }

  #takeSack(): Buffer[] {
    clearTimeout(this.#sackTimer);
    this.#sackNeeded = 'no';
    const value = this.#established?.inbound.sack();
    return value === undefined ? [] : [serializeChunk({ type: chunkType.sack, flags: 0, value })];
  }

  /** Sends everything that may be sent now, an acknowledgement that is due in front. */
  #flush(): void {
    if (this.#established === undefined || this.#state !== 'established') return;
    // A message that leaves may make the lab send the next one: the loop below sees it, and packets stay in order.
    if (this.#flushing) return;
    this.#flushing = true;
    const { outbound, reset } = this.#established;
    for (;;) {
      const data = outbound.nextChunks(roomBytes, performance.now());
      const front = this.#sackNeeded === 'now' || (data.length > 0 && this.#sackNeeded === 'later') ? this.#takeSack() : [];
      if (data.length + front.length === 0) break;
      if (bytesOf(front) + bytesOf(data) <= roomBytes) this.#sendChunks([...front, ...data]);
      else {
        this.#sendChunks(front);
        this.#sendChunks(data);
      }
    }
    this.#flushing = false;
    const forward = outbound.takeForwardTsn();
    if (forward !== undefined) this.#sendChunk({ type: chunkType.forwardTsn, flags: 0, value: forward });
    if (reset.flush()) this.#resetTimer.start(() => outbound.congestion.timeoutMs);
    if (outbound.outstanding && !this.#dataTimer.running) this.#dataTimer.start(() => outbound.congestion.timeoutMs);
  }

  #dataTimedOut(): void {
    const outbound = this.#established?.outbound;
    if (outbound === undefined) return;
    outbound.timedOut(performance.now());
    this.#flush();
  }

  #sendChunk(chunk: SctpChunk): void {
    this.#sendChunks([serializeChunk(chunk)]);
  }

  #sendChunks(chunks: readonly Buffer[]): void {
    const tag = this.#established?.remote.tag;
    if (tag !== undefined) this.#options.send(serializePacket(this.#options.port, tag, chunks));
  }

  #lose(error: Error): void {
    if (this.#state === 'over') return;
    this.close();
    this.#options.onLost(error);
  }
}
