import { type TemplateResult, html, nothing } from 'lit/html.js';
import { live } from 'lit/directives/live.js';
import { repeat } from 'lit/directives/repeat.js';
import type { RemoteStream, Session } from 'rx-sora';
import { SoraOptionsError, setMuted } from 'rx-sora';
import 'rx-sora-inspector';
import type { SoraInspector } from 'rx-sora-inspector';
import { record } from 'rx-sora/testing';
import { EMPTY, type Observable, Subject, switchMap, tap } from 'rxjs';
import type { AppContext } from '../app-context.ts';
import { FaultButtons, type FaultTarget } from '../faults/fault-buttons.ts';
import { FormError, redactionOf } from '../form/connect-options.ts';
import { choice } from '../form/field.ts';
import { PANE_FIELDS } from '../form/fields.ts';
import { type FormState, type Side, sideValue, valueOf } from '../form/form-state.ts';
import { check, control } from '../form/form-view.ts';
import { MEDIA_SOURCES } from '../media/local-media.ts';
import { type CallEvent, callOf } from './call.ts';

const KINDS = ['audio', 'video'] as const;

/** Shown without opening the other options of a side. */
const FIRST_FIELDS = ['role', 'clientId'];

/** One side of the page: what it sends and receives, its faults, its inspector. */
export class Pane {
  readonly side: Side;
  readonly inspector: SoraInspector = document.createElement('sora-inspector');
  readonly #startSubject = new Subject<Observable<CallEvent>>();
  readonly #faults = new FaultButtons();
  #session: Session | null = null;
  #connectionId: string | null = null;
  #stream: MediaStream | null = null;
  #remote: readonly RemoteStream[] = [];
  #waiting: (CallEvent & { readonly kind: 'waiting' }) | null = null;
  #isBusy = false;
  #problem: { readonly path: string; readonly text: string } | null = null;
  #muted: ReadonlySet<string> = new Set();
  #plays = false;

  constructor(side: Side) {
    this.side = side;
  }

  /** Carries out what the buttons ask for, and emits after each change. Hot through the buttons; whatever it opened ends with the subscription. */
  run(): Observable<unknown> {
    return this.#startSubject.pipe(
      switchMap((call$) => call$),
      tap((event) => this.#take(event)),
    );
  }

  get isBusy(): boolean {
    return this.#isBusy;
  }

  /** What is wrong with a value of the shared form. */
  problems(): ReadonlyMap<string, string> {
    return new Map(this.#problem === null ? [] : [[this.#problem.path, this.#problem.text]]);
  }

  connect(form: FormState, ownUrl: string): void {
    this.#problem = null;
    this.#isBusy = true;
    this.#muted = new Set();
    this.#startSubject.next(callOf(form, this.side, ownUrl));
  }

  /** Says goodbye where there is a session, otherwise gives up. */
  disconnect({ changed }: Pick<AppContext, 'changed'>): void {
    if (this.#session !== null && this.#waiting === null) void this.#session.disconnect();
    else {
      this.#startSubject.next(EMPTY);
      this.#over();
      changed();
    }
  }

  render(context: AppContext): TemplateResult {
    const { t, form } = context;
    this.inspector.lang = context.locale;
    this.inspector.redaction = redactionOf(form);
    this.inspector.payloads = valueOf(form, 'payloads') === '1';
    const problem = this.#problem;
    const field = (each: (typeof PANE_FIELDS)[number]): TemplateResult => {
      const isWrong = problem !== null && (problem.path === each.path || problem.path.startsWith(`${each.path}.`));
      return control(each, `${this.side}.${each.path}`, isWrong ? problem.text : '', context);
    };
    const title = `pane-${this.side}`;
    return html`<section class="pane" aria-labelledby=${title}>
      <div class="line">
        <h2 id=${title}>${t.sides[this.side]}</h2>
        ${this.#buttons(context)}
      </div>
      <div class="fields">
        ${PANE_FIELDS.filter(({ path }) => FIRST_FIELDS.includes(path)).map(field)} ${this.#mediaControl(context)}
        ${check(`${this.side}.reconnect`, t.reconnect, context)}
      </div>
      <details>
        <summary>${t.own}</summary>
        <div class="fields">${PANE_FIELDS.filter(({ path }) => !FIRST_FIELDS.includes(path)).map(field)}</div>
      </details>
      ${problem === null ? nothing : html`<p class="bad" role="alert">${problem.text}</p>`} ${this.#pictures(context)}
      <details class="break">
        <summary>${t.faults.title}</summary>
        ${this.#faults.render(this.#faultTarget(context), context)}
      </details>
      ${this.inspector}
    </section>`;
  }

  #buttons(context: AppContext): TemplateResult {
    const { t, form, server, changed } = context;
    const name = t.sides[this.side];
    if (!this.#isBusy) {
      const ownUrl = server.facts?.urls[0] ?? '';
      return html`<button
        type="button"
        class="main"
        aria-label="${t.connect}, ${name}"
        ?disabled=${ownUrl === ''}
        @click=${() => {
          this.connect(form, ownUrl);
          changed();
        }}
      >
        ${t.connect}
      </button>`;
    }
    const label = this.#session === null || this.#waiting !== null ? t.cancel : t.disconnect;
    return html`<button type="button" aria-label="${label}, ${name}" @click=${() => this.disconnect(context)}>${label}</button>
      ${
        this.#stream === null
          ? nothing
          : KINDS.map(
              (kind) =>
                html`<button
                  type="button"
                  aria-label="${t.mute[kind]}, ${name}"
                  aria-pressed=${this.#muted.has(kind)}
                  @click=${() => this.#toggleMute(kind, context)}
                >
                  ${t.mute[kind]}
                </button>`,
            )
      }
      <label class="check"
        ><input
          type="checkbox"
          .checked=${this.#plays}
          @change=${({ currentTarget }: Event) => {
            this.#plays = (currentTarget as HTMLInputElement).checked;
            changed();
          }}
        /><span>${t.sound}</span></label
      >`;
  }

  #mediaControl(context: AppContext): TemplateResult {
    const { t, form, set } = context;
    const { path } = choice('media');
    const name = `${this.side}.${path}`;
    return html`<label class="field"
      ><span class="code">${t.media}</span
      ><select @change=${({ currentTarget }: Event) => set({ [name]: (currentTarget as HTMLSelectElement).value })}>
        ${MEDIA_SOURCES.map(
          (source) => html`<option value=${source} .selected=${source === sideValue(form, this.side, path)}>${t.sources[source]}</option>`,
        )}
      </select></label
    >`;
  }

  #pictures({ t }: AppContext): TemplateResult {
    if (!this.#isBusy) return html`<p class="pictures quiet">${t.nobody}</p>`;
    const { delayMs, attempt } = this.#waiting ?? {};
    return html`<div class="pictures">
      ${delayMs === undefined ? nothing : html`<p>${t.waiting((delayMs / 1000).toFixed(1), attempt ?? 0)}</p>`}
      ${this.#stream === null ? nothing : picture(this.#stream, t.local, true, 'local')}
      ${repeat(
        this.#remote,
        ({ connectionId }) => connectionId,
        ({ stream, connectionId }) => picture(stream, t.remote(connectionId), !this.#plays, 'remote'),
      )}
    </div>`;
  }

  #faultTarget({ t, form }: AppContext): FaultTarget {
    const clientId = sideValue(form, this.side, 'clientId');
    const channelId = valueOf(form, 'channelId');
    return {
      name: t.sides[this.side],
      alive: () => (this.#connectionId === null ? null : { connectionId: this.#connectionId }),
      once: true,
      next: { ...(channelId !== '' && { channelId }), ...(clientId !== '' && { clientId }) },
    };
  }

  #toggleMute(kind: (typeof KINDS)[number], { changed }: AppContext): void {
    const muted = new Set(this.#muted);
    if (!muted.delete(kind)) muted.add(kind);
    this.#muted = muted;
    if (this.#stream !== null) setMuted(this.#stream, kind, muted.has(kind));
    changed();
  }

  #take(event: CallEvent): void {
    switch (event.kind) {
      case 'media':
        this.#stream = event.stream;
        break;
      case 'session':
        this.#waiting = null;
        this.#connectionId = null;
        this.#session = event.session;
        this.inspector.session = event.session;
        this.inspector.recording = record(event.session);
        break;
      case 'named':
        this.#connectionId = event.connectionId;
        break;
      case 'remote':
        this.#remote = event.streams;
        break;
      case 'waiting':
        this.#waiting = event;
        this.#connectionId = null;
        this.#remote = [];
        break;
      case 'over':
        this.#over();
        break;
      case 'failed':
        this.#problem = problemOf(event.error);
        this.#over();
        break;
    }
  }

  #over(): void {
    this.#isBusy = false;
    this.#session = null;
    this.#connectionId = null;
    this.#stream = null;
    this.#remote = [];
    this.#waiting = null;
  }
}

/** A stream is set once: setting it again, as a plain property would with each drawing, starts the element anew. */
const picture = (stream: MediaStream, caption: string, isMuted: boolean, className: string): TemplateResult =>
  html`<figure class=${className}>
    <video autoplay playsinline .muted=${isMuted} .srcObject=${live(stream)} aria-label=${caption}></video>
    <figcaption>${caption}</figcaption>
  </figure>`;

function problemOf(error: unknown): { readonly path: string; readonly text: string } {
  const text = error instanceof Error ? error.message : String(error);
  return { path: error instanceof SoraOptionsError || error instanceof FormError ? error.path : '', text };
}
