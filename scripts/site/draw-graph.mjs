// Draws a diagram of the pages (in Mermaid's words, which GitHub draws itself) as SVG in the colours of the page. `graph TD`: a row for each
// rank, an arrow for each edge, dotted where the source says so. `graph LR`: a tree, a column for each level.

const ROW = 84;
const BOX = 30;
const GAP = 22;
const MARGIN = 16;

export const drawDiagram = (source) => (/^graph LR$/m.test(source) ? drawTree(source) : drawGraph(source));

const LINE = 28;
const COLUMN_GAP = 22;
const SPINE = 12;

/** The root is the headline. Below it a column for each level, so that the drawing is as narrow as its words. */
function drawTree(source) {
  const { nodes, edges } = read(source);
  const children = (id) => edges.filter(({ from }) => from === id).map(({ to }) => to);
  const [root] = [...nodes.keys()].filter((id) => !edges.some(({ to }) => to === id));
  const levels = [];
  const lines = new Map([[root, 0]]);
  let next = 1;
  // A leaf takes the next line, a branch stands in the middle of its own.
  const walk = (id, level) => {
    (levels[level] ??= []).push(id);
    const below = children(id).map((child) => walk(child, level + 1));
    lines.set(id, below.length === 0 ? next++ : (below[0] + below.at(-1)) / 2);
    return lines.get(id);
  };
  for (const id of children(root)) walk(id, 0);
  const widths = levels.map((ids) => Math.max(...ids.map((id) => textWidth(nodes.get(id)))));
  const lefts = widths.map((_, level) => 2 * SPINE + widths.slice(0, level).reduce((sum, width) => sum + width + COLUMN_GAP, 0));
  const levelOf = (id) => levels.findIndex((ids) => ids.includes(id));
  const y = (id) => lines.get(id) * LINE + LINE / 2;
  const width = lefts.at(-1) + widths.at(-1) + 1;
  const paths = edges.map(({ from, to }) => {
    const x2 = lefts[levelOf(to)];
    if (from === root) return `M${SPINE / 2} ${y(to)}H${x2}`;
    const x1 = lefts[levelOf(from)] + widths[levelOf(from)];
    const middle = (x1 + x2) / 2;
    return `M${x1} ${y(from)}C${middle} ${y(from)} ${middle} ${y(to)} ${x2} ${y(to)}`;
  });
  paths.push(`M${SPINE / 2} ${LINE}V${y(children(root).at(-1))}`);
  const last = levels.length - 1;
  const boxes = levels.flat().map((id) => {
    const level = levelOf(id);
    const shape = `<rect x="${lefts[level]}" y="${y(id) - 11}" width="${widths[level]}" height="22" rx="5" class="graph-box${level === last ? ' graph-end' : ''}"/>`;
    return `<g>${shape}<text x="${lefts[level] + 9}" y="${y(id) + 4.5}" font-size="13" fill="currentColor">${escaped(nodes.get(id))}</text></g>`;
  });
  const lineWork = `<path d="${paths.join('')}" fill="none" stroke="currentColor" opacity="0.35"/>`;
  const head = `<text x="0" y="${LINE / 2 + 4.5}" font-size="14" font-weight="600" fill="currentColor">${escaped(nodes.get(root))}</text>`;
  return `<svg class="graph" viewBox="0 0 ${width} ${next * LINE}" width="${width}" height="${next * LINE}" xmlns="http://www.w3.org/2000/svg">${lineWork}${head}${boxes.join('')}</svg>`;
}

/** Japanese characters are about twice as wide. */
const textWidth = (label) => Math.round([...label].reduce((sum, each) => sum + (each > '\u2e80' ? 13 : 6.7), 0)) + 20;

const escaped = (text) => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;');

function drawGraph(source) {
  const { nodes, edges } = read(source);
  const rows = rank(nodes, edges);
  const width = Math.max(...rows.map((row) => row.reduce((sum, id) => sum + boxWidth(nodes.get(id)) + GAP, -GAP))) + 2 * MARGIN;
  const height = rows.length * ROW - (ROW - BOX) + 2 * MARGIN;
  const places = place(rows, nodes, width);
  const arrows = edges.map((edge) => arrow(edge, places)).join('');
  const boxes = [...places].map(([id, { x, y, w }]) => box(nodes.get(id), x, y, w)).join('');
  return `<svg class="graph" viewBox="0 0 ${width} ${height}" width="${width}" xmlns="http://www.w3.org/2000/svg"><defs><marker id="graph-tip" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="7" markerHeight="7" orient="auto-start-reverse"><path d="M0 0 8 4 0 8z" fill="currentColor"/></marker></defs>${arrows}${boxes}</svg>`;
}

function read(source) {
  const nodes = new Map([...source.matchAll(/^\s*([\w-]+)\["([^"]*)"\]$/gm)].map(([, id, label]) => [id, label]));
  const edges = [...source.matchAll(/^\s*([\w-]+) (-->|-\.->) ([\w-]+)$/gm)].map(([, from, line, to]) => ({
    from,
    to,
    dotted: line !== '-->',
  }));
  return { nodes, edges };
}

/** Rows of ids: a node stands below everything that has a solid arrow to it. */
function rank(nodes, edges) {
  const ranks = new Map([...nodes.keys()].map((id) => [id, 0]));
  const solid = edges.filter(({ dotted }) => !dotted);
  for (let round = 0; round < nodes.size; round += 1) {
    for (const { from, to } of solid) ranks.set(to, Math.min(nodes.size, Math.max(ranks.get(to), ranks.get(from) + 1)));
  }
  const used = [...new Set(ranks.values())].sort((a, b) => a - b);
  const rows = used.map((value) => [...nodes.keys()].filter((id) => ranks.get(id) === value));
  return rows.map((row, index) => (index === 0 ? row : row.toSorted((a, b) => pull(a, rows, edges) - pull(b, rows, edges))));
}

/** Where the nodes that point to this one stand, on average. */
function pull(id, rows, edges) {
  const above = edges.filter(({ to }) => to === id).map(({ from }) => rows.flat().indexOf(from));
  return above.reduce((sum, at) => sum + at, 0) / Math.max(above.length, 1);
}

const boxWidth = (label) => label.length * 8 + 24;

function place(rows, nodes, width) {
  return new Map(
    rows.flatMap((row, index) => {
      const taken = row.reduce((sum, id) => sum + boxWidth(nodes.get(id)), 0);
      const gap = Math.min(120, (width - 2 * MARGIN - taken) / Math.max(row.length, 1));
      let x = (width - taken - gap * (row.length - 1)) / 2;
      return row.map((id) => {
        const w = boxWidth(nodes.get(id));
        const at = { x, y: MARGIN + index * ROW, w };
        x += w + gap;
        return [id, at];
      });
    }),
  );
}

function arrow({ from, to, dotted }, places) {
  const [one, other] = [places.get(from), places.get(to)];
  const isDown = other.y >= one.y;
  const [x1, y1] = [one.x + one.w / 2, one.y + (isDown ? BOX : 0)];
  const [x2, y2] = [other.x + other.w / 2, other.y + (isDown ? 0 : BOX)];
  const bend = one.y === other.y ? 46 : (y2 - y1) / 2;
  const path = `M${x1.toFixed(0)} ${y1} C${x1.toFixed(0)} ${(y1 + bend).toFixed(0)} ${x2.toFixed(0)} ${(y2 - bend).toFixed(0)} ${x2.toFixed(0)} ${y2}`;
  return `<path d="${path}" fill="none" stroke="currentColor" opacity="0.45"${dotted ? ' stroke-dasharray="3 4"' : ''} marker-end="url(#graph-tip)"/>`;
}

const box = (label, x, y, w) =>
  `<g><rect x="${x.toFixed(0)}" y="${y}" width="${w}" height="${BOX}" rx="5" class="graph-box" stroke="currentColor"/><text x="${(x + w / 2).toFixed(0)}" y="${y + 20}" text-anchor="middle" font-size="13" fill="currentColor" font-family="var(--vp-font-family-mono)">${label}</text></g>`;
