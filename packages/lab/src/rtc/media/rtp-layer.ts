import { ReceiveStream } from './receive-stream.ts';

/** Between two key-frame requests for one layer. */
const requestPauseMs = 200;
const activeForMs = 1000;

/** One simulcast layer of a receiver, or all of it without simulcast. */
export class RtpLayer {
  readonly rid: string | undefined;
  readonly #sendRequest: (ssrc: number) => void;
  #stream: ReceiveStream | undefined;
  #lastPacketMs = -Infinity;
  #lastRequestMs = -Infinity;
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(rid: string | undefined, sendRequest: (ssrc: number) => void) {
    this.rid = rid;
    this.#sendRequest = sendRequest;
  }

  get stream(): ReceiveStream | undefined {
    return this.#stream;
  }

  /** The stream of this SSRC; a new SSRC takes the place of the old one. */
  streamOf(ssrc: number, clockRate: number): ReceiveStream {
    if (this.#stream?.ssrc !== ssrc) this.#stream = new ReceiveStream(ssrc, clockRate);
    return this.#stream;
  }

  active(nowMs: number): boolean {
    return nowMs - this.#lastPacketMs < activeForMs;
  }

  packetArrived(nowMs: number): void {
    this.#lastPacketMs = nowMs;
  }

  /** Now, or when the pause since the last request is over. */
  requestKeyFrame(nowMs: number): void {
    if (this.#stream === undefined || this.#timer !== undefined) return;
    const waitMs = this.#lastRequestMs + requestPauseMs - nowMs;
    if (waitMs <= 0) this.#request(nowMs);
    else {
      this.#timer = setTimeout(() => {
        this.#timer = undefined;
        this.#request(performance.now());
      }, waitMs);
    }
  }

  close(): void {
    clearTimeout(this.#timer);
  }

  #request(nowMs: number): void {
    this.#lastRequestMs = nowMs;
    if (this.#stream !== undefined) this.#sendRequest(this.#stream.ssrc);
  }
}
