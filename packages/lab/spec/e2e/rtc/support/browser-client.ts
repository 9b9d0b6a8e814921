import type { Page } from 'puppeteer-core';

/** How fake camera and microphone are used. */
export interface CaptureOptions {
  readonly width: number;
  readonly height: number;
  readonly frameRate: number;
  /** Halves of the picture per layer, lowest layer first; absent without simulcast. */
  readonly scaleResolutionDownBy?: readonly number[];
}

/** What the receiving side of a page has seen of the video with this stream id. */
export interface VideoStatistics {
  readonly framesDecoded: number;
  readonly frameWidth: number;
}

interface Client {
  readonly connection: RTCPeerConnection;
  readonly channels: Map<string, RTCDataChannel>;
  readonly events: string[];
  /** Stream ids by track id. */
  readonly streams: Map<string, string>;
}

type Global = typeof globalThis & { client: Client };

/** Plays the part of a Sora client in a page: answers offers, echoes messages, records what happens. Each call runs in the browser. */
export class BrowserClient {
  readonly #page: Page;

  constructor(page: Page) {
    this.#page = page;
  }

  /** A new peer connection in place of the one before. */
  async start(): Promise<void> {
    await this.#page.evaluate(() => {
      const connection = new RTCPeerConnection();
      const client: Client = { connection, channels: new Map(), events: [], streams: new Map() };
      (globalThis as Global).client = client;
      const log = (event: string): void => {
        client.events.push(event);
      };
      connection.addEventListener('connectionstatechange', () => log(connection.connectionState));
      connection.addEventListener('datachannel', ({ channel }) => {
        channel.binaryType = 'arraybuffer';
        client.channels.set(channel.label, channel);
        const { id, label, ordered, maxRetransmits, maxPacketLifeTime, protocol } = channel;
        channel.addEventListener('open', () =>
          log(`open ${JSON.stringify({ id, label, ordered, maxRetransmits, maxPacketLifeTime, protocol })}`),
        );
        channel.addEventListener('message', ({ data }: MessageEvent<string | ArrayBuffer>) => {
          if (typeof data === 'string') channel.send(`echo ${data}`);
          else channel.send(data);
        });
        channel.addEventListener('error', (event) => log(`error ${channel.label} ${String(event.error.sctpCauseCode)}`));
        channel.addEventListener('close', () => log(`close ${channel.label}`));
      });
      connection.addEventListener('track', ({ track, streams: [stream] }) => {
        log(`track ${track.kind} ${stream?.id ?? ''}`);
        client.streams.set(track.id, stream?.id ?? '');
        stream?.addEventListener('removetrack', () => log(`removetrack ${track.kind} ${stream.id}`));
        const element = document.createElement(track.kind) as HTMLMediaElement;
        element.autoplay = true;
        element.srcObject = new MediaStream([track]);
        document.body.append(element);
      });
    });
  }

  /** Answers an offer; the first time with camera and microphone when `capture` is given. */
  async answer(sdp: string, capture?: CaptureOptions): Promise<string> {
    return this.#page.evaluate(
      async (offer, wanted) => {
        const { connection } = (globalThis as Global).client;
        await connection.setRemoteDescription({ type: 'offer', sdp: offer });
        if (wanted !== null) {
          const { width, height, frameRate, scaleResolutionDownBy } = wanted;
          const stream = await navigator.mediaDevices.getUserMedia({ audio: true, video: { width, height, frameRate } });
          for (const track of stream.getTracks()) connection.addTrack(track, stream);
          for (const { sender } of connection.getTransceivers()) {
            const parameters = sender.getParameters();
            if (scaleResolutionDownBy === undefined || sender.track?.kind !== 'video') continue;
            for (const [index, encoding] of parameters.encodings.entries())
              encoding.scaleResolutionDownBy = scaleResolutionDownBy[index] ?? 1;
            await sender.setParameters(parameters);
          }
        }
        await connection.setLocalDescription();
        return connection.localDescription?.sdp ?? '';
      },
      sdp,
      capture ?? null,
    );
  }

  async events(): Promise<string[]> {
    return this.#page.evaluate(() => (globalThis as Global).client.events);
  }

  /** Resolves when this event has been recorded. */
  async seen(event: string): Promise<void> {
    await this.#page.waitForFunction((wanted) => (globalThis as Global).client.events.includes(wanted), {}, event);
  }

  async closeChannel(label: string): Promise<void> {
    await this.#page.evaluate((name) => (globalThis as Global).client.channels.get(name)?.close(), label);
  }

  /** Ends the connection and gives camera and microphone back, which could not be opened at another size otherwise. */
  async close(): Promise<void> {
    await this.#page.evaluate(() => {
      const { connection } = (globalThis as Global).client;
      for (const { track } of connection.getSenders()) track?.stop();
      connection.close();
      document.body.replaceChildren();
    });
  }

  /** Resolves when the video of this stream has decoded `frames` more frames, at least `width` wide if that is given. */
  async decodes(streamId: string, frames: number, width = 0): Promise<VideoStatistics> {
    const from = (await this.#video(streamId))?.framesDecoded ?? 0;
    const found = await this.#page.waitForFunction(
      async (id, target, wide) => {
        const { connection, streams } = (globalThis as Global).client;
        for (const report of (await connection.getStats()).values() as Iterable<RTCInboundRtpStreamStats>) {
          if (report.type !== 'inbound-rtp' || report.kind !== 'video' || streams.get(report.trackIdentifier) !== id) continue;
          const { framesDecoded = 0, frameWidth = 0 } = report;
          return framesDecoded >= target && (wide === 0 || frameWidth === wide);
        }
        return false;
      },
      { polling: 100 },
      streamId,
      from + frames,
      width,
    );
    await found.dispose();
    const statistics = await this.#video(streamId);
    if (statistics === undefined) throw new Error(`no video of stream ${streamId}`);
    return statistics;
  }

  /** Resolves when nothing of this video is missing: what a browser did not get the first time has been sent again. */
  async receivesAll(streamId: string): Promise<void> {
    await this.#page.waitForFunction(
      async (id) => {
        const { connection, streams } = (globalThis as Global).client;
        for (const report of (await connection.getStats()).values() as Iterable<
          RTCInboundRtpStreamStats & { retransmittedPacketsReceived?: number }
        >) {
          if (report.type !== 'inbound-rtp' || report.kind !== 'video' || streams.get(report.trackIdentifier) !== id) continue;
          return (report.packetsLost ?? 0) <= (report.retransmittedPacketsReceived ?? 0);
        }
        return false;
      },
      { polling: 100 },
      streamId,
    );
  }

  /** Resolves when sound of this stream has been heard. */
  async hears(streamId: string): Promise<void> {
    await this.#page.waitForFunction(
      async (id) => {
        const { connection, streams } = (globalThis as Global).client;
        for (const report of (await connection.getStats()).values() as Iterable<RTCInboundRtpStreamStats>) {
          if (report.type !== 'inbound-rtp' || report.kind !== 'audio' || streams.get(report.trackIdentifier) !== id) continue;
          return (report.totalAudioEnergy ?? 0) > 0;
        }
        return false;
      },
      { polling: 100 },
      streamId,
    );
  }

  async #video(streamId: string): Promise<VideoStatistics | undefined> {
    return this.#page.evaluate(async (id) => {
      const { connection, streams } = (globalThis as Global).client;
      for (const report of (await connection.getStats()).values() as Iterable<RTCInboundRtpStreamStats>) {
        if (report.type !== 'inbound-rtp' || report.kind !== 'video' || streams.get(report.trackIdentifier) !== id) continue;
        const { framesDecoded = 0, frameWidth = 0 } = report;
        return { framesDecoded, frameWidth };
      }
      return undefined;
    }, streamId);
  }
}
