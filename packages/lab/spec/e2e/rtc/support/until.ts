import { filter, firstValueFrom, timeout } from 'rxjs';
import type { Observable } from 'rxjs';
import type { RtcDataChannel, RtcPeer, RtcPeerState } from '../../../../src/rtc/endpoint.ts';

/** Long enough for a busy machine; a spec that waits this long fails. */
const limitMs = 30_000;

/** The first value that passes; rejects when there is none in time, or the stream ends. */
export const until = async <Value>(source$: Observable<Value>, passes: (value: Value) => boolean = () => true): Promise<Value> =>
  firstValueFrom(source$.pipe(filter(passes), timeout(limitMs)));

export const untilState = async (peer: RtcPeer, state: RtcPeerState): Promise<RtcPeerState> =>
  until(peer.state$, (value) => value === state);

export const untilOpen = async (channels: readonly RtcDataChannel[]): Promise<void> => {
  await Promise.all(channels.map(async ({ open$ }) => until(open$)));
};
