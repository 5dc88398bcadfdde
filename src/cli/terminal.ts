/**
 * What the person at the terminal sees: results on stdout, progress on stderr, colour only where it is wanted.
 *
 * @module
 */

/** One line of the result. */
export const out = (line = ''): void => {
  process.stdout.write(`${line}\n`);
};

/** One line about how it goes. */
export const note = (line = ''): void => {
  process.stderr.write(`${line}\n`);
};

/** Colour is off for pipes, for `TERM=dumb` and whenever NO_COLOR is set (no-color.org). */
export function wantsColour(stream: { isTTY?: boolean }, env: NodeJS.ProcessEnv = process.env): boolean {
  if (env['NO_COLOR']) return false;
  if (env['FORCE_COLOR'] && env['FORCE_COLOR'] !== '0') return true;
  return stream.isTTY === true && env['TERM'] !== 'dumb';
}

const paint = (open: number, close: number) => (text: string) =>
  wantsColour(process.stdout) ? `\u001b[${open}m${text}\u001b[${close}m` : text;

export const style = {
  bold: paint(1, 22),
  dim: paint(2, 22),
  good: paint(32, 39),
  bad: paint(31, 39),
  warn: paint(33, 39),
  link: paint(36, 39),
} as const;

const ESCAPES = /\u001b\[\d+m/g;

/** Columns of equal width; the last one runs free. Cells may carry colour. */
export function columns(rows: readonly (readonly string[])[], gap = 2): string[] {
  const width = (cell: string) => cell.replace(ESCAPES, '').length;
  const widths: number[] = [];
  for (const row of rows) {
    for (const [i, cell] of row.entries()) widths[i] = Math.max(widths[i] ?? 0, width(cell));
  }
  return rows.map((row) =>
    row
      .map((cell, i) => (i === row.length - 1 ? cell : cell + ' '.repeat(widths[i]! - width(cell) + gap)))
      .join(''),
  );
}
