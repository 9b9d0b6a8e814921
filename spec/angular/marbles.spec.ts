import './support/test-bed.ts';
import { Component, provideZonelessChangeDetection } from '@angular/core';
import { type ComponentFixture, TestBed } from '@angular/core/testing';
import { map } from 'rxjs';
import { type RunHelpers, TestScheduler } from 'rxjs/testing';
import { afterEach, describe, test } from 'vitest';
import { injectCall, provideSora } from '../../src/angular/index.ts';
import { assertMarbles, createFakePlatform, driveMarbles, FakeSora } from '../../src/testing/index.ts';

const Banner = Component({
  selector: 'app-banner',
  template: `
    @switch (call.state()) {
      @case ('connected') {
        in a call
      }
      @case ('waiting') {
        lost, {{ call.termination()?.kind }}
      }
      @case ('over') {
        over
      }
      @default {
        connecting
      }
    }
  `,
})(
  class {
    readonly call = injectCall(() => ({ channelId: 'room' }), { random: () => 1, settleMs: 0, initialDelayMs: 100 });
  },
);

/** The banner in the virtual time of a test, with the server at its far end. */
function banner(): { readonly fixture: ComponentFixture<unknown>; readonly sora: FakeSora; readonly shown: () => string } {
  const fake = createFakePlatform();
  TestBed.configureTestingModule({
    providers: [
      provideZonelessChangeDetection(),
      provideSora({ signalingUrl: 'wss://sora.test/signaling', role: 'sendrecv', platform: fake.platform }),
    ],
  });
  const fixture = TestBed.createComponent(Banner);
  fixture.detectChanges();
  const shown = (): string => {
    fixture.detectChanges();
    return (fixture.nativeElement as HTMLElement).textContent.trim();
  };
  return { fixture, sora: new FakeSora(fake, { mode: 'W' }), shown };
}

const inVirtualTime = (body: (helpers: RunHelpers) => void): void => new TestScheduler(assertMarbles).run(body);

afterEach(() => {
  TestBed.resetTestingModule();
});

describe('a component in TestScheduler.run', () => {
  test('shows a lost call, the attempt after it, and that it is back', () => {
    inVirtualTime((helpers) => {
      const { sora, shown } = banner();
      const reach = (): void => sora.reach('connected');
      driveMarbles(helpers, sora, { webSocket: '-j 9ms x 149ms j' }, { j: reach });
      const looks$ = helpers.cold('              o-o 9ms o 99ms o 48ms o|').pipe(map(shown));
      helpers.expectObservable(looks$).toBe('    c-i 9ms w 99ms c 48ms i|', {
        c: 'connecting',
        i: 'in a call',
        w: 'lost, websocket-closed',
      });
    });
  });

  test('ends its call when it is destroyed', () => {
    inVirtualTime((helpers) => {
      const { fixture, sora } = banner();
      sora.reach('connected');
      const socket$ = helpers.cold('o 9ms x 9ms o|').pipe(
        map((what) => {
          if (what === 'x') fixture.destroy();
          return sora.socket.closeCalls.length;
        }),
      );
      helpers.expectObservable(socket$).toBe('n 9ms c 9ms c|', { n: 0, c: 1 });
    });
  });
});
