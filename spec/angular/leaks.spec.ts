import './support/test-bed.ts';
import { Component, ErrorHandler, type Signal, provideZonelessChangeDetection } from '@angular/core';
import { TestBed } from '@angular/core/testing';
import { tap } from 'rxjs';
import { afterEach, describe, expect, test } from 'vitest';
import { healthOf, injectCall, injectSession, provideSora } from '../../src/angular/index.ts';
import { networkStatus } from '../../src/index.ts';
import { cutPoints } from '../leaks/cut-points.ts';
import { Life, type Own, nothing } from '../leaks/life.ts';

/** A component has the session, shows every signal of it, and is destroyed to end it. */
const component =
  (inject: typeof injectCall | typeof injectSession): Own =>
  (options, { next }) => {
    const handleError = (error: unknown): void => {
      throw error;
    };
    TestBed.configureTestingModule({
      providers: [
        provideZonelessChangeDetection(),
        provideSora(options, tap({ next })),
        { provide: ErrorHandler, useValue: { handleError } },
      ],
    });
    const Page = Component({ selector: 'app-page', template: '@for (each of signals; track $index) { {{ each() }} }' })(
      class {
        readonly call = inject(() => ({}));
        readonly signals: readonly Signal<unknown>[] = [
          this.call.step,
          this.call.session,
          this.call.state,
          this.call.termination,
          this.call.remoteStreams,
          this.call.roster,
          this.call.messages('#chat'),
          this.call.follow(networkStatus, null),
          healthOf(this.call),
        ];
      },
    );
    const fixture = TestBed.createComponent(Page);
    fixture.detectChanges();
    return { unsubscribe: () => fixture.destroy() };
  };

afterEach(() => {
  TestBed.resetTestingModule();
});

describe.each([
  ['injectCall()', injectCall],
  ['injectSession()', injectSession],
] as const)('%s', (_, inject) => {
  test.each(cutPoints)('$name: a component that is destroyed leaves nothing, at the end and long after', async (point) => {
    const { reached, terminations, remains, late, errors, settled } = new Life(point, 'unsubscribe', component(inject)).run();

    expect(reached).toBe(true);
    expect(errors).toEqual([]);
    expect(terminations).toHaveLength(1);
    expect(remains).toEqual(nothing);
    expect(late).toEqual(nothing);
    await settled;
  });
});
