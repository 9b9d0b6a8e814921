import { filter, firstValueFrom } from 'rxjs';
import type { Observable } from 'rxjs';
import type { RtcDataChannel, RtcPeer, RtcPeerState } from '../../../../src/rtc/endpoint.ts';

/** The first value that passes; rejects when the stream ends without one. */
export const until = async <Value>(source$: Observable<Value>, passes: (value: Value) => boolean = () => true): Promise<Value> =>
  firstValueFrom(source$.pipe(filter(passes)));

export const untilState = async (peer: RtcPeer, state: RtcPeerState): Promise<RtcPeerState> =>
  until(peer.state$, (value) => value === state);

export const untilOpen = async (channels: readonly RtcDataChannel[]): Promise<void> => {
  await Promise.all(channels.map(async ({ open$ }) => until(open$)));
};
