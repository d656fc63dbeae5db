/** Ratio by size: every contestant's time as a multiple of the guest's, both axes logarithmic. */
import { size, type Row } from './rows.js';

const WIDTH = 640;
const HEIGHT = 320;
const LEFT = 48;
const RIGHT = 180;
const TOP = 32;
const BOTTOM = 36;
const COLOURS = ['#1f6feb', '#d1242f', '#1a7f37', '#9a6700', '#8250df', '#57606a', '#bc4c00'];

interface Point {
  readonly bytes: number;
  readonly ratio: number;
}

/** An SVG image. Above the line at 1 the guest is the faster one; where a curve crosses it, the faster one changes. */
export function plot(operation: string, rows: readonly Row[]): string {
  const names = [...new Set(rows.flatMap(({ contestants }) => contestants.map(({ name }) => name)))];
  const curves = names.map((name) =>
    rows.flatMap(({ bytes, contestants }): Point[] => {
      const ratio = contestants.find((contestant) => contestant.name === name)?.ratios['guest']?.median;
      return ratio === undefined ? [] : [{ bytes, ratio }];
    }),
  );
  const all = curves.flat();
  const across = scale(
    all.map(({ bytes }) => bytes),
    LEFT,
    WIDTH - RIGHT,
  );
  const up = scale([0.5, 2, ...all.map(({ ratio }) => ratio)], HEIGHT - BOTTOM, TOP);
  const drawn = curves.map((points, index) => {
    const colour = COLOURS[index % COLOURS.length] ?? '#000';
    const path = points.map(({ bytes, ratio }) => `${across(bytes)},${up(ratio)}`).join(' ');
    const last = `<text x="${WIDTH - RIGHT + 12}" y="${TOP + 14 + index * 16}" fill="${colour}">${names[index] ?? ''}</text>`;
    return `<polyline points="${path}" fill="none" stroke="${colour}" stroke-width="2"/>${points.map(({ bytes, ratio }) => `<circle cx="${across(bytes)}" cy="${up(ratio)}" r="3" fill="${colour}"/>`).join('')}${last}`;
  });
  const ticks = [0.25, 0.5, 1, 2, 5, 10, 20, 50, 100, 200].filter(
    (ratio) => up(ratio) <= HEIGHT - BOTTOM && up(ratio) >= TOP,
  );
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${HEIGHT}" font-family="sans-serif" font-size="12">
<rect width="${WIDTH}" height="${HEIGHT}" fill="#fff"/>
<text x="${LEFT}" y="18" font-size="14">${operation}: time as a multiple of the guest's</text>
${ticks.map((ratio) => `<line x1="${LEFT}" x2="${WIDTH - RIGHT}" y1="${up(ratio)}" y2="${up(ratio)}" stroke="${ratio === 1 ? '#000' : '#d8dee4'}"/><text x="${LEFT - 6}" y="${up(ratio) + 4}" text-anchor="end">${ratio}</text>`).join('\n')}
${[...new Set(all.map(({ bytes }) => bytes))].map((bytes) => `<text x="${across(bytes)}" y="${HEIGHT - BOTTOM + 18}" text-anchor="middle">${size(bytes)}</text>`).join('\n')}
${drawn.join('\n')}
</svg>
`;
}

/** Maps values to coordinates by their logarithms. */
function scale(values: readonly number[], from: number, to: number): (value: number) => number {
  const [least, most] = [Math.log(Math.min(...values)), Math.log(Math.max(...values))];
  return (value) => Math.round((from + ((Math.log(value) - least) / (most - least || 1)) * (to - from)) * 10) / 10;
}
