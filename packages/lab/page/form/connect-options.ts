import { type ConnectOptions, type Redaction, type SignalingUrlPolicy, parallel, redact, sequential, staggered, sticky } from 'rx-sora';
import { preferVideoCodec } from '../media/prefer-codec.ts';
import type { Field } from './field.ts';
import { PANE_FIELDS, SHARED_GROUPS } from './fields.ts';
import { type FormState, type Side, sideValue, valueOf } from './form-state.ts';

/** A value of the form that cannot be read. */
export class FormError extends Error {
  override readonly name: string = 'FormError';
  readonly path: string;

  constructor(path: string, problem: string) {
    super(`${path}: ${problem}`);
    this.path = path;
  }
}

const POLICIES: Readonly<Record<string, SignalingUrlPolicy>> = { parallel, staggered, sequential, sticky };

/** Options as the form gives them: the SDK checks what they mean. */
type Draft = Record<string, unknown>;

/**
 * The options for one side.
 *
 * @param ownUrl the signaling URL of the lab that serves the page, for a form without one
 * @throws FormError for a value that cannot be read, such as malformed JSON
 */
export function connectOptions(state: FormState, side: Side, ownUrl: string): ConnectOptions {
  const draft: Draft = {};
  for (const field of SHARED_GROUPS.flatMap(([, fields]) => fields)) place(draft, field, valueOf(state, field.path));
  for (const field of PANE_FIELDS) place(draft, field, sideValue(state, side, field.path));
  const { signalingUrl = ownUrl, signalingUrlPolicy, rtcConfiguration, beforeAnswer, ...rest } = draft;
  const policy = POLICIES[String(signalingUrlPolicy)];
  const configuration = rtcConfiguration as { readonly iceTransportPolicy: RTCIceTransportPolicy } | undefined;
  const before = beforeAnswer as { readonly preferVideoCodec: string } | undefined;
  return {
    ...(rest as unknown as ConnectOptions),
    signalingUrl: signalingUrl as string | readonly string[],
    redaction: redactionOf(state),
    ...(policy !== undefined && { signalingUrlPolicy: policy }),
    ...(configuration !== undefined && { rtcConfiguration: (offered) => ({ ...offered, ...configuration }) }),
    ...(before !== undefined && { beforeAnswer: (peerConnection) => preferVideoCodec(peerConnection, before.preferVideoCodec) }),
  };
}

/** What the inspectors may show: everything where the user wants to see secrets. */
export const redactionOf = (state: FormState): Redaction => (valueOf(state, 'secrets') === '1' ? asItIs : redact);

const asItIs: Redaction = (value) => value;

/** Puts a value where its path says. A member of `audio`, `video` or `spotlight` makes an object of it. */
function place(draft: Draft, field: Field, written: string): void {
  const value = read(field, written);
  if (value === undefined) return;
  const [option = '', member] = field.path.split('.');
  if (member === undefined) draft[option] = value;
  else if (draft[option] !== false) draft[option] = { ...(typeof draft[option] === 'object' ? draft[option] : {}), [member]: value };
}

function read(field: Field, written: string): unknown {
  const trimmed = written.trim();
  if (trimmed === '') return undefined;
  switch (field.kind) {
    case 'number':
      return Number(trimmed);
    case 'json':
      try {
        return JSON.parse(trimmed);
      } catch (error) {
        throw new FormError(field.path, error instanceof Error ? error.message : String(error));
      }
    case 'lines': {
      const found = trimmed.split(/\s+/);
      return found.length === 1 ? found[0] : found;
    }
    case 'choice':
      return trimmed === 'true' || trimmed === 'false' ? trimmed === 'true' : trimmed;
    case 'text':
      return trimmed;
  }
}
