import { type ApplicationConfig, provideBrowserGlobalErrorListeners, provideZonelessChangeDetection } from '@angular/core';
import { provideClientHydration, withEventReplay } from '@angular/platform-browser';
import { provideRouter, withComponentInputBinding } from '@angular/router';
import { Lobby } from './lobby';
import { Room } from './room';
import { provideCalls } from './sora';

export const appConfig: ApplicationConfig = {
  providers: [
    provideZonelessChangeDetection(),
    provideBrowserGlobalErrorListeners(),
    provideClientHydration(withEventReplay()),
    provideRouter(
      [
        { path: '', component: Lobby },
        { path: 'rooms/:room', component: Room },
      ],
      withComponentInputBinding(),
    ),
    provideCalls(),
  ],
};
