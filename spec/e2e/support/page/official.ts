import { exhaustMap, filter, firstValueFrom, map, ReplaySubject, timer } from 'rxjs';
import { type OfficialConnection, officialSora } from './official-sdk.ts';
import { capture } from './capture.ts';
import { isInbound, playTrack } from './received-tracks.ts';

/** What an application was told by the official SDK about an end. */
export interface OfficialEnd {
  /** Unix milliseconds. */
  readonly at: number;
  readonly line: string;
}

const words = (...parts: readonly unknown[]): string => parts.filter((part) => part !== undefined && part !== '').join(' ');

/** One connection of the unmodified official SDK and what it told. */
class OfficialSubject {
  readonly connection: OfficialConnection;
  readonly #ends: OfficialEnd[] = [];
  readonly #endedSubject = new ReplaySubject<null>(1);
  readonly #switchedSubject = new ReplaySubject<null>(1);
  readonly #pushedSubject = new ReplaySubject<null>(1);
  readonly #messageSubject = new ReplaySubject<string>(1);

  constructor(url: string | string[], channelId: string, options: Record<string, unknown>) {
    this.connection = officialSora.connection(url).sendrecv(channelId, null, options);
    this.connection.on('disconnect', ({ type, title, code, reason }) => this.#end(words('disconnect event:', type, title, code, reason)));
    this.connection.on('switched', () => this.#switchedSubject.next(null));
    this.connection.on('push', () => this.#pushedSubject.next(null));
    this.connection.on('message', ({ label, data }) => this.#messageSubject.next(`${label} ${new TextDecoder().decode(data)}`));
    this.connection.on('track', ({ track }) => playTrack(track));
  }

  async connect(stream = new MediaStream()): Promise<boolean> {
    try {
      await this.connection.connect(stream);
      return true;
    } catch (error) {
      this.#end(words('connect() rejected:', error instanceof Error ? error.message : String(error)));
      return false;
    }
  }

  async switched(): Promise<void> {
    await firstValueFrom(this.#switchedSubject);
  }

  async pushed(): Promise<void> {
    await firstValueFrom(this.#pushedSubject);
  }

  async rpc(method: string, params: object): Promise<string> {
    return this.connection.rpc(method, params, { timeout: 1000 }).then(
      (result) => `result ${JSON.stringify(result)}`,
      (error: unknown) => words('error', (error as { readonly code?: unknown }).code, (error as Error).message),
    );
  }

  /** Label and text of the first message of the application. */
  async message(): Promise<string> {
    return firstValueFrom(this.#messageSubject);
  }

  /** A picture moves and a sound is heard. */
  async seenAndHeard(): Promise<void> {
    await firstValueFrom(
      timer(0, 200).pipe(
        exhaustMap(
          async () => [...((await this.connection.pc?.getStats()) ?? new Map<string, RTCStats>()).values()] as readonly RTCStats[],
        ),
        map((reports) => reports.filter(isInbound)),
        filter(
          (inbound) =>
            inbound.some(({ framesDecoded = 0 }) => framesDecoded >= 10) &&
            inbound.some(({ totalAudioEnergy = 0 }) => totalAudioEnergy > 0),
        ),
      ),
    );
  }

  async disconnect(): Promise<void> {
    await this.connection.disconnect();
  }

  async ended(): Promise<void> {
    await firstValueFrom(this.#endedSubject);
  }

  get ends(): readonly OfficialEnd[] {
    return this.#ends;
  }

  #end(line: string): void {
    this.#ends.push({ at: Date.now(), line });
    this.#endedSubject.next(null);
  }
}

const subjects = new Map<string, OfficialSubject>();

const bench = {
  capture,
  open: (name: string, url: string | string[], channelId: string, options: Record<string, unknown>): OfficialSubject => {
    const subject = new OfficialSubject(url, channelId, options);
    subjects.set(name, subject);
    return subject;
  },
  subject: (name: string): OfficialSubject => {
    const found = subjects.get(name);
    if (found === undefined) throw new Error(`no subject ${name}`);
    return found;
  },
};

/** What a page with the official SDK offers. */
export type OfficialBench = typeof bench;

Object.assign(globalThis, { bench });
