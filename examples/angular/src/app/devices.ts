import { ChangeDetectionStrategy, Component, inject, model } from '@angular/core';
import { Settings } from './settings';
import { injectDevices } from './sora';

/** Which camera and which microphone. */
@Component({
  selector: 'app-devices',
  changeDetection: ChangeDetectionStrategy.OnPush,
  template: `
    @let words = settings.words();
    <label>
      {{ words.camera }}
      <select name="camera" #camera (change)="choose('video', camera.value)">
        @for (each of devices()?.cameras ?? []; track each.deviceId) {
          <option [value]="each.deviceId">{{ each.label }}</option>
        }
      </select>
    </label>
    <label>
      {{ words.microphone }}
      <select name="microphone" #microphone (change)="choose('audio', microphone.value)">
        @for (each of devices()?.microphones ?? []; track each.deviceId) {
          <option [value]="each.deviceId">{{ each.label }}</option>
        }
      </select>
    </label>
  `,
})
export class Devices {
  readonly wanted = model.required<MediaStreamConstraints>();
  readonly settings = inject(Settings);
  readonly devices = injectDevices();

  choose(kind: 'audio' | 'video', deviceId: string): void {
    this.wanted.update((before) => ({ ...before, [kind]: { ...Object(before[kind]), deviceId: { exact: deviceId } } }));
  }
}
