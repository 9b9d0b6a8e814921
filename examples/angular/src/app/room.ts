import { ChangeDetectionStrategy, Component, computed, inject, input, signal } from '@angular/core';
import { Banner } from './banner';
import { Chat } from './chat';
import { Devices } from './devices';
import { nameOf } from './member-name';
import { Settings } from './settings';
import { injectRoomCall, StreamDirective } from './sora';

@Component({
  selector: 'app-room',
  imports: [Banner, Chat, Devices, StreamDirective],
  changeDetection: ChangeDetectionStrategy.OnPush,
  template: `
    @let words = settings.words();
    <app-banner [call]="call" />
    <p class="line">
      <strong>{{ room() }}</strong> <span class="state" [attr.data-state]="call.state()">{{ words.states[call.state()] }}</span>
      @if (health(); as health) {
        <span class="health" [attr.data-health]="health.state" [title]="words.evidence + evidence()">{{ words.health[health.state] }}</span>
      }
      <button type="button" [disabled]="!isOn()" (click)="call.leave()">{{ words.leave }}</button>
    </p>
    @if (media()?.problem; as problem) {
      <p class="notice" role="status">{{ words.noDevice }} ({{ problem }})</p>
    }
    <section class="tiles">
      @if (media()?.stream; as stream) {
        <figure class="tile own">
          <video [appStream]="stream" muted playsinline></video>
          <figcaption>{{ words.you }}</figcaption>
        </figure>
      }
      @for (remote of call.remoteStreams(); track remote.connectionId) {
        <figure class="tile">
          <video [appStream]="remote.stream" #tile="appStream" playsinline></video>
          <figcaption>{{ names().get(remote.connectionId) ?? remote.connectionId }}</figcaption>
          @if (tile.playback(); as playback) {
            @if (playback.kind === 'blocked') {
              <button type="button" (click)="playback.resume()">{{ words.play }}</button>
            }
          }
        </figure>
      } @empty {
        <p>{{ words.nobody }}</p>
      }
    </section>
    <aside>
      <h2>{{ words.members }}</h2>
      <ul class="roster">
        @for (member of call.roster().members; track member.connectionId) {
          <li>{{ names().get(member.connectionId) }}{{ member.isSelf ? ' (' + words.you + ')' : '' }}</li>
        }
      </ul>
      <app-devices [(wanted)]="wanted" />
      <app-chat [call]="call" [messages]="messages" />
    </aside>
  `,
})
export class Room {
  readonly room = input.required<string>();
  readonly settings = inject(Settings);
  readonly wanted = signal<MediaStreamConstraints>({ audio: true, video: { width: 480, height: 360, frameRate: 15 } });
  readonly #roomCall = injectRoomCall(this.room, this.settings.name, this.wanted);
  readonly call = this.#roomCall.call;
  readonly media = this.#roomCall.media;
  readonly health = this.#roomCall.health;
  /** There is something to leave: a session, or a wait for the next one. */
  readonly isOn = computed(() => ['session', 'waiting'].includes(this.call.step()?.kind ?? ''));
  // From the beginning, also while the chat is closed.
  readonly messages = this.call.messages('#chat');
  readonly evidence = computed(() =>
    this.health()
      ?.evidence.map(({ kind }) => kind)
      .join(', '),
  );
  readonly names = computed(() => new Map(this.call.roster().members.map((member) => [member.connectionId, nameOf(member)])));
}
