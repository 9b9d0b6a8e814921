import { createSession, type Session } from 'rx-sora';
import 'rx-sora-inspector';
import { createFakePlatform, FakeSora, record } from 'rx-sora/testing';
import { firstValueFrom } from 'rxjs';

/** A session on fakes: it lives in the page alone, and its far end does what a spec says. */
interface Stand {
  readonly session: Session;
  readonly sora: FakeSora;
}

let stand: Stand | null = null;

const standing = (): Stand => {
  if (stand === null) throw new Error('no session was begun');
  return stand;
};

const inspector = document.createElement('sora-inspector');
const main = document.createElement('main');
const heading = document.createElement('h1');
heading.textContent = 'A page';
main.append(heading, inspector);
document.body.append(main);

const bench = {
  /** Connects a session on fakes, recorded and inspected. */
  begin: async (): Promise<void> => {
    const fake = createFakePlatform();
    const session = createSession({
      signalingUrl: 'wss://sora.example.com/signaling?token=T0KEN-CANARY',
      channelId: 'sora',
      clientId: 'ann',
      role: 'sendrecv',
      metadata: { access_token: 'METADATA-CANARY' },
      signalingNotifyMetadata: { name: 'NOTIFY-CANARY' },
      dataChannels: [{ label: '#chat', direction: 'sendrecv' }],
      platform: fake.platform,
    });
    const sora = new FakeSora(fake, { mode: 'M' });
    stand = { session, sora };
    inspector.session = session;
    inspector.recording = record(session);
    const connected = session.connect();
    sora.reach('switched');
    await connected;
  },
  /** Adds so many entries to the timeline, most of them messages of the application, at once. */
  add: (count: number): void => {
    const { sora } = standing();
    for (let index = 0; index < count; index += 1) {
      if (index % 10 === 9) {
        const connection = { connection_id: `other-${index}`, client_id: `client ${index}`, authn_metadata: { name: 'NOTIFY-CANARY' } };
        sora.send({ type: 'notify', event_type: index % 20 === 9 ? 'connection.created' : 'connection.updated', ...connection }, 'notify');
      } else sora.send(`PAYLOAD-CANARY ${index}`, '#chat');
    }
  },
  /** Ends the session by a close of the server. */
  end: async (): Promise<void> => {
    standing().sora.apply({ kind: 'ws.close', code: 4490, reason: 'SIGNALING-ERROR' });
    await firstValueFrom(standing().session.termination$);
  },
  /** Everything that the element shows as text. */
  text: (): string => inspector.shadowRoot?.textContent ?? '',
  /** All markup of the element. */
  markup: (): string => inspector.shadowRoot?.innerHTML ?? '',
  show: (tab: typeof inspector.tab): void => {
    inspector.tab = tab;
  },
  report: (): unknown => inspector.report(),
  recording: (): string => String(inspector.recording),
  open: (text: string): Promise<void> => inspector.openRecording(text, 'spec.jsonl'),
  /** Waits until what was asked for is drawn. */
  drawn: (): Promise<void> =>
    new Promise((resolve) => {
      requestAnimationFrame(() => requestAnimationFrame(() => resolve()));
    }),
};

/** What a page with an inspector offers. */
export type InspectorBench = typeof bench;

Object.assign(globalThis, { bench });
