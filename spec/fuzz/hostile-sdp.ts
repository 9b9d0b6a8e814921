import { writeFakeSdp } from '../../src/testing/fake-sdp.ts';
import type { Random } from './random.ts';
import { secrets } from './secrets.ts';

const sound = writeFakeSdp([
  { kind: 'audio', mid: 'audio_fake', direction: 'sendrecv' },
  { kind: 'video', mid: 'video_fake', direction: 'sendonly' },
  { kind: 'application', mid: 'data', direction: 'sendrecv' },
]);

const lines: readonly string[] = [
  `a=ice-pwd:${secrets.icePassword}`,
  'm=audio 0 UDP/TLS/RTP/SAVPF',
  'm=',
  'm=video 9 UDP/TLS/RTP/SAVPF 96 97 98',
  'a=mid:',
  'a=mid:__proto__',
  'a=msid:default default',
  'a=msid: ',
  `a=fmtp:111 ${'x=1;'.repeat(2000)}`,
  'a=rtpmap:111 opus/48000/2',
  'a=fmtp:111 stereo=1;stereo=0',
  'a=simulcast:send r0;r1;r2',
  'a=rid:~ send',
  '\u0000',
  'nonsense',
];

/** A description with lines lost, doubled, moved and invented. */
export function hostileSdp(random: Random): string {
  if (random.chance(0.1)) return random.pick(['', 'v=0', '\r\n\r\n', 'm=audio', 'z'.repeat(50_000), `${sound}${sound}`]);
  const all = sound.split('\r\n');
  for (let changes = 1 + random.below(5); changes > 0; changes -= 1) {
    const at = random.below(all.length);
    if (random.chance(0.3)) all.splice(at, 1);
    else if (random.chance(0.3)) all.splice(at, 0, all[random.below(all.length)] ?? '');
    else all.splice(at, random.below(2), random.pick(lines));
  }
  return all.join(random.chance(0.1) ? '\n' : '\r\n');
}
