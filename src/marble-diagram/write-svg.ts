/** Characters that XML 1.0 does not have, and halves of pairs. */
const IMPOSSIBLE =
  /[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]|[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/g;

const NAMED: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' };

/** A text as content or attribute of XML. */
export const escaped = (text: string): string =>
  text.replace(IMPOSSIBLE, '\ufffd').replace(/[&<>"']/g, (character) => NAMED[character] ?? character);

type Attributes = Readonly<Record<string, string | number | undefined>>;

/** An element; `content` is markup. */
export function element(name: string, attributes: Attributes, content = ''): string {
  const written = Object.entries(attributes)
    .filter(([, value]) => value !== undefined)
    .map(([key, value]) => ` ${key}="${typeof value === 'number' ? rounded(value) : escaped(String(value))}"`)
    .join('');
  return content === '' ? `<${name}${written}/>` : `<${name}${written}>${content}</${name}>`;
}

/** A tenth of a pixel is enough, and equal on every machine. */
const rounded = (value: number): string => String(Math.round(value * 10) / 10);

export const text = (x: number, y: number, content: string, attributes: Attributes = {}): string =>
  element('text', { x, y, ...attributes }, escaped(content));

/** About how wide a text is drawn, in pixels; characters of full width count twice. */
export function widthOf(content: string, fontPx: number): number {
  let units = 0;
  for (const character of content) units += (character.codePointAt(0) ?? 0) > 0x2e7f ? 1 : 0.56;
  return units * fontPx;
}

/** A text cut to a width, with an ellipsis where something is missing. */
export function fitted(content: string, fontPx: number, widthPx: number): string {
  if (widthOf(content, fontPx) <= widthPx) return content;
  let kept = '';
  for (const character of content) {
    if (widthOf(`${kept}${character}…`, fontPx) > widthPx) break;
    kept += character;
  }
  return `${kept}…`;
}

/** A text in lines of at most a width, broken between words, or anywhere in a text without spaces. */
export function wrapped(content: string, fontPx: number, widthPx: number): readonly string[] {
  const lines: string[] = [];
  let line = '';
  for (const piece of content.split(/(?<= )|(?<=[\u2e80-\uffff])/)) {
    if (line !== '' && widthOf(`${line}${piece.trimEnd()}`, fontPx) > widthPx) {
      lines.push(line.trimEnd());
      line = '';
    }
    line += piece;
  }
  return [...lines, line.trimEnd()];
}

/** A time on the session's clock, short. */
export function shortTime(ms: number): string {
  if (ms < 1000) return `${Math.round(ms)} ms`;
  if (ms < 60_000) return `${(ms / 1000).toFixed(ms < 10_000 ? 2 : 1)} s`;
  const seconds = Math.floor(ms / 1000);
  const [hours, minutes, rest] = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60, seconds % 60];
  const two = (value: number): string => String(value).padStart(2, '0');
  return hours > 0 ? `${hours}:${two(minutes)}:${two(rest)}` : `${minutes}:${two(rest)}`;
}
