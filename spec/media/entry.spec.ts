import { dirname } from 'node:path';
import { gzipSync } from 'node:zlib';
import { build } from 'esbuild';
import * as media from 'rx-sora/media';
import { SoraMediaError } from 'rx-sora/media';
import { describe, expect, test, vi } from 'vitest';
import { importsOfSource } from '../docs/support/imports.ts';

describe('the entry rx-sora/media', () => {
  test('has these functions', () => {
    expect(Object.keys(media).sort()).toEqual([
      'SoraMediaError',
      'audioLevel',
      'devices',
      'displayMedia',
      'permission',
      'playback',
      'userMedia',
    ]);
  });

  test('imports nothing but RxJS: nothing of a session', () => {
    const imports = importsOfSource();
    const reached = new Set(['media/index.ts']);
    for (const file of reached) for (const { from, to, isPackage } of imports) if (from === file && !isPackage) reached.add(to);
    expect([...reached].map((file) => dirname(file))).toEqual([...reached].map(() => 'media'));
    expect(reached.size).toBeGreaterThan(7);
    const packages = imports.filter(({ from, isPackage }) => isPackage && reached.has(from)).map(({ to }) => to);
    expect(new Set(packages)).toEqual(new Set(['rxjs']));
  });

  test('is at most 2.5 kB, minified and gzipped, without RxJS', async () => {
    const { outputFiles } = await build({
      entryPoints: ['src/media/index.ts'],
      bundle: true,
      minify: true,
      write: false,
      format: 'esm',
      target: 'es2022',
      external: ['rxjs'],
    });
    expect(gzipSync(outputFiles[0]!.contents, { level: 9 }).byteLength).toBeLessThanOrEqual(2500);
  });

  test('an import reads no global of the browser', async () => {
    const read: string[] = [];
    const names = ['navigator', 'document', 'window', 'AudioContext'];
    const before = names.map((name) => [name, Object.getOwnPropertyDescriptor(globalThis, name)] as const);
    for (const name of names) {
      const get = (): undefined => void read.push(name);
      Object.defineProperty(globalThis, name, { configurable: true, get });
    }
    try {
      vi.resetModules();
      expect(await import('rx-sora/media')).not.toBe(media);
    } finally {
      for (const [name, descriptor] of before) {
        if (descriptor) Object.defineProperty(globalThis, name, descriptor);
        else Reflect.deleteProperty(globalThis, name);
      }
    }
    expect(read).toEqual([]);
  });
});

describe('SoraMediaError', () => {
  test('says its code first, and carries what the browser said', () => {
    const cause = new Error('why');
    const error = new SoraMediaError('busy', 'the camera', cause);
    expect(error).toMatchObject({ name: 'SoraMediaError', code: 'busy', message: 'busy: the camera', cause, constraint: '' });
    expect(error).toBeInstanceOf(Error);
  });
});
