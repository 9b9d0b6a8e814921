import { type TemplateResult, html } from 'lit/html.js';
import { live } from 'lit/directives/live.js';
import type { AppContext } from '../app-context.ts';
import { CONTENT_HINTS, FRAME_RATES, SIZES } from '../media/local-media.ts';
import { type Field, choice } from './field.ts';
import { SHARED_GROUPS } from './fields.ts';

/** Fields beside those of `connect()`. */
const PICTURE: readonly Field[] = [choice('size', ...SIZES), choice('frameRate', ...FRAME_RATES), choice('contentHint', ...CONTENT_HINTS)];

/**
 * One control. `name` is where its value stands in the state.
 *
 * @param problem what is wrong with the value; empty where nothing is
 */
export function control(field: Field, name: string, problem: string, { t, form, set }: AppContext): TemplateResult {
  const value = form[name] ?? '';
  const take = ({ currentTarget }: Event): void => set({ [name]: (currentTarget as HTMLInputElement).value });
  const isWrong = problem !== '';
  return html`<label class="field ${field.kind}"
    ><span class="code">${field.path}</span
    >${input(field, value, take, isWrong, t.left)}${isWrong ? html`<span class="bad" role="alert">${problem}</span>` : html``}</label
  >`;
}

function input(field: Field, value: string, take: (event: Event) => void, isWrong: boolean, none: string): TemplateResult {
  const { hint = '' } = field;
  switch (field.kind) {
    case 'choice':
      return html`<select @change=${take} aria-invalid=${isWrong}>
        <option value="" .selected=${value === ''}>${none}</option>
        ${field.choices.map((each) => html`<option value=${each} .selected=${each === value}>${each}</option>`)}
      </select>`;
    case 'json':
    case 'lines':
      return html`<textarea
        rows=${field.kind === 'lines' ? 2 : Math.min(6, Math.max(1, value.split('\n').length))}
        spellcheck="false"
        placeholder=${hint}
        aria-invalid=${isWrong}
        .value=${live(value)}
        @input=${take}
      ></textarea>`;
    default:
      return html`<input
        type=${field.kind}
        placeholder=${hint}
        autocomplete="off"
        spellcheck="false"
        aria-invalid=${isWrong}
        .value=${live(value)}
        @input=${take}
      />`;
  }
}

/** The options that both sides share. `problems` are by path. */
export const sharedForm = (problems: ReadonlyMap<string, string>, context: AppContext): TemplateResult => html`
  ${SHARED_GROUPS.map(([name, fields]) => group(context.t.groups[name], fields, problems, context))}
  ${group(context.t.groups.picture, PICTURE, problems, context)}
  <fieldset>
    <legend>${context.t.groups.page}</legend>
    ${check('payloads', context.t.payloads, context)} ${check('secrets', context.t.secrets, context)}
  </fieldset>
`;

const group = (title: string, fields: readonly Field[], problems: ReadonlyMap<string, string>, context: AppContext): TemplateResult =>
  html`<fieldset>
    <legend>${title}</legend>
    <div class="fields">${fields.map((field) => control(field, field.path, problems.get(field.path) ?? '', context))}</div>
  </fieldset>`;

/** A switch of the page: `1` where it is on. */
export const check = (name: string, label: string, { form, set }: AppContext): TemplateResult =>
  html`<label class="check"
    ><input
      type="checkbox"
      .checked=${live(form[name] === '1')}
      @change=${({ currentTarget }: Event) => set({ [name]: (currentTarget as HTMLInputElement).checked ? '1' : '' })}
    /><span>${label}</span></label
  >`;
