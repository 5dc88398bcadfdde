/**
 * The report of a run, in the form that was asked for.
 *
 * @module
 */
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { ansi, consoleReport, junitReport, plain, type RunReport } from '../../scenario/index.ts';
import { note, wantsColour } from '../terminal.ts';

export const FORMATS = ['console', 'json', 'ndjson', 'junit'] as const;
export type Format = (typeof FORMATS)[number];

export interface ReportOptions {
  readonly format: Format;
  readonly out?: string;
}

/** Prints the reports, or writes them into the file that was asked for. */
export function deliver(reports: readonly RunReport[], options: ReportOptions): void {
  const text = reports.map((report) => render(report, options)).join('');
  if (!options.out) {
    process.stdout.write(text);
    return;
  }
  mkdirSync(dirname(options.out), { recursive: true });
  writeFileSync(options.out, text);
  note(`report written to ${options.out}`);
}

/** The report in the form that was asked for. */
export function render(report: RunReport, { format, out: file }: ReportOptions): string {
  switch (format) {
    case 'console':
      return consoleReport(report, !file && wantsColour(process.stdout) ? ansi : plain);
    case 'json':
      return `${JSON.stringify(report, null, 2)}\n`;
    case 'ndjson': {
      const { scenarios, ...rest } = report;
      return [...scenarios, rest].map((line) => `${JSON.stringify(line)}\n`).join('');
    }
    case 'junit':
      return junitReport(report);
  }
}
