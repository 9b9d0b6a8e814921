import '@angular/compiler';
import { ChangeDetectionStrategy, Component, provideZonelessChangeDetection } from '@angular/core';
import { bootstrapApplication, type BootstrapContext, provideClientHydration } from '@angular/platform-browser';
import { provideServerRendering, renderApplication } from '@angular/platform-server';
import { NEVER } from 'rxjs';
import { describe, expect, test } from 'vitest';
import { injectCall, injectLatest, injectSession, provideSora } from '../../src/angular/index.ts';

/** What would open a session, or read what a server has not. */
interface Touched {
  readonly what: string[];
}

async function render(inject: typeof injectCall | typeof injectSession): Promise<{ readonly html: string } & Touched> {
  const what: string[] = [];
  const touch = (name: string) => () => {
    what.push(name);
    return {};
  };
  const App = Component({
    selector: 'app-root',
    changeDetection: ChangeDetectionStrategy.OnPush,
    template: `
      <p>{{ call.state() }}</p>
      @for (remote of call.remoteStreams(); track remote.connectionId) { <video></video> } @empty { <p>nobody</p> }
      @if (call.termination(); as t) { <p>{{ t.kind }}</p> }
      <p>{{ call.roster().members.length }} members, {{ call.messages('#chat')().length }} messages</p>
    `,
  })(
    class {
      readonly call = inject(touch('options'));
      readonly leaving = this.call.leave();
      readonly latest = injectLatest(() => (touch('stream')(), NEVER), null);
    },
  );
  const bootstrap = (context: BootstrapContext) =>
    bootstrapApplication(
      App,
      { providers: [provideZonelessChangeDetection(), provideServerRendering(), provideClientHydration(), provideSora(touch('defaults'))] },
      context,
    );
  const html = await renderApplication(bootstrap, {
    document: '<app-root></app-root>',
    url: 'https://app.test/',
    allowedHosts: ['app.test'],
  });
  return { html, what };
}

describe.each([
  ['injectCall()', injectCall],
  ['injectSession()', injectSession],
] as const)('%s on a server', (_, inject) => {
  test('is no session and no error: what is rendered is a page without a call', async () => {
    const { html, what } = await render(inject);
    expect(wordsOf(html)).toBe('idle nobody 0 members, 0 messages');
    expect(what).toEqual([]);
  });
});

/** What a page shows. */
const wordsOf = (html: string): string =>
  html
    .replaceAll(/<script[^]*?<\/script>|<[^>]*>/g, ' ')
    .replaceAll(/\s+/g, ' ')
    .trim();
