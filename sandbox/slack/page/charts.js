import { h, svg } from './dom.js';

/** Colour is never alone: every series also has its own pattern and, on lines, its own mark. */
const COLOURS = 6;
const PATTERNS = [
  () => [],
  (c) => [svg('path', { d: 'M0 8L8 0M-2 2L2 -2M6 10L10 6', stroke: c, 'stroke-width': 2 })],
  (c) => [svg('circle', { cx: 4, cy: 4, r: 1.8, fill: c })],
  (c) => [svg('path', { d: 'M0 4H8', stroke: c, 'stroke-width': 2 })],
  (c) => [svg('path', { d: 'M4 0V8', stroke: c, 'stroke-width': 2 })],
  (c) => [svg('path', { d: 'M0 4H8M4 0V8', stroke: c, 'stroke-width': 1.4 })],
];
/** What stands at each point of a line: told apart without colour too. */
const MARKS = [
  'M-4 0A4 4 0 1 0 4 0A4 4 0 1 0 -4 0Z',
  'M-3.6 -3.6H3.6V3.6H-3.6Z',
  'M0 -5L4.6 3.4H-4.6Z',
  'M0 -5.2L5.2 0L0 5.2L-5.2 0Z',
  'M0 5L4.6 -3.4H-4.6Z',
  'M-4.5 -1.5H-1.5V-4.5H1.5V-1.5H4.5V1.5H1.5V4.5H-1.5V1.5H-4.5Z',
];
let drawn = 0;

const mark = (index, x, y, ...inside) =>
  svg('path', { class: `series-${index} dot`, d: MARKS[index], transform: `translate(${x} ${y})` }, inside);

function definitions(id) {
  return svg(
    'defs',
    {},
    Array.from({ length: COLOURS }, (_, index) =>
      svg(
        'pattern',
        { id: `${id}-${index}`, width: 8, height: 8, patternUnits: 'userSpaceOnUse' },
        svg('rect', { width: 8, height: 8, class: `series-${index}` }),
        PATTERNS[index]('var(--pattern)'),
      ),
    ),
  );
}

const number = new Intl.NumberFormat('en', { maximumFractionDigits: 2 });
/** A phone gets a smaller drawing rather than a shrunken one, so that labels stay readable. */
const WIDTH = matchMedia('(max-width: 719px)').matches ? 320 : 560;
const HEIGHT = 270;
const LABEL = 12;
/** Room below for labels that stand on end. */
const STEEP = 126;
const PLOT = { left: 48, right: 12, top: 14, bottom: 46 };

function ticksUpTo(low, high) {
  const rough = (high - low || 1) / 4;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = [1, 2, 5, 10].map((m) => m * power).find((s) => s >= rough) ?? rough;
  const ticks = [];
  for (let tick = Math.floor(low / step) * step; tick < high + step; tick += step)
    ticks.push(Math.round(tick / step) * step);
  return ticks;
}

/** Texts beside each other's heights, pushed apart where they would overlap. */
function apart(wanted, least, bottom) {
  const order = wanted.map((_, index) => index).sort((a, b) => wanted[a] - wanted[b]);
  const placed = [...wanted];
  order.forEach((index, n) => {
    if (n > 0) placed[index] = Math.max(placed[index], placed[order[n - 1]] + least);
  });
  order.toReversed().forEach((index, n, reversed) => {
    placed[index] = Math.min(placed[index], n === 0 ? bottom : placed[reversed[n - 1]] - least);
  });
  return placed;
}

const clip = (label, room) => (label.length > room ? `${label.slice(0, Math.max(1, room - 1))}…` : label);

function plot(chart, id) {
  const { categories, x_label: xLabel, y_label: yLabel } = chart.axis_config;
  const bars = chart.type === 'bar';
  const longest = Math.max(...chart.series.map(({ name }) => Math.min(name.length, LABEL)));
  const right = bars ? PLOT.right : longest * 6 + 16;
  const width = WIDTH - PLOT.left - right;
  const band = width / categories.length;
  const steep = bars && categories.some((category) => category.length * 6 > band);
  const bottom = steep ? STEEP : PLOT.bottom;
  const valueAt = (series, category) => series.data.find((point) => point.label === category)?.value ?? 0;
  const values = chart.series.flatMap((series) => series.data.map((point) => point.value));
  const ticks = ticksUpTo(Math.min(0, ...values), Math.max(0, ...values));
  const [low, high] = [ticks[0], ticks.at(-1)];
  const height = HEIGHT - PLOT.top - bottom;
  const y = (value) => PLOT.top + height - ((value - low) / (high - low)) * height;
  const x = (index) => PLOT.left + band * (index + 0.5);
  const grid = ticks.map((tick) =>
    svg(
      'g',
      {},
      svg('line', { class: 'grid', x1: PLOT.left, x2: WIDTH - right, y1: y(tick), y2: y(tick) }),
      svg('text', { class: 'tick', x: PLOT.left - 6, y: y(tick) + 4, 'text-anchor': 'end' }, number.format(tick)),
    ),
  );
  const every = bars ? 1 : Math.ceil(categories.length / (width / 50));
  const names = categories.map((category, index) =>
    // The last point is the one that people look for.
    (categories.length - 1 - index) % every
      ? ''
      : svg(
          'text',
          steep
            ? {
                class: 'tick',
                transform: `translate(${x(index) + 4} ${HEIGHT - bottom + 12}) rotate(-50)`,
                'text-anchor': 'end',
              }
            : { class: 'tick', x: x(index), y: HEIGHT - bottom + 16, 'text-anchor': 'middle' },
          steep ? clip(category, 20) : clip(category, Math.floor((band * every) / 6)),
        ),
  );
  const titles = [
    xLabel
      ? svg('text', { class: 'axis', x: PLOT.left + width / 2, y: HEIGHT - 6, 'text-anchor': 'middle' }, xLabel)
      : '',
    yLabel
      ? svg(
          'text',
          { class: 'axis', x: -(PLOT.top + height / 2), y: 11, transform: 'rotate(-90)', 'text-anchor': 'middle' },
          yLabel,
        )
      : '',
  ];
  // Each line carries its own name at its end, so that nobody has to match it with the key.
  const last = categories.length - 1;
  const heights = apart(
    chart.series.map((series) => y(valueAt(series, categories[last]))),
    12,
    HEIGHT - bottom,
  );
  const ends = bars
    ? []
    : chart.series.map((series, s) =>
        svg('text', { class: 'end', x: x(last) + 9, y: heights[s] + 4 }, clip(series.name, LABEL)),
      );
  return [
    grid,
    chart.series.map((series, s) => {
      const points = categories.map((category, index) => [
        x(index),
        y(valueAt(series, category)),
        valueAt(series, category),
        category,
      ]);
      if (chart.type === 'bar') {
        const bar = Math.min(46, (band * 0.72) / chart.series.length);
        const shift = (s - chart.series.length / 2) * bar;
        return points.map(([px, py, value, category]) => [
          chart.series.length === 1
            ? svg('text', { class: 'tick', x: px, y: py - 4, 'text-anchor': 'middle' }, number.format(value))
            : '',
          svg(
            'rect',
            {
              x: px + shift,
              y: Math.min(py, y(0)),
              width: Math.max(1, bar - 2),
              height: Math.max(0.5, Math.abs(y(0) - py)),
              rx: 2,
              fill: `url(#${id}-${s})`,
            },
            svg('title', {}, `${series.name}, ${category}: ${number.format(value)}`),
          ),
        ]);
      }
      const line = points.map(([px, py], index) => `${index ? 'L' : 'M'}${px} ${py}`).join('');
      const area = `${line}L${points.at(-1)[0]} ${y(0)}L${points[0][0]} ${y(0)}Z`;
      return [
        chart.type === 'area' ? svg('path', { d: area, fill: `url(#${id}-${s})`, 'fill-opacity': 0.45 }) : '',
        svg('path', { d: line, class: `line stroke-${s} dash-${s}` }),
        points.map(([px, py, value, category]) =>
          mark(s, px, py, svg('title', {}, `${series.name}, ${category}: ${number.format(value)}`)),
        ),
      ];
    }),
    ends,
    names,
    titles,
  ];
}

function pie(chart, id) {
  const total = chart.segments.reduce((sum, segment) => sum + segment.value, 0);
  const [cx, cy, r] = [125, 125, 105];
  let from = -Math.PI / 2;
  return chart.segments.map((segment, index) => {
    const share = segment.value / total;
    const to = from + share * Math.PI * 2;
    const at = (angle, radius) => `${cx + Math.cos(angle) * radius} ${cy + Math.sin(angle) * radius}`;
    const large = share > 0.5 ? 1 : 0;
    const whole = share > 0.9999;
    const d = `M${cx} ${cy}L${at(from, r)}A${r} ${r} 0 ${large} 1 ${at(to, r)}Z`;
    const [lx, ly] = at((from + to) / 2, r * 0.64).split(' ');
    from = to;
    return svg(
      'g',
      {},
      whole
        ? svg('circle', { cx, cy, r, fill: `url(#${id}-${index})` })
        : svg('path', { class: 'slice', d, fill: `url(#${id}-${index})` }),
      share > 0.06
        ? svg(
            'text',
            { class: 'share', x: lx, y: Number(ly) + 4, 'text-anchor': 'middle' },
            `${Math.round(share * 100)}%`,
          )
        : '',
      svg('title', {}, `${segment.label}: ${number.format(segment.value)}`),
    );
  });
}

/** The key to a chart, in the same dress as its marks: patterns for areas, dashes for lines. */
function legend(names, id, lines) {
  const swatch = (index) =>
    lines
      ? [svg('path', { d: 'M0 8H28', class: `line stroke-${index} dash-${index}` }), mark(index, 14, 8)]
      : svg('rect', { width: 16, height: 16, rx: 3, fill: `url(#${id}-${index})` });
  const width = lines ? 28 : 16;
  return h(
    'ul',
    { class: 'legend' },
    names.map((name, index) =>
      h(
        'li',
        {},
        svg('svg', { viewBox: `0 0 ${width} 16`, width, height: 16, 'aria-hidden': 'true' }, swatch(index)),
        name,
      ),
    ),
  );
}

function numbers(chart) {
  const rows =
    chart.type === 'pie'
      ? [['', 'Value'], ...chart.segments.map((s) => [s.label, s.value])]
      : [
          ['', ...chart.series.map((s) => s.name)],
          ...chart.axis_config.categories.map((c) => [
            c,
            ...chart.series.map((s) => s.data.find((p) => p.label === c)?.value ?? ''),
          ]),
        ];
  return h(
    'details',
    { class: 'numbers' },
    h('summary', {}, 'Show the numbers'),
    h(
      'div',
      { class: 'table-box' },
      h(
        'table',
        {},
        rows.map((row, r) =>
          h(
            'tr',
            {},
            row.map((cell, c) =>
              h(r === 0 || c === 0 ? 'th' : 'td', {}, typeof cell === 'number' ? number.format(cell) : cell),
            ),
          ),
        ),
      ),
    ),
  );
}

/** `data_visualization`, drawn as SVG; the same numbers stand below it as a table. */
export function chart(block) {
  drawn += 1;
  const id = `chart-${drawn}`;
  const { chart: what, title } = block;
  const round = what.type === 'pie';
  const names = round
    ? what.segments.map((s) => `${s.label}: ${number.format(s.value)}`)
    : what.series.map((s) => s.name);
  const box = round ? '0 0 250 250' : `0 0 ${WIDTH} ${HEIGHT}`;
  return h(
    'figure',
    { class: `chart ${round ? 'pie' : 'plot'}` },
    h('figcaption', {}, title),
    h(
      'div',
      { class: 'drawing' },
      svg(
        'svg',
        { viewBox: box, role: 'img', 'aria-label': `${title}, ${what.type} chart` },
        definitions(id),
        round ? pie(what, id) : plot(what, id),
      ),
      legend(names, id, what.type === 'line'),
    ),
    numbers(what),
  );
}
