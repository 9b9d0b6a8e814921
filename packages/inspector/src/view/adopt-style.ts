/** Style sheets that were made, by their text. */
const sheets = new Map<string, CSSStyleSheet>();

/**
 * Takes the style out of markup and gives it to the root in which the markup will stand: a page whose policy forbids style elements shows it as well. Gives the
 * markup without its style.
 */
export function adoptStyle(markup: string, root: ShadowRoot): string {
  return markup.replace(/<style>([^<]*)<\/style>/, (_, text: string) => {
    let sheet = sheets.get(text);
    if (sheet === undefined) {
      sheet = new CSSStyleSheet();
      sheet.replaceSync(text);
      sheets.set(text, sheet);
    }
    if (!root.adoptedStyleSheets.includes(sheet)) root.adoptedStyleSheets.push(sheet);
    return '';
  });
}
