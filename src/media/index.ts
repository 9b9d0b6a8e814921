export { audioLevel, type AudioLevelOptions } from './audio-level.ts';
export { devices, type Devices } from './devices.ts';
export { displayMedia } from './display-media.ts';
export { SoraMediaError, type MediaErrorCode } from './media-error.ts';
export type { MediaPlatform } from './media-platform.ts';
export { permission } from './permission.ts';
export { playback, type Playback } from './playback.ts';
export { userMedia } from './user-media.ts';
