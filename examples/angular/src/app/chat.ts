import { ChangeDetectionStrategy, Component, type Signal, computed, inject, input, signal } from '@angular/core';
import type { DataMessage } from 'rx-sora';
import type { SoraCall } from 'rx-sora/angular';
import { Settings } from './settings';

interface Line {
  readonly at: number;
  readonly name: string;
  readonly text: string;
}

/** What was said. While it is closed nothing of it is rendered, however much is said. */
@Component({
  selector: 'app-chat',
  changeDetection: ChangeDetectionStrategy.OnPush,
  template: `
    @let words = settings.words();
    <button type="button" class="chat" [attr.aria-expanded]="isOpen()" (click)="isOpen.set(!isOpen())">{{ words.chat }}</button>
    @if (isOpen()) {
      <ol class="lines">
        @for (line of lines(); track $index) {
          <li>
            <b>{{ line.name }}</b> {{ line.text }}
          </li>
        }
      </ol>
      <form (submit)="send($event, text.value); text.value = ''">
        <input name="text" #text [attr.aria-label]="words.message" [disabled]="call().state() !== 'connected'" />
        <button type="submit" [disabled]="call().state() !== 'connected'">{{ words.send }}</button>
      </form>
    }
  `,
})
export class Chat {
  readonly call = input.required<SoraCall>();
  readonly messages = input.required<Signal<readonly DataMessage[]>>();
  readonly settings = inject(Settings);
  readonly isOpen = signal(false);
  readonly #sent = signal<readonly Line[]>([]);
  readonly #received = computed(() => this.messages()().map(({ data }) => lineOf(data)));
  readonly lines = computed(() => [...this.#received(), ...this.#sent()].sort((one, other) => one.at - other.at));

  send(event: Event, text: string): void {
    event.preventDefault();
    if (text === '') return;
    const line: Line = { at: Date.now(), name: this.settings.name(), text };
    this.call()
      .send('#chat', JSON.stringify(line))
      .then(
        () => this.#sent.update((lines) => [...lines, line]),
        () => undefined, // a message that was not sent is not shown
      );
  }
}

/** What another client sent is not trusted to be a line. */
function lineOf(data: Uint8Array): Line {
  const text = new TextDecoder().decode(data);
  try {
    const { at, name, text: said } = JSON.parse(text) as Partial<Line>;
    if (typeof at === 'number' && typeof name === 'string' && typeof said === 'string') return { at, name, text: said };
  } catch {
    // Shown as it came.
  }
  return { at: Date.now(), name: '', text };
}
