import { noChange } from 'lit/html.js';
import { AsyncDirective } from 'lit/async-directive.js';
import { type ElementPart, directive } from 'lit/directive.js';
import uPlot from 'uplot';

/** What a chart draws: the values of the axis, then those of each line, which all are as long. */
export type ChartData = readonly [readonly number[], ...(readonly (number | null)[])[]];

const HEIGHT_PX = 120;

/** The colours that the style sheet gives a chart: those of its lines, of its text and of its grid. */
interface Colours {
  readonly lines: readonly string[];
  readonly text: string;
  readonly grid: string;
}

/** Where an element of a chart says which colour is meant, in its computed `color`, as a canvas knows no custom properties. */
function coloursOf(element: HTMLElement): Colours {
  const colourOf = (probe: Element): string => getComputedStyle(probe).color;
  const swatches = [...(element.parentElement?.querySelectorAll('.swatch') ?? [])];
  const { color, outlineColor } = getComputedStyle(element);
  return { lines: swatches.map(colourOf), text: color, grid: outlineColor };
}

function optionsOf(width: number, data: ChartData, { lines, text, grid }: Colours): uPlot.Options {
  const axis = {
    stroke: text,
    font: '11px system-ui, sans-serif',
    grid: { stroke: grid, width: 1 },
    ticks: { stroke: grid, width: 1, size: 4 },
  };
  return {
    width,
    height: HEIGHT_PX,
    legend: { show: false },
    cursor: { show: false },
    scales: { x: { time: false }, y: { range: (_, __, max) => [0, Number.isFinite(max) && max > 0 ? max * 1.1 : 1] } },
    axes: [
      { ...axis, size: 22, values: (_, values) => values.map((value) => `${value} s`) },
      { ...axis, size: 44 },
    ],
    series: [
      {},
      ...data.slice(1).map((_, index) => ({ stroke: lines[index] ?? text, width: 2, points: { show: false }, spanGaps: false })),
    ],
  };
}

class Chart extends AsyncDirective {
  #plot: uPlot | undefined;
  #resizes: ResizeObserver | undefined;
  #scheme: MediaQueryList | undefined;
  #element: HTMLElement | undefined;
  #data: ChartData = [[]];
  #version = -1;

  override render(data: ChartData, version: number): unknown {
    if (version !== this.#version) this.#plot?.setData(plain(data));
    this.#data = data;
    this.#version = version;
    return noChange;
  }

  override update({ element }: ElementPart, [data, version]: Parameters<this['render']>): unknown {
    this.#element = element as HTMLElement;
    if (this.#resizes === undefined) this.#begin();
    return this.render(data, version);
  }

  override disconnected(): void {
    this.#resizes?.disconnect();
    this.#resizes = undefined;
    this.#scheme?.removeEventListener('change', this.#redraw);
    this.#plot?.destroy();
    this.#plot = undefined;
  }

  override reconnected(): void {
    this.#begin();
  }

  #begin(): void {
    if (this.#element === undefined) return;
    // Reports the first size too, when the element stands in the document.
    this.#resizes = new ResizeObserver(([entry]) => this.#resized(entry?.contentRect.width ?? 0));
    this.#resizes.observe(this.#element);
    this.#scheme = matchMedia('(prefers-color-scheme: dark)');
    this.#scheme.addEventListener('change', this.#redraw);
  }

  #resized(width: number): void {
    if (width <= 0 || this.#element === undefined) return;
    if (this.#plot === undefined) this.#draw(width);
    else if (this.#plot.width !== width) this.#plot.setSize({ width, height: HEIGHT_PX });
  }

  #draw(width: number): void {
    if (this.#element === undefined) return;
    this.#plot = new uPlot(optionsOf(width, this.#data, coloursOf(this.#element)), plain(this.#data), this.#element);
  }

  readonly #redraw = (): void => {
    const width = this.#plot?.width;
    this.#plot?.destroy();
    if (width !== undefined) this.#draw(width);
  };
}

const plain = ([x, ...lines]: ChartData): uPlot.AlignedData => [[...x], ...lines.map((line) => [...line])];

/**
 * Draws lines over time into the element. `version` changes when the data have. The colours of the lines are those of the elements `.swatch` beside it, in
 * order; the text has the element's `color`, the grid its `outline-color`.
 */
export const chart: (data: ChartData, version: number) => unknown = directive(Chart);
