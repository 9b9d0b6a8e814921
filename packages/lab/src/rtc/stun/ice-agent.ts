import { randomBytes } from 'node:crypto';
import { addressKey } from '../link/address.ts';
import type { RemoteAddress } from '../link/address.ts';
import type { IceState, IceSupervision } from '../peer.ts';
import { serializeStun, stunAttribute, stunType, xorMappedAddress } from './stun-message.ts';
import type { StunMessage } from './stun-message.ts';
import { Supervisor, defaultSupervision } from './supervision.ts';

export interface IceCredentials {
  readonly ufrag: string;
  readonly password: string;
}

export interface IceAgentOptions {
  readonly supervision: IceSupervision;
  readonly send: (datagram: Buffer, to: RemoteAddress) => void;
  /** An address has proved itself; datagrams from it belong to this peer from now on. */
  readonly onAddress: (address: RemoteAddress) => void;
  readonly onState: (state: IceState) => void;
}

/** Characters that RFC 8445 allows, in a number that needs no rejection. */
const iceText = (bytes: number): string => randomBytes(bytes).toString('base64').replace(/=/g, '');

/** Answers to own requests are recognised among this many of the last ones. */
const maxOpenRequests = 64;

/**
 * The server's end of ICE: a lite agent (RFC 8445 section 2.5) with one host candidate. It starts no check of its own until the client has nominated
 * a pair; from then on it supervises the client as Sora does.
 */
export class IceAgent {
  readonly local: IceCredentials = { ufrag: iceText(6), password: iceText(18) };
  readonly #options: IceAgentOptions;
  readonly #supervisor: Supervisor;
  readonly #known = new Set<string>();
  readonly #tieBreaker = randomBytes(8);
  #open: string[] = [];
  #remote: IceCredentials | undefined;
  #selected: RemoteAddress | undefined;
  #running = false;
  #connectTimer: ReturnType<typeof setTimeout> | undefined;

  constructor(options: IceAgentOptions) {
    this.#options = options;
    this.#supervisor = new Supervisor({
      times: { ...defaultSupervision, ...options.supervision },
      sendRequest: () => this.#sendRequest(),
      onState: options.onState,
    });
  }

  /** Where to send; undefined until the client has reached us. */
  get selected(): RemoteAddress | undefined {
    return this.#selected;
  }

  /** The answer is here: waits for the client from now on. */
  start(remote: IceCredentials): void {
    this.#remote = remote;
    if (this.#connectTimer !== undefined || this.#running) return;
    this.#connectTimer = setTimeout(
      () => this.#options.onState('failed'),
      {
        ...defaultSupervision,
        ...this.#options.supervision,
      }.connectTimeoutMs,
    );
    if (this.#selected !== undefined) this.#connect();
  }

  stop(): void {
    clearTimeout(this.#connectTimer);
    this.#supervisor.stop();
  }

  /** False when the message is not authentic or not of interest. */
  receive(message: StunMessage, from: RemoteAddress): boolean {
    if (message.type === stunType.bindingRequest) return this.#request(message, from);
    if (message.type !== stunType.bindingSuccess || this.#remote === undefined) return false;
    const id = message.transactionId.toString('hex');
    if (!this.#open.includes(id) || !message.isAuthentic(this.#remote.password)) return false;
    this.#open = this.#open.filter((other) => other !== id);
    this.#supervisor.alive();
    return true;
  }

  #request(message: StunMessage, from: RemoteAddress): boolean {
    const username = message.attributes.get(stunAttribute.username)?.toString('utf8');
    if (username?.split(':')[0] !== this.local.ufrag || !message.isAuthentic(this.local.password)) return false;
    this.#options.send(
      serializeStun({
        type: stunType.bindingSuccess,
        transactionId: message.transactionId,
        attributes: [[stunAttribute.xorMappedAddress, xorMappedAddress(from.address, from.port, message.transactionId)]],
        password: this.local.password,
      }),
      from,
    );
    const key = addressKey(from);
    if (!this.#known.has(key)) {
      this.#known.add(key);
      this.#options.onAddress(from);
    }
    // A lite agent uses what the client nominates; until then the first address that works, because DTLS may start before the nomination.
    if (this.#selected === undefined || message.attributes.has(stunAttribute.useCandidate)) this.#selected = from;
    this.#supervisor.alive();
    this.#connect();
    return true;
  }

  #connect(): void {
    if (this.#running || this.#remote === undefined) return;
    this.#running = true;
    clearTimeout(this.#connectTimer);
    this.#supervisor.start();
    this.#options.onState('connected');
  }

  #sendRequest(): void {
    if (this.#remote === undefined || this.#selected === undefined) return;
    const transactionId = randomBytes(12);
    this.#open = [...this.#open.slice(1 - maxOpenRequests), transactionId.toString('hex')];
    const priority = Buffer.alloc(4);
    priority.writeUInt32BE(((110 << 24) | (65535 << 8) | 255) >>> 0);
    this.#options.send(
      serializeStun({
        type: stunType.bindingRequest,
        transactionId,
        attributes: [
          [stunAttribute.username, Buffer.from(`${this.#remote.ufrag}:${this.local.ufrag}`, 'utf8')],
          [stunAttribute.iceControlled, this.#tieBreaker],
          [stunAttribute.priority, priority],
        ],
        password: this.#remote.password,
      }),
      this.#selected,
    );
  }
}
