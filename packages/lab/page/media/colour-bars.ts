/** The colour bars of a test picture, from left to right. @source SMPTE EG 1, 75 % bars */
const BARS = ['#c0c0c0', '#c0c000', '#00c0c0', '#00c000', '#c000c0', '#c00000', '#0000c0'];

/** Two digits at least. */
const padded = (value: number, length = 2): string => String(value).padStart(length, '0');

const clockText = (at: Date): string =>
  `${padded(at.getHours())}:${padded(at.getMinutes())}:${padded(at.getSeconds())}.${padded(at.getMilliseconds(), 3)}`;

/** Draws one picture: colour bars, the time of day, whose picture it is, and a block that moves, so that a frozen picture is seen. */
export function drawColourBars(
  context: CanvasRenderingContext2D,
  { name, at, frame }: { readonly name: string; readonly at: Date; readonly frame: number },
): void {
  const { width, height } = context.canvas;
  BARS.forEach((colour, index) => {
    context.fillStyle = colour;
    context.fillRect(Math.floor((width * index) / BARS.length), 0, Math.ceil(width / BARS.length), height);
  });
  const band = Math.round(height / 3);
  context.fillStyle = '#101010';
  context.fillRect(0, height - band, width, band);
  context.fillStyle = '#f0f0f0';
  const step = Math.round(width / 40);
  context.fillRect((frame * step) % width, height - band, step, Math.max(2, Math.round(band / 12)));
  context.textAlign = 'center';
  context.textBaseline = 'middle';
  context.font = `bold ${Math.round(band * 0.42)}px ui-monospace, monospace`;
  context.fillText(clockText(at), width / 2, height - band * 0.58);
  context.font = `${Math.round(band * 0.22)}px system-ui, sans-serif`;
  context.fillText(name, width / 2, height - band * 0.18);
}
