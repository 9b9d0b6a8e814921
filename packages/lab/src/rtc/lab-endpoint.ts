import type { RemoteInfo, Socket } from 'node:dgram';
import type { DtlsCertificate } from './dtls/certificate.ts';
import { LabPeer } from './lab-peer.ts';
import { addressKey } from './link/address.ts';
import type { RemoteAddress } from './link/address.ts';
import { datagramKind } from './link/datagram-kind.ts';
import type { RtcPeer, RtcPeerOptions } from './peer.ts';
import type { RtcEndpoint } from './rtc-endpoint.ts';
import { parseStun, stunAttribute, stunType } from './stun/stun-message.ts';

/** Shares one socket between peers: connectivity checks name their peer, everything else is known by the address it comes from. */
export class LabEndpoint implements RtcEndpoint {
  readonly host: string;
  readonly port: number;
  readonly #socket: Socket;
  readonly #certificate: DtlsCertificate;
  readonly #peers = new Map<string, LabPeer>();
  readonly #byAddress = new Map<string, LabPeer>();
  #closing: Promise<void> | undefined;

  constructor(socket: Socket, host: string, certificate: DtlsCertificate) {
    this.#socket = socket;
    this.host = host;
    this.port = socket.address().port;
    this.#certificate = certificate;
    socket.on('message', (datagram, from) => this.#receive(datagram, from));
    // A client that is gone makes the system report its port as unreachable; supervision finds that out by itself.
    socket.on('error', () => undefined);
  }

  get peers(): readonly RtcPeer[] {
    return [...this.#peers.values()];
  }

  createPeer(options: RtcPeerOptions = {}): RtcPeer {
    if (this.#closing !== undefined) throw new Error('the endpoint is closed');
    const peer: LabPeer = new LabPeer(
      {
        host: this.host,
        port: this.port,
        certificate: this.#certificate,
        send: (datagram, to) => this.#send(datagram, to),
        onAddress: (address) => this.#byAddress.set(addressKey(address), peer),
        onClosed: () => this.#forget(peer),
      },
      options,
    );
    this.#peers.set(peer.id, peer);
    return peer;
  }

  close(): Promise<void> {
    this.#closing ??= new Promise((resolve) => {
      for (const peer of [...this.#peers.values()]) peer.close();
      this.#socket.close(() => resolve());
    });
    return this.#closing;
  }

  #receive(datagram: Buffer, from: RemoteInfo): void {
    const kind = datagramKind(datagram);
    const peer = (kind === 'stun' ? this.#named(datagram) : undefined) ?? this.#byAddress.get(addressKey(from));
    peer?.receive(kind, datagram, from);
  }

  /** The peer whose user name fragment comes first in the user name of a connectivity check. */
  #named(datagram: Buffer): LabPeer | undefined {
    const message = parseStun(datagram);
    if (message?.type !== stunType.bindingRequest) return undefined;
    const username = message.attributes.get(stunAttribute.username)?.toString('utf8') ?? '';
    return this.#peers.get(username.split(':', 1)[0] ?? '');
  }

  #send(datagram: Buffer, to: RemoteAddress): void {
    if (this.#closing === undefined || this.#peers.size > 0) this.#socket.send(datagram, to.port, to.address, () => undefined);
  }

  #forget(peer: LabPeer): void {
    this.#peers.delete(peer.id);
    for (const [key, owner] of this.#byAddress) if (owner === peer) this.#byAddress.delete(key);
  }
}
