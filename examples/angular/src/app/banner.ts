import { ChangeDetectionStrategy, Component, inject, input } from '@angular/core';
import type { SoraCall } from 'rx-sora/angular';
import { Settings } from './settings';
import { sentenceOf } from './sora';

/** Why a call was lost or is over, and what the user can do. */
@Component({
  selector: 'app-banner',
  changeDetection: ChangeDetectionStrategy.OnPush,
  template: `
    @let step = call().step();
    @let words = settings.words();
    @if (call().termination(); as t) {
      <div class="banner" role="alert">
        @if (step?.kind === 'over') {
          <p class="reason">{{ sentence(t) }}</p>
          <button type="button" (click)="call().retryNow()">{{ words.joinAgain }}</button>
        } @else {
          <p>{{ step?.kind === 'waiting' && step?.why === 'offline' ? words.offline : words.lost }}</p>
          <p class="reason">{{ sentence(t) }}</p>
          @if (step?.kind === 'waiting') {
            <button type="button" (click)="call().retryNow()">{{ words.retryNow }}</button>
          }
        }
      </div>
    }
  `,
})
export class Banner {
  readonly call = input.required<SoraCall>();
  readonly settings = inject(Settings);
  readonly sentence = (t: Parameters<typeof sentenceOf>[0]): string => sentenceOf(t, this.settings.language());
}
