import { randomBytes, timingSafeEqual } from 'node:crypto';
import type { SrtpKeyMaterial } from '../srtp/key-material.ts';
import { srtpKeyBytes, srtpProfiles, srtpSaltBytes } from '../srtp/srtp-profile.ts';
import { DtlsFailure, alert } from './alert.ts';
import type { DtlsCertificate } from './certificate.ts';
import { extensionType, offersDtls12, parseClientHello, supportedGroups, srtpProfiles as offeredSrtpProfiles } from './client-hello.ts';
import { firstCertificate, provesPossession } from './client-signature.ts';
import { handshakeType, serializeHandshake } from './handshake-message.ts';
import type { HandshakeMessage } from './handshake-message.ts';
import { startKeyExchange } from './key-exchange.ts';
import type { KeyExchange } from './key-exchange.ts';
import { cipherSuite, serverFlight } from './server-flight.ts';
import type { MessageBody } from './server-flight.ts';
import { deriveSessionKeys } from './session-keys.ts';
import type { SessionKeys } from './session-keys.ts';

export interface ServerHandshakeOptions {
  readonly certificate: DtlsCertificate;
  /** Whether this is the certificate whose fingerprint the SDP announced. */
  readonly isExpectedCertificate: (der: Buffer) => boolean;
}

/** What to send next. Messages of the last flight are preceded by ChangeCipherSpec and encrypted. */
export interface Flight {
  readonly messages: readonly HandshakeMessage[];
  /** Nothing answers it: it is sent again only when the client asks for it. */
  readonly last: boolean;
}

const sharedSecret = (keyExchange: KeyExchange, body: Buffer): Buffer => {
  try {
    return keyExchange.secret(body.subarray(1, 1 + (body[0] ?? 0)));
  } catch {
    throw new DtlsFailure(alert.illegalParameter, "the client's key is not one of the group");
  }
};

/**
 * The server side of the DTLS 1.2 handshake: whole messages in, flights out. Resumption, renegotiation, the round trip for a cookie (RFC 6347
 * section 4.2.1: ICE has proved the client's address already) and every suite but one are left out; WebRTC needs none of them.
 */
export class ServerHandshake {
  readonly #options: ServerHandshakeOptions;
  readonly #serverRandom = randomBytes(32);
  #clientRandom: Buffer = Buffer.alloc(0);
  #sequence = 0;
  #transcript: Buffer[] = [];
  #keyExchange: KeyExchange | undefined;
  #extendedMasterSecret = false;
  #srtpProfile: number | undefined;
  #certificate: Buffer | undefined;
  #verified = false;
  #done = false;
  #keys: SessionKeys | undefined;

  constructor(options: ServerHandshakeOptions) {
    this.#options = options;
  }

  /** Present as soon as the client's Finished can be decrypted. */
  get keys(): SessionKeys | undefined {
    return this.#keys;
  }

  get done(): boolean {
    return this.#done;
  }

  /** Undefined when the client uses no media. */
  get srtpKeys(): SrtpKeyMaterial | undefined {
    const profile = this.#srtpProfile;
    return profile === undefined ? undefined : this.#keys?.exportSrtp(profile, srtpKeyBytes, srtpSaltBytes(profile));
  }

  /** @throws DtlsFailure when the handshake cannot go on. */
  handle(message: HandshakeMessage): Flight | undefined {
    switch (message.type) {
      case handshakeType.clientHello:
        return this.#clientHello(message);
      case handshakeType.certificate:
        this.#clientCertificate(message);
        return undefined;
      case handshakeType.clientKeyExchange:
        this.#clientKeyExchange(message);
        return undefined;
      case handshakeType.certificateVerify:
        this.#certificateVerify(message);
        return undefined;
      case handshakeType.finished:
        return this.#finished(message);
      default:
        return undefined;
    }
  }

  #clientHello(message: HandshakeMessage): Flight | undefined {
    if (this.#keyExchange !== undefined) return undefined;
    const hello = parseClientHello(message.body);
    if (!offersDtls12(hello)) throw new DtlsFailure(alert.protocolVersion, 'the client does not offer DTLS 1.2');
    if (!hello.cipherSuites.includes(cipherSuite)) throw new DtlsFailure(alert.handshakeFailure, 'no common cipher suite');
    const keyExchange = startKeyExchange(supportedGroups(hello));
    if (keyExchange === undefined) throw new DtlsFailure(alert.handshakeFailure, 'no common group');
    this.#keyExchange = keyExchange;
    this.#clientRandom = hello.random;
    this.#extendedMasterSecret = hello.extensions.has(extensionType.extendedMasterSecret);
    const offered = offeredSrtpProfiles(hello);
    this.#srtpProfile = srtpProfiles.find((profile) => offered.includes(profile));
    this.#transcript = [serializeHandshake(message)];
    const messages = serverFlight({
      certificate: this.#options.certificate,
      keyExchange,
      clientRandom: this.#clientRandom,
      serverRandom: this.#serverRandom,
      srtpProfile: this.#srtpProfile,
      extendedMasterSecret: this.#extendedMasterSecret,
      pointFormats: hello.extensions.has(extensionType.ecPointFormats),
    });
    return this.#flight(messages, false);
  }

  #clientCertificate(message: HandshakeMessage): void {
    const der = firstCertificate(message.body);
    if (der === undefined || !this.#options.isExpectedCertificate(der)) {
      throw new DtlsFailure(alert.badCertificate, 'the certificate is not the one of the answer');
    }
    this.#certificate = der;
    this.#transcript.push(serializeHandshake(message));
  }

  #clientKeyExchange(message: HandshakeMessage): void {
    if (this.#keyExchange === undefined || this.#keys !== undefined)
      throw new DtlsFailure(alert.handshakeFailure, 'unexpected key exchange');
    this.#transcript.push(serializeHandshake(message));
    this.#keys = deriveSessionKeys({
      preMasterSecret: sharedSecret(this.#keyExchange, message.body),
      clientRandom: this.#clientRandom,
      serverRandom: this.#serverRandom,
      extendedTranscript: this.#extendedMasterSecret ? this.#transcribed() : undefined,
    });
  }

  #certificateVerify(message: HandshakeMessage): void {
    if (this.#certificate === undefined || !provesPossession(this.#certificate, message.body, this.#transcribed())) {
      throw new DtlsFailure(alert.decryptError, 'the client does not own its certificate');
    }
    this.#verified = true;
    this.#transcript.push(serializeHandshake(message));
  }

  #finished(message: HandshakeMessage): Flight {
    const keys = this.#keys;
    if (keys === undefined || !this.#verified) throw new DtlsFailure(alert.handshakeFailure, 'Finished out of order');
    const expected = keys.verifyData('client', this.#transcribed());
    if (message.body.length !== expected.length || !timingSafeEqual(message.body, expected)) {
      throw new DtlsFailure(alert.decryptError, 'the handshake was tampered with');
    }
    this.#transcript.push(serializeHandshake(message));
    const verifyData = keys.verifyData('server', this.#transcribed());
    this.#transcript = [];
    this.#done = true;
    return this.#flight([{ type: handshakeType.finished, body: verifyData }], true);
  }

  #transcribed(): Buffer {
    return Buffer.concat(this.#transcript);
  }

  #flight(bodies: readonly MessageBody[], last: boolean): Flight {
    const messages = bodies.map((body) => ({ ...body, sequence: this.#sequence++ }));
    if (!last) this.#transcript.push(...messages.map(serializeHandshake));
    return { messages, last };
  }
}
