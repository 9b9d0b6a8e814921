// A document for components, before Angular is loaded: the one that Angular brings for servers, with a browser's platform on top.
import '@angular/compiler'; // Angular's own packages are compiled when they are loaded

declare global {
  var ngServerMode: boolean | undefined;
}
globalThis.ngServerMode = false; // or platform-server says that this is a server

const { ɵDominoAdapter: DominoAdapter } = await import('@angular/platform-server');
const page = new DominoAdapter().createHtmlDocument();
Object.assign(globalThis, { document: page, window: page.defaultView, Node: page.defaultView?.Node });
