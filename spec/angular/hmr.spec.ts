import './support/virtual-time.ts';
import './support/test-bed.ts';
import { Component, type Type, provideZonelessChangeDetection, ɵɵreplaceMetadata as replaceMetadata } from '@angular/core';
import { TestBed, type ComponentFixture } from '@angular/core/testing';
import { afterEach, expect, test, vi } from 'vitest';
import { injectCall, provideSora } from '../../src/angular/index.ts';
import { createFakePlatform, type FakePlatform, FakeSora } from '../../src/testing/index.ts';

// What `ng serve` does when a template is saved: the views of the component are made anew, the component itself stays.

/** A component with a call, as its file stands. */
const callPage = (template: string): Type<unknown> =>
  Component({ selector: 'app-page', template })(
    class {
      readonly call = injectCall(() => ({}));
    },
  );

/** A component that shows another one. */
const shell = (template: string, page: Type<unknown>): Type<unknown> =>
  Component({ selector: 'app-shell', template, imports: [page] })(
    class {
      readonly name = 'shell';
    },
  );

/** Gives a component the template of another, as the dev server does. */
function replaceTemplate(component: Type<unknown>, replacement: Type<unknown>): void {
  const { ɵcmp } = replacement as Type<unknown> & { readonly ɵcmp: object };
  replaceMetadata(component, () => Object.defineProperty(component, 'ɵcmp', { value: ɵcmp, writable: true, configurable: true }), [], []);
}

async function opened(component: Type<unknown>): Promise<{ fake: FakePlatform; sora: FakeSora; fixture: ComponentFixture<unknown> }> {
  const fake = createFakePlatform();
  const sora = new FakeSora(fake, { mode: 'W' });
  const options = { signalingUrl: 'wss://sora.test/signaling', channelId: 'room', role: 'recvonly', platform: fake.platform } as const;
  TestBed.configureTestingModule({ providers: [provideZonelessChangeDetection(), provideSora(options)] });
  const fixture = TestBed.createComponent(component);
  await vi.advanceTimersByTimeAsync(20);
  sora.reach('connected');
  await vi.advanceTimersByTimeAsync(20);
  return { fake, sora, fixture };
}

const textOf = (fixture: ComponentFixture<unknown>): string => (fixture.nativeElement as HTMLElement).textContent;
const nothing = { listeners: 0, peerConnections: 0, sockets: 0 };

afterEach(() => {
  TestBed.resetTestingModule();
});

test('a template that is replaced under a call keeps the call', async () => {
  const page = callPage('{{ call.state() }}');
  const { fake, fixture } = await opened(page);
  expect(textOf(fixture)).toBe('connected');
  replaceTemplate(page, callPage('now {{ call.state() }}'));
  await vi.advanceTimersByTimeAsync(20);
  expect(textOf(fixture)).toBe('now connected');
  expect(fake.sockets).toHaveLength(1);
  fixture.destroy();
  expect(fake.leaks()).toMatchObject(nothing);
});

test('a template that is replaced around a call ends it and begins another, and leaves nothing of the first', async () => {
  const page = callPage('{{ call.state() }}');
  const around = shell('<app-page />', page);
  const { fake, sora, fixture } = await opened(around);
  replaceTemplate(around, shell('here: <app-page />', page));
  await vi.advanceTimersByTimeAsync(20);
  sora.reach('connected');
  await vi.advanceTimersByTimeAsync(20);
  expect(textOf(fixture)).toBe('here: connected');
  expect(fake.sockets.map(({ closeCalls }) => closeCalls.length)).toEqual([1, 0]);
  fixture.destroy();
  expect(fake.leaks()).toMatchObject(nothing);
});
