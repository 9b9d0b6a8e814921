import type { Browser, Page } from 'puppeteer-core';

/** Label of the channel that every client of these pages has. */
const LABEL = '#messages';

/** How a WebSocket ended. */
export interface SocketEnd {
  readonly code: number;
  readonly reason: string;
}

interface Client {
  readonly channel: RTCDataChannel;
  readonly received: string[];
  /** Resolves once this text has arrived. */
  arrived(text: string): Promise<void>;
  /** Resolves once the lab has seen the acknowledgement of every channel. */
  readonly switched: Promise<void>;
  close(): void;
}

type Global = typeof globalThis & {
  clients: Map<string, Client>;
  join: (
    name: string,
    url: string,
    channelId: string,
    onOpen?: (channel: RTCDataChannel) => void,
    onClose?: (end: SocketEnd) => void,
  ) => Promise<Client>;
};

/** Defines, in the page, a minimal client of the protocol on the browser's own objects. */
function install(label: string): void {
  const clients = new Map<string, Client>();
  const join: Global['join'] = (name, url, channelId, onOpen = () => undefined, onClose = () => undefined) =>
    new Promise((resolve) => {
      const connection = new RTCPeerConnection();
      const socket = new WebSocket(url);
      const received: string[] = [];
      const waiting = new Map<string, () => void>();
      let announceSwitch = (): void => undefined;
      const switched = new Promise<void>((done) => (announceSwitch = done));
      const send = (message: object): void => socket.send(JSON.stringify(message));
      socket.addEventListener('open', () => {
        const dataChannels = [{ label, direction: 'sendrecv' }];
        send({
          type: 'connect',
          role: 'sendrecv',
          channel_id: channelId,
          audio: false,
          video: false,
          data_channel_signaling: true,
          ignore_disconnect_websocket: false,
          data_channels: dataChannels,
        });
      });
      socket.addEventListener('close', ({ code, reason }) => onClose({ code, reason }));
      socket.addEventListener('message', ({ data }: MessageEvent<string>) => {
        const message = JSON.parse(data) as { readonly type: string; readonly sdp: string };
        if (message.type === 'switched') announceSwitch();
        if (message.type !== 'offer') return;
        void connection
          .setRemoteDescription({ type: 'offer', sdp: message.sdp })
          .then(() => connection.setLocalDescription())
          .then(() => send({ type: 'answer', sdp: connection.localDescription?.sdp }));
      });
      connection.addEventListener('datachannel', ({ channel }) => {
        if (channel.label !== label) return;
        channel.binaryType = 'arraybuffer';
        channel.addEventListener('message', (event: MessageEvent<ArrayBuffer>) => {
          const text = new TextDecoder().decode(event.data);
          received.push(text);
          waiting.get(text)?.();
        });
        const arrived = (text: string): Promise<void> =>
          new Promise((done) => {
            if (received.includes(text)) done();
            else waiting.set(text, done);
          });
        const close = (): void => {
          clients.delete(name);
          connection.close();
          socket.close();
        };
        const opened = (): void => {
          onOpen(channel);
          const client: Client = { channel, received, arrived, switched, close };
          clients.set(name, client);
          resolve(client);
        };
        if (channel.readyState === 'open') opened();
        else channel.addEventListener('open', opened);
      });
    });
  Object.assign(globalThis, { clients, join });
}

/** A page with clients that exchange messages on one DataChannel, as early as they can. */
export class MessagingPage {
  readonly #page: Page;

  /** Asks for the microphone: Firefox gathers loopback candidates only for pages that may use one. */
  static async open(browser: Browser, url: string): Promise<MessagingPage> {
    const page = await browser.newPage();
    await page.goto(url);
    await page.evaluate(async () => {
      await navigator.mediaDevices.getUserMedia({ audio: true });
    });
    await page.evaluate(install, LABEL);
    return new MessagingPage(page);
  }

  private constructor(page: Page) {
    this.#page = page;
  }

  /** Resolves once the channel of the client is open and acknowledged. */
  async join(name: string, url: string, channelId: string): Promise<void> {
    await this.#page.evaluate(
      async (...args) => {
        const { switched } = await (globalThis as Global).join(...args);
        await switched;
      },
      name,
      url,
      channelId,
    );
  }

  /** Joins and sends these texts in the tick in which the channel opens; the clients named send theirs in the same tick. */
  async joinSending(name: string, url: string, channelId: string, texts: Readonly<Record<string, readonly string[]>>): Promise<void> {
    await this.#page.evaluate(
      async (joining, signalingUrl, id, byName) => {
        const { clients, join } = globalThis as Global;
        const { switched } = await join(joining, signalingUrl, id, (own) => {
          for (const [sender, each] of Object.entries(byName)) {
            const channel = sender === joining ? own : clients.get(sender)?.channel;
            for (const text of each) channel?.send(new TextEncoder().encode(text));
          }
        });
        await switched;
      },
      name,
      url,
      channelId,
      texts,
    );
  }

  /** Joins, and resolves with the end of the WebSocket. */
  async closeOf(url: string, channelId: string): Promise<SocketEnd> {
    return this.#page.evaluate(
      (signalingUrl, id) =>
        new Promise<SocketEnd>((resolve) => {
          void (globalThis as Global).join('closed', signalingUrl, id, undefined, resolve);
        }),
      url,
      channelId,
    );
  }

  async send(name: string, text: string): Promise<void> {
    await this.#page.evaluate(
      (sender, message) => (globalThis as Global).clients.get(sender)?.channel.send(new TextEncoder().encode(message)),
      name,
      text,
    );
  }

  /** What a client has received up to this text, for which it waits. */
  async receivedUntil(name: string, last: string): Promise<readonly string[]> {
    return this.#page.evaluate(
      async (receiver, text) => {
        const client = (globalThis as Global).clients.get(receiver);
        await client?.arrived(text);
        return client?.received ?? [];
      },
      name,
      last,
    );
  }

  async leave(name: string): Promise<void> {
    await this.#page.evaluate((leaving) => (globalThis as Global).clients.get(leaving)?.close(), name);
  }
}
