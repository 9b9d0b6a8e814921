// The packed entry for Angular in applications of every version that it supports: compiled ahead of time with strict templates, rendered as on a
// server, and run on a document with the fakes of the package.
import { mkdirSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { codeBlocks } from '../../spec/docs/support/markdown.ts';
import { check, representatives, run } from './check.mjs';
import { newProject } from './projects.mjs';

/** Each with the TypeScript that it asks for. `platform-server` has fewer versions than the rest. */
export const ANGULARS = [
  { angular: '20.3.32', typescript: '5.9.3' },
  { angular: '21.2.24', typescript: '5.9.3' },
  { angular: '22.2.0', typescript: '6.0.3' },
];

const PACKAGES = ['core', 'common', 'compiler', 'compiler-cli', 'platform-browser', 'platform-server'];

const APP = `
import { ChangeDetectionStrategy, Component, computed, input, provideZonelessChangeDetection, signal, type ApplicationConfig, type Signal } from '@angular/core';
import { networkStatus, type Session, type Termination } from 'rx-sora';
import { interval } from 'rxjs';
import { healthOf, injectCall, injectLatest, injectSession, provideSora, type CallState, type SoraCall, type SoraOptions } from 'rx-sora/angular';
import { createFakePlatform, FakeSora } from 'rx-sora/testing';

export const fake = createFakePlatform();
export const sora = new FakeSora(fake, { mode: 'W' });

@Component({
  selector: 'app-call',
  changeDetection: ChangeDetectionStrategy.OnPush,
  template: \`
    <p>{{ call.state() }}</p>
    @for (member of call.roster().members; track member.connectionId) { <p>{{ member.clientId }}</p> }
    @for (remote of call.remoteStreams(); track remote.connectionId) { <video [srcObject]="remote.stream" autoplay></video> }
    @if (call.termination(); as t) { <p>{{ t.kind }} {{ t.retry }}</p> <button (click)="call.retryNow()">retry</button> }
    @for (message of chat(); track $index) { <p>{{ message.data.length }}</p> }
    <p>{{ preview.state() }} {{ quality() }} {{ health()?.state }}</p>
  \`,
})
export class Call {
  readonly room = input.required<string>();
  readonly call: SoraCall = injectCall(() => ({ channelId: this.room() }), { maxAttempts: 3 });
  readonly preview = injectSession((): SoraOptions | null => null);
  readonly chat = this.call.messages('#chat');
  readonly quality = computed(() => (this.network() === null ? 0 : 1));
  readonly network = this.call.follow((session: Session) => networkStatus(session), null);
  readonly state: () => CallState = this.call.state;
  readonly health = healthOf(this.call);
  readonly seconds: Signal<number | null> = injectLatest(() => interval(1000), null);
  leave(): Promise<Termination | null> {
    return this.call.leave();
  }
}

@Component({ selector: 'app-root', imports: [Call], changeDetection: ChangeDetectionStrategy.OnPush, template: '<app-call [room]="room()" />' })
export class App {
  readonly room = signal('room');
}

export const config: ApplicationConfig = {
  providers: [
    provideZonelessChangeDetection(),
    provideSora(() => ({ signalingUrl: 'wss://sora.test/signaling', role: 'sendrecv', platform: fake.platform })),
  ],
};
`;

/** The components of the guide, whose templates the compiler of the documents does not read. */
const GUIDE = codeBlocks('docs/guide/angular.md').flatMap(({ mark, code }) => {
  const [, name] = /^file: (.+)$/.exec(mark ?? '') ?? [];
  return name === undefined ? [] : [{ name: basename(name), code: code.replaceAll(/(from '\.\/[\w-]+)\.ts'/g, "$1'") }];
});

/** Angular's own packages are half compiled; the compiler does the rest when they are loaded. */
const PRELUDE = `
import '@angular/compiler';
import assert from 'node:assert/strict';
`;

const ON_A_SERVER = `${PRELUDE}
const { bootstrapApplication } = await import('@angular/platform-browser');
const { provideServerRendering, renderApplication } = await import('@angular/platform-server');
const { App, config, fake } = await import('./app.js');
const bootstrap = (context) => bootstrapApplication(App, { providers: [...config.providers, provideServerRendering()] }, context);
const html = await renderApplication(bootstrap, { document: '<app-root></app-root>', url: 'https://app.test/', allowedHosts: ['app.test'] });
assert.match(html, /<p>idle<\\/p>/);
assert.equal(fake.sockets.length, 0);
`;

const IN_A_PAGE = `${PRELUDE}
globalThis.ngServerMode = false;
const { ɵDominoAdapter } = await import('@angular/platform-server');
globalThis.document = new ɵDominoAdapter().createHtmlDocument();
globalThis.window = document.defaultView;
document.body.appendChild(document.createElement('app-root'));
const { bootstrapApplication } = await import('@angular/platform-browser');
const { App, config, fake, sora } = await import('./app.js');
const app = await bootstrapApplication(App, config);
app.tick();
sora.reach('connected');
app.tick();
assert.match(document.body.textContent, /connected/);
app.destroy();
await new Promise((resolve) => setTimeout(resolve, 3500)); // the goodbye waits for its answer for 3 s
assert.deepEqual(fake.leaks(), { listeners: 0, sockets: 0, peerConnections: 0, channels: 0 });
`;

const TSCONFIG = {
  compilerOptions: {
    strict: true,
    target: 'es2022',
    module: 'esnext',
    moduleResolution: 'bundler',
    lib: ['es2022', 'dom', 'dom.iterable'],
    types: [],
    skipLibCheck: false,
    outDir: 'out',
    rootDir: '.',
  },
  angularCompilerOptions: { strictTemplates: true, strictInjectionParameters: true, strictInputAccessModifiers: true },
  files: ['app.ts', ...GUIDE.map(({ name }) => `guide/${name}`)],
};

/** `sdk` is the packed file, `rxjs` the version that goes with it. */
export async function checkAngular(folder, { sdk, rxjs }) {
  for (const { angular, typescript } of representatives(ANGULARS)) {
    const project = await check(`rx-sora/angular: installs beside Angular ${angular}`, async () => {
      const packages = PACKAGES.map((name) => `@angular/${name}@${angular}`);
      const place = await newProject(join(folder, angular), [...packages, `typescript@${typescript}`, rxjs, sdk]);
      writeFileSync(join(place, 'app.ts'), APP);
      mkdirSync(join(place, 'guide'));
      for (const { name, code } of GUIDE) writeFileSync(join(place, 'guide', name), code);
      writeFileSync(join(place, 'tsconfig.json'), JSON.stringify(TSCONFIG));
      return place;
    });
    if (project === undefined) continue;
    const node = (file) => run(process.execPath, [file], { cwd: project });
    const compiled = await check(
      `rx-sora/angular: Angular ${angular} compiles an application and the guide's components ahead of time, templates strict`,
      async () => {
        await node('node_modules/@angular/compiler-cli/bundles/src/bin/ngc.js');
        return true;
      },
    );
    if (compiled === undefined) continue;
    for (const [title, code] of [
      ['renders it on a server without a session', ON_A_SERVER],
      ['runs it on a page, and nothing is left when it is destroyed', IN_A_PAGE],
    ]) {
      await check(`rx-sora/angular: Angular ${angular} ${title}`, async () => {
        writeFileSync(join(project, 'out/run.mjs'), code);
        await node('out/run.mjs');
      });
    }
  }
}
