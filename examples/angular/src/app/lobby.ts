import { ChangeDetectionStrategy, Component, inject } from '@angular/core';
import { Router } from '@angular/router';
import { Settings } from './settings';

@Component({
  selector: 'app-lobby',
  changeDetection: ChangeDetectionStrategy.OnPush,
  template: `
    <form (submit)="join($event, room.value)">
      <label
        >{{ settings.words().name }} <input name="name" #name [value]="settings.name()" (input)="settings.name.set(name.value)"
      /></label>
      <label>{{ settings.words().room }} <input name="room" #room value="lobby" required /></label>
      <button type="submit">{{ settings.words().join }}</button>
    </form>
  `,
})
export class Lobby {
  readonly settings = inject(Settings);
  readonly #router = inject(Router);

  join(event: Event, room: string): void {
    event.preventDefault();
    void this.#router.navigate(['rooms', room]);
  }
}
