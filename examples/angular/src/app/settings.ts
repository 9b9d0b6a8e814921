import { Injectable, computed, signal } from '@angular/core';
import { type Language, WORDS } from './words';

/** What the user has chosen, for every page. */
@Injectable({ providedIn: 'root' })
export class Settings {
  readonly name = signal('');
  readonly language = signal<Language>('en');
  readonly words = computed(() => WORDS[this.language()]);
}
