import {
  ChangeDetectionStrategy,
  Component,
  afterEveryRender,
  ErrorHandler,
  type EnvironmentProviders,
  type Provider,
  provideZoneChangeDetection,
  provideZonelessChangeDetection,
} from '@angular/core';
import { type ComponentFixture, TestBed } from '@angular/core/testing';
import type { MonoTypeOperatorFunction } from 'rxjs';
import { vi } from 'vitest';
import { type CallState, type SoraCall, type SoraOptions, provideSora } from '../../../src/angular/index.ts';
import type { Session } from '../../../src/index.ts';
import {
  createFakePlatform,
  type FakePlatform,
  FakeSora,
  parseInput,
  type ScenarioMode,
  type ScenarioStart,
} from '../../../src/testing/index.ts';

export interface CallPageSetup {
  /** Runs in the injection context of the component, as a field initializer does. */
  readonly inject: () => SoraCall;
  /** May read `call`; by default it shows the state. */
  readonly template?: string;
  readonly mode?: ScenarioMode;
  readonly defaults?: SoraOptions;
  readonly through?: MonoTypeOperatorFunction<Session>;
  readonly withZone?: boolean;
  readonly providers?: readonly (Provider | EnvironmentProviders)[];
}

/** A page with one component, `OnPush`, that has a call, and the server at the far end of it. */
export class CallPage {
  readonly fake: FakePlatform = createFakePlatform();
  readonly sora: FakeSora;
  /** What was reported to the application's ErrorHandler. */
  readonly errors: unknown[] = [];
  /** What was the case each time the template of the component ran. */
  readonly rendered: { readonly state: CallState; readonly sockets: number }[] = [];
  /** How often change detection ran, of whatever component. */
  ticks = 0;
  readonly #fixture: ComponentFixture<{ readonly call: SoraCall }>;

  constructor({ inject, template = '{{ call.state() }}', mode = 'W', defaults, through, withZone = false, providers = [] }: CallPageSetup) {
    this.sora = new FakeSora(this.fake, { mode });
    const record = (call: SoraCall): string => {
      this.rendered.push({ state: call.state(), sockets: this.fake.sockets.length });
      return '';
    };
    const Page = Component({
      selector: 'app-page',
      template: `{{ record(call) }}${template}`,
      changeDetection: ChangeDetectionStrategy.OnPush,
    })(
      class {
        readonly call = inject();
        readonly record = record;
      },
    );
    TestBed.configureTestingModule({
      providers: [
        withZone ? provideZoneChangeDetection() : provideZonelessChangeDetection(),
        provideSora({ ...DEFAULTS, dataChannelSignaling: mode !== 'W', platform: this.fake.platform, ...defaults }, through),
        { provide: ErrorHandler, useValue: { handleError: (error: unknown) => void this.errors.push(error) } },
        ...providers,
      ],
    });
    TestBed.runInInjectionContext(() => afterEveryRender(() => (this.ticks += 1)));
    this.#fixture = TestBed.createComponent(Page);
    if (withZone) this.#fixture.autoDetectChanges();
  }

  get call(): SoraCall {
    return this.#fixture.componentInstance.call;
  }

  /** What the user sees. */
  get text(): string {
    return (this.#fixture.nativeElement as HTMLElement).textContent;
  }

  /** Lets time pass, and with it change detection. */
  async pass(durationMs: number = 20): Promise<void> {
    await vi.advanceTimersByTimeAsync(durationMs);
  }

  /** The call is begun, and its session is brought to a state. */
  async reach(start: ScenarioStart): Promise<this> {
    await this.pass();
    if (start !== 'opening') this.sora.reach(start);
    await this.pass();
    return this;
  }

  /** What happens, in the words of the scenarios. */
  async play(...words: readonly string[]): Promise<void> {
    for (const each of words) this.sora.apply(parseInput(each));
    await this.pass();
  }

  destroy(): void {
    this.#fixture.destroy();
  }
}

const DEFAULTS: SoraOptions = { signalingUrl: 'wss://sora.test/signaling', role: 'sendrecv' };
