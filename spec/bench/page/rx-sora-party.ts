import { createSession, type ConnectOptions, type Session } from 'rx-sora';
import { firstValueFrom } from 'rxjs';
import { modes } from '../../e2e/support/modes.ts';
import type { MakeParty } from './party.ts';

/** A session of rx-sora, to which something is done in the call of `connect()`. */
export const rxSoraSession =
  (begin: (session: Session) => void): MakeParty =>
  ({ url, channelId, clientId, mode, role, hasMedia, labels }, stream) => {
    const options: ConnectOptions = {
      signalingUrl: url,
      channelId,
      clientId,
      role,
      audio: hasMedia,
      video: hasMedia,
      ...(stream !== null && { stream }),
      ...modes[mode],
      dataChannels: Object.entries(labels).map(([label, compress]) => ({ label, direction: 'sendrecv' as const, compress })),
    };
    const session = createSession(options);
    return {
      connect: () => {
        begin(session);
        return session.connect();
      },
      switched: () => firstValueFrom(session.switched$),
      disconnect: () => session.disconnect(),
      send: (label, data) => session.send(label, data),
      onMessage: (told) => session.messages().subscribe(told),
      onNotify: (told) => session.notify$.subscribe(told),
      onEnd: (told) => session.termination$.subscribe(told),
    };
  };

/** A session of rx-sora as it is. */
export const rxSoraParty: MakeParty = rxSoraSession(() => undefined);
