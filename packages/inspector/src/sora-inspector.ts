import { nothing, render } from 'lit/html.js';
import { type Redaction, type Session, redact } from 'rx-sora';
import { EMPTY, type Observable, Subject, Subscription, animationFrameScheduler, asyncScheduler, auditTime, tap } from 'rxjs';
import { inspect } from './model/inspect.ts';
import type { Inspection } from './model/inspection.ts';
import { openRecording } from './model/open-recording.ts';
import { type InspectorReport, reportOf } from './model/report.ts';
import { type InspectorLocale, TEXTS, type TabId, type Texts, localeOf } from './texts/texts.ts';
import { panelsByTab } from './panels/panels.ts';
import { download } from './view/download.ts';
import { frame } from './view/frame.ts';
import type { PanelContext } from './view/panel.ts';
import { STYLES } from './view/styles.ts';
import { isTab } from './view/tabs.ts';

/** What holds a recording as JSON Lines: a `Recording` of `rx-sora/testing`, or a text. */
export interface RecordingText {
  toString(): string;
}

/** A server has no elements; there the class exists and is never made. */
const Base: typeof HTMLElement =
  (globalThis as { readonly HTMLElement?: typeof HTMLElement }).HTMLElement ?? (Object as unknown as typeof HTMLElement);

/** Entries of the timeline that are kept. */
const CAPACITY = 10_000;

/** What stands where a policy failed. */
const WITHHELD = '[redacted]';

/** From one sample of statistics to the next, in milliseconds. */
const PERIOD_MS = 1000;

/**
 * `<sora-inspector>`: a live picture of a session. Give it one by `element.session = session`, best before the session connects. It follows the session while it is in the
 * document, and keeps showing it after its end. It shows what `timeline(session)` and other functions of a session say: no metadata, no tokens, and of messages of the
 * application only their size, unless `payloads` is set.
 *
 * The language is that of the nearest `lang`, Japanese or English. Light or dark is the `color-scheme` around the element.
 *
 * @example
 * ```ts
 * import 'rx-sora-inspector';
 *
 * const inspector = document.createElement('sora-inspector');
 * inspector.session = session;
 * document.body.append(inspector);
 * ```
 */
export class SoraInspector extends Base {
  /** The attributes that the element reads. */
  static readonly observedAttributes: readonly string[] = ['tab', 'payloads', 'lang'];

  readonly #changeSubject = new Subject<void>();
  readonly #panels = panelsByTab();
  #root: ShadowRoot | undefined;
  #drawing = new Subscription();
  #following = new Subscription();
  #session: Session | null = null;
  #live: Inspection | null = null;
  #opened: Inspection | null = null;
  #recording: RecordingText | null = null;
  #redaction: Redaction = redact;
  #drawnTab: TabId = 'overview';
  #status = '';
  #tasks: (() => void)[] = [];

  /** The session to show; null shows nothing. Setting another one ends the view of the one before. */
  get session(): Session | null {
    return this.#session;
  }

  set session(session: Session | null) {
    if (session === this.#session) return;
    this.#session = session;
    this.#live = null;
    this.#opened = null;
    if (this.isConnected) this.#follow();
    this.#changed();
  }

  /** What is recorded of the session, to be downloaded: what `record(session)` of `rx-sora/testing` gave. Null offers no download. */
  get recording(): RecordingText | null {
    return this.#recording;
  }

  set recording(recording: RecordingText | null) {
    if (recording === this.#recording) return;
    this.#recording = recording;
    this.#changed();
  }

  /** What may be shown, of what the timeline has not masked itself: facts of the connection, statistics, results of RPC. Default: `redact` of `rx-sora`. */
  get redaction(): Redaction {
    return this.#redaction;
  }

  set redaction(redaction: Redaction) {
    if (redaction === this.#redaction) return;
    this.#redaction = redaction;
    this.#changed();
  }

  /** The part that is shown, as in the attribute `tab`. Names of no part are ignored. */
  get tab(): TabId {
    const name = this.getAttribute('tab');
    return isTab(name) ? name : 'overview';
  }

  set tab(tab: TabId) {
    this.setAttribute('tab', tab);
  }

  /** Whether what messages of the application say is kept from now on, as in the attribute `payloads`. Default: false. */
  get payloads(): boolean {
    return this.hasAttribute('payloads');
  }

  set payloads(on: boolean) {
    this.toggleAttribute('payloads', on);
  }

  /** Everything that is known of what is shown, as plain data without secrets; null where nothing is shown. */
  report(): InspectorReport | null {
    const inspection = this.#inspection;
    if (inspection === null) return null;
    return reportOf(inspection, { redact: this.#redact, userAgent: navigator.userAgent, nowMs: asyncScheduler.now() });
  }

  /**
   * Replays a recording and shows it in place of the session. Resolves when it is shown, and rejects with a SyntaxError for a text that is not a recording.
   *
   * @param text JSON Lines
   * @param name how it is called on screen
   */
  async openRecording(text: string, name = ''): Promise<void> {
    this.#opened = await openRecording(name, text, CAPACITY);
    this.#changed();
  }

  /** Goes back to the session. */
  closeRecording(): void {
    this.#opened = null;
    this.#changed();
  }

  /** Called by the browser. */
  connectedCallback(): void {
    this.#root ??= withStyle(this.attachShadow({ mode: 'open' }));
    this.#drawing = this.#changeSubject.pipe(auditTime(0, animationFrameScheduler)).subscribe(() => this.#draw());
    this.#follow();
    this.#draw();
  }

  /** Called by the browser. */
  disconnectedCallback(): void {
    this.#following.unsubscribe();
    this.#drawing.unsubscribe();
  }

  /** Called by the browser. */
  attributeChangedCallback(name: string, before: string | null, value: string | null): void {
    if (value !== before) this.#changed();
  }

  get #inspection(): Inspection | null {
    return this.#opened ?? this.#live;
  }

  get #locale(): InspectorLocale {
    const tag = this.closest('[lang]')?.getAttribute('lang') ?? navigator.language;
    return localeOf(tag);
  }

  #follow(): void {
    this.#following.unsubscribe();
    this.#following = this.#inspected$()
      .pipe(tap((inspection) => (this.#live = inspection)))
      .subscribe(() => this.#changed());
  }

  #inspected$(): Observable<Inspection> {
    if (this.#session === null) return EMPTY;
    return inspect(this.#session, { capacity: CAPACITY, periodMs: PERIOD_MS, payloads: () => this.payloads });
  }

  #changed(): void {
    this.#changeSubject.next();
  }

  /** A policy that throws lets nothing out. */
  readonly #redact = (value: unknown): unknown => {
    try {
      return this.#redaction(value);
    } catch {
      return WITHHELD;
    }
  };

  #draw(): void {
    const root = this.#root;
    if (root === undefined) return;
    const inspection = this.#inspection;
    const { tab } = this;
    const t: Texts = TEXTS[this.#locale];
    if (tab !== this.#drawnTab) this.#panels[this.#drawnTab].left?.();
    this.#drawnTab = tab;
    this.#tasks = [];
    render(
      frame({
        t,
        inspection,
        tab,
        panel: inspection === null ? nothing : this.#panels[tab].render(this.#contextFor(inspection, t, root)),
        status: this.#status,
        hasRecording: this.#recording !== null && this.#opened === null,
        choose: (chosen) => (this.tab = chosen),
        saveReport: () => this.#saveReport(),
        saveRecording: () => download(`${this.#fileName()}.jsonl`, 'application/jsonl', String(this.#recording)),
        open: (file) => void this.#open(file),
        closeRecording: () => this.closeRecording(),
      }),
      root,
    );
    for (const task of this.#tasks) task();
  }

  #contextFor(inspection: Inspection, t: Texts, root: ShadowRoot): PanelContext {
    return {
      inspection,
      root,
      t,
      locale: this.#locale,
      redact: this.#redact,
      payloads: this.payloads,
      setPayloads: (on) => (this.payloads = on),
      changed: () => this.#changed(),
      after: (task) => this.#tasks.push(task),
      showEntry: (number) => {
        this.#panels.timeline.choose(number);
        this.tab = 'timeline';
      },
      say: (text) => this.#say(text),
    };
  }

  #say(text: string): void {
    this.#status = text;
    this.#changed();
  }

  #saveReport(): void {
    download(`${this.#fileName()}.report.json`, 'application/json', `${JSON.stringify(this.report(), null, 2)}\n`);
  }

  #fileName(): string {
    const { connected, facts } = this.#inspection ?? {};
    return `sora-${connected?.connectionId ?? facts?.connectionId ?? 'session'}`;
  }

  async #open(file: File): Promise<void> {
    const { recording } = TEXTS[this.#locale];
    this.#say(recording.reading);
    try {
      await this.openRecording(await file.text(), file.name);
      this.#say('');
    } catch (error) {
      this.#say(recording.invalid(error instanceof Error ? error.message : String(error)));
    }
  }
}

function withStyle(root: ShadowRoot): ShadowRoot {
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(STYLES);
  root.adoptedStyleSheets = [sheet];
  return root;
}
