// What the snippets of these pages take for granted. Read by spec/docs/code-blocks.spec.ts only.

declare const session: import('rx-sora').Session;
declare const session$: import('rxjs').Observable<import('rx-sora').Session>;
declare const signalingUrl: string;
declare const channelId: string;
declare const stream: MediaStream;
declare const container: HTMLElement;
declare const preview: HTMLVideoElement;
declare const meter: HTMLMeterElement;
declare function fetchToken(): Promise<string>;
declare function show(text: string): void;
declare function report(data: object): void;

// Not installed here. The functions that the snippets call, as their packages declare them.
declare module '@jest/globals' {
  export { expect, test } from 'vitest';
}
declare module '@shiguredo/virtual-background' {
  export class VirtualBackgroundProcessor {
    constructor(assetsPath: string);
    static isSupported(): boolean;
    startProcessing(track: MediaStreamTrack, options?: { blurRadius?: number }): Promise<MediaStreamTrack>;
    stopProcessing(): void;
  }
}
declare module '@shiguredo/noise-suppression' {
  export class NoiseSuppressionProcessor {
    static isSupported(): boolean;
    startProcessing(track: MediaStreamTrack): Promise<MediaStreamTrack>;
    stopProcessing(): void;
  }
}
