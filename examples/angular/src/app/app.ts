import { ChangeDetectionStrategy, Component, DOCUMENT, afterEveryRender, effect, inject } from '@angular/core';
import { RouterLink, RouterOutlet } from '@angular/router';
import { Settings } from './settings';

@Component({
  selector: 'app-root',
  imports: [RouterLink, RouterOutlet],
  changeDetection: ChangeDetectionStrategy.OnPush,
  template: `
    <header>
      <a routerLink="/">{{ settings.words().title }}</a>
      <button type="button" (click)="settings.language.set(settings.language() === 'en' ? 'ja' : 'en')">
        {{ settings.language() === 'en' ? '日本語' : 'English' }}
      </button>
    </header>
    <router-outlet />
  `,
})
export class App {
  readonly settings = inject(Settings);

  constructor() {
    const { documentElement } = inject(DOCUMENT);
    effect(() => (documentElement.lang = this.settings.language()));
    // For those who want to see how often change detection runs.
    let renders = 0;
    afterEveryRender(() => (documentElement.dataset['renders'] = String((renders += 1))));
  }
}
