/**
 * `<sora-inspector>`: a live picture of a session of `rx-sora`. Importing this defines the element.
 *
 * @packageDocumentation
 */
import './define.ts';
import type { SoraInspector } from './sora-inspector.ts';

export { SoraInspector, type RecordingText } from './sora-inspector.ts';
export type { InspectorReport } from './model/report.ts';
export type { TabId } from './texts/texts.ts';

declare global {
  interface HTMLElementTagNameMap {
    'sora-inspector': SoraInspector;
  }
}
