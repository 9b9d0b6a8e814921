import { type TemplateResult, html, render } from 'lit/html.js';
import { Subject, animationFrameScheduler, auditTime, merge, tap } from 'rxjs';
import type { AppContext } from './app-context.ts';
import { type FormState, SIDES, DEFAULTS, hashOf, stateFromHash, valueOf } from './form/form-state.ts';
import { sharedForm } from './form/form-view.ts';
import { Pane } from './pane/pane.ts';
import { lab } from './server/lab-client.ts';
import { ServerView } from './server/server-view.ts';
import { NO_SERVER, type ServerState, watchServer } from './server/watch-server.ts';
import { LOCALES, LOCALE_NAMES, TEXTS, localeOf } from './texts/texts.ts';

/** The page. It lives as long as its document. */
export class App {
  readonly #root: HTMLElement;
  readonly #lookSubject = new Subject<void>();
  readonly #panes = SIDES.map((side) => new Pane(side));
  readonly #serverView = new ServerView();
  #server: ServerState = NO_SERVER;
  #form: FormState = stateFromHash(location.hash);
  #kinds: ReadonlyMap<string, string> = new Map();
  #outcome = '';

  constructor(root: HTMLElement) {
    this.#root = root;
  }

  /**
   * Shows the page and follows the lab. What happens by itself is drawn in the next frame, what a user does at once: buttons act on what was drawn, and the next press may
   * come within the same frame.
   */
  start(): void {
    const server$ = watchServer(this.#lookSubject).pipe(tap((server) => (this.#server = server)));
    merge(server$, ...this.#panes.map((pane) => pane.run()))
      .pipe(auditTime(0, animationFrameScheduler))
      // eslint-disable-next-line rxjs-x/no-ignored-subscription -- the page ends with its document
      .subscribe(() => this.#draw());
    globalThis.addEventListener('hashchange', () => {
      this.#form = stateFromHash(location.hash);
      this.#draw();
    });
    void lab.kinds().then(
      (kinds) => {
        this.#kinds = new Map(kinds.map(({ kind, what }) => [kind, what]));
        this.#draw();
      },
      () => undefined, // without descriptions the buttons work as well
    );
    this.#draw();
  }

  #say(text: string): void {
    this.#outcome = text;
    this.#draw();
  }

  #set(values: FormState): void {
    this.#form = { ...this.#form, ...values };
    history.replaceState(null, '', hashOf(this.#form) || location.pathname);
    this.#draw();
  }

  async #perform(act: () => Promise<string>): Promise<void> {
    try {
      this.#say(await act());
    } catch (error) {
      this.#say(error instanceof Error ? error.message : String(error));
    }
    this.#lookSubject.next();
  }

  #draw(): void {
    const locale = localeOf(valueOf(this.#form, 'lang'));
    document.documentElement.lang = locale;
    const context: AppContext = {
      t: TEXTS[locale],
      locale,
      form: this.#form,
      server: this.#server,
      kinds: this.#kinds,
      set: (values) => this.#set(values),
      changed: () => this.#draw(),
      say: (text) => this.#say(text),
      perform: (act) => void this.#perform(act),
    };
    render(this.#page(context), this.#root);
  }

  #page(context: AppContext): TemplateResult {
    const { t, server } = context;
    const problems = new Map(this.#panes.flatMap((pane) => [...pane.problems()]));
    return html`
      <header>
        <h1>rx-sora-lab</h1>
        <p>${t.purpose}</p>
        <p class="live ${server.isAlive === false ? 'lost' : ''}" role="status">
          ${server.isAlive === null ? t.connecting : server.isAlive ? t.live : t.lost}
        </p>
        ${this.#language(context)}
      </header>
      <main>
        <section aria-labelledby="options-title">
          <h2 id="options-title">${t.options}</h2>
          <div class="line">${this.#buttons(context)}</div>
          <details>
            <summary>${t.allOptions}</summary>
            ${sharedForm(problems, context)}
          </details>
        </section>
        <div class="panes">${this.#panes.map((pane) => pane.render(context))}</div>
        ${this.#serverView.render(context)}
      </main>
      <p class="outcome" role="status">${this.#outcome}</p>
    `;
  }

  #buttons({ t, form, server, changed, say }: AppContext): TemplateResult {
    const ownUrl = server.facts?.urls[0] ?? '';
    const idle = this.#panes.filter(({ isBusy }) => !isBusy);
    const busy = this.#panes.filter(({ isBusy }) => isBusy);
    return html`
      <button
        type="button"
        class="main"
        ?disabled=${idle.length === 0 || ownUrl === ''}
        @click=${() => {
          for (const pane of idle) pane.connect(form, ownUrl);
          changed();
        }}
      >
        ${t.connectBoth}
      </button>
      <button type="button" ?disabled=${busy.length === 0} @click=${() => busy.forEach((pane) => pane.disconnect({ changed }))}>
        ${t.disconnectBoth}
      </button>
      <button
        type="button"
        @click=${() => {
          // Absent where the page is not a secure context.
          const clipboard = navigator.clipboard as Clipboard | undefined;
          const url = `${location.origin}${location.pathname}${hashOf(form)}`;
          if (clipboard === undefined) say(t.copyFailed);
          else
            clipboard.writeText(url).then(
              () => say(t.copied),
              () => say(t.copyFailed),
            );
        }}
      >
        ${t.copyUrl}
      </button>
      <button
        type="button"
        @click=${() => {
          const emptied = Object.fromEntries(Object.keys(form).map((name) => [name, '']));
          this.#set({ ...emptied, ...DEFAULTS, lang: valueOf(form, 'lang') });
        }}
      >
        ${t.reset}
      </button>
    `;
  }

  #language({ t, locale, set }: AppContext): TemplateResult {
    return html`<label class="language"
      ><span>${t.language}</span
      ><select @change=${({ currentTarget }: Event) => set({ lang: (currentTarget as HTMLSelectElement).value })}>
        ${LOCALES.map((each) => html`<option value=${each} .selected=${each === locale}>${LOCALE_NAMES[each]}</option>`)}
      </select></label
    >`;
  }
}
