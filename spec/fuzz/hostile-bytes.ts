import { deflateRawSync, deflateSync, gzipSync } from 'node:zlib';
import type { Random } from './random.ts';

/** Inflates to 17 MiB, which is more than is taken. */
const bomb = new Uint8Array(deflateSync(new Uint8Array(17 * 1024 * 1024)));

/** One zlib stream that should not be: cut off, changed, with a wrong checksum, of another format, twice, or far too large inside. */
export function hostileDeflate(random: Random, text: string): Uint8Array {
  if (random.chance(0.002)) return bomb;
  const sound = new Uint8Array(deflateSync(text));
  const other = (): Uint8Array => {
    switch (random.below(8)) {
      case 0:
        return sound.slice(0, random.below(sound.length));
      case 1: {
        const changed = sound.slice();
        for (let changes = 1 + random.below(3); changes > 0; changes -= 1) changed[random.below(changed.length)] = random.below(256);
        return changed;
      }
      case 2: {
        const changed = sound.slice();
        changed[changed.length - 1 - random.below(Math.min(4, changed.length))] = random.below(256);
        return changed;
      }
      case 3:
        return new Uint8Array(deflateRawSync(text));
      case 4:
        return new Uint8Array(gzipSync(text));
      case 5:
        return new Uint8Array([...sound, ...sound]);
      case 6:
        return new Uint8Array(0);
      default:
        return Uint8Array.from({ length: random.below(64) }, () => random.below(256));
    }
  };
  return random.chance(0.4) ? sound : other();
}

/** What `data` of a message event may be, whatever the standards say. */
export function hostileData(random: Random, text: string): unknown {
  switch (random.below(14)) {
    case 0:
      return new TextEncoder().encode(text).buffer;
    case 1:
      return new TextEncoder().encode(text);
    case 2:
      return hostileDeflate(random, text);
    case 3:
      return hostileDeflate(random, text).slice().buffer;
    case 4:
      return new DataView(new ArrayBuffer(random.below(32)));
    case 5:
      return random.pick<unknown>([null, undefined, 0, true, {}, [], new Map(), Symbol.iterator, () => text, new Blob([text])]);
    default:
      return text;
  }
}
