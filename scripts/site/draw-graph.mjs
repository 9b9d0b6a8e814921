// Draws a diagram of the pages (`graph TD` in Mermaid's words, which GitHub draws itself) as SVG in the colours of the page: a row for each
// rank, an arrow for each edge, dotted where the source says so.

const ROW = 84;
const BOX = 30;
const GAP = 22;
const MARGIN = 16;

export function drawGraph(source) {
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
