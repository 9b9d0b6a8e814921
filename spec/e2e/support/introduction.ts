import { filter, firstValueFrom, map } from 'rxjs';
import type { Lab } from 'rx-sora-lab';
import { expect } from 'vitest';
import type { Stage } from './stage.ts';

/** What `connect` tells the server of the client's runtime: an offer to receive a video and an audio, whatever the runtime needs to make one. */
export async function playIntroduction(stage: Stage, lab: Lab): Promise<void> {
  const clientId = 'introduced';
  const session = await stage.open({ signalingUrl: lab.url, channelId: clientId, clientId, role: 'recvonly' });
  await session.connect();
  const { sdp } = await firstValueFrom(
    lab.log$.pipe(
      filter(({ type }) => type === 'connect'),
      map(({ message }) => message as { readonly client_id: string; readonly sdp: string }),
      filter((connect) => connect.client_id === clientId),
    ),
  );
  expect([...sdp.matchAll(/^m=(\w+)/gm)].map(([, kind]) => kind).sort()).toEqual(['audio', 'video']);
  expect(sdp.match(/^a=recvonly\s*$/gm)).toHaveLength(2);
  await session.disconnect();
}
