import { SoraInspector } from './sora-inspector.ts';

const globals: Partial<typeof globalThis> = globalThis;

// A server has no elements, and a page may load the package twice.
if (globals.customElements?.get('sora-inspector') === undefined) globals.customElements?.define('sora-inspector', SoraInspector);
