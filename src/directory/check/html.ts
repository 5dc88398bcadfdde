/**
 * The report of the checks as one HTML file that needs nothing else.
 *
 * @module
 */
import { COMPLIANCE_RULES } from './index.ts';
import type { CheckReport } from './run.ts';

/** Some of the entries that fail a check. */
export interface CheckExample {
  readonly address: string;
  readonly group: string;
  readonly reason: string;
}

const ESCAPES: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };
const escaped = (text: string): string => text.replaceAll(/[&<>"]/g, (character) => ESCAPES[character]!);
const number = (value: number): string => value.toLocaleString('en-US');
const cells = (tag: 'td' | 'th', values: readonly string[]): string =>
  `<tr>${values.map((value) => `<${tag}>${value}</${tag}>`).join('')}</tr>`;

const STYLE = `:root{color-scheme:light dark}body{font:15px/1.5 system-ui,sans-serif;max-width:70rem;margin:2rem auto;padding:0 1rem}
table{border-collapse:collapse;width:100%}td,th{text-align:left;padding:.3rem .6rem .3rem 0;border-bottom:1px solid #8885;vertical-align:top}
code{font-family:ui-monospace,monospace;overflow-wrap:anywhere}.wide{overflow-x:auto}li{margin-bottom:.5rem;overflow-wrap:anywhere}`;

/** @param examples by code of the check */
export function checkHtml(
  report: CheckReport,
  examples: ReadonlyMap<string, readonly CheckExample[]>,
): string {
  const titles = new Map(COMPLIANCE_RULES.map(({ code, title }) => [code, title]));
  const failing = report.checks.filter(({ failures }) => failures > 0);
  const checks = report.checks.map(({ code, category, failures }) =>
    cells('td', [
      failures > 0 ? `<a href="#${code}">${code}</a>` : code,
      category,
      escaped(titles.get(code) ?? ''),
      number(failures),
    ]),
  );
  const groups = report.groups.map(({ group, entries, failures }) =>
    cells('td', [escaped(group), number(entries), ...failing.map(({ code }) => number(failures[code] ?? 0))]),
  );
  const sections = failing.map(({ code, failures }) => {
    const shown = examples.get(code) ?? [];
    const more = failures > shown.length ? `<p>The first ${shown.length} of ${number(failures)}.</p>` : '';
    const lines = shown.map(
      ({ address, group, reason }) =>
        `<li><code>${escaped(address)}</code> (${escaped(group)})<br>${escaped(reason)}</li>`,
    );
    return `<section id="${code}"><h2>${code}</h2><p>${escaped(titles.get(code) ?? '')}</p><ul>${lines.join('\n')}</ul>${more}</section>`;
  });
  const by = report.by === 'hisp' ? 'HISP' : 'State';
  const blind =
    report.undiscovered > 0
      ? ` The certificate checks say nothing of ${number(report.undiscovered)} that discovery was not asked about.`
      : '';
  return `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1"><title>Directory checks, ${report.day}</title><style>${STYLE}</style></head>
<body><h1>Directory checks, ${report.day}</h1>
<p>${number(report.entries)} entries, ${number(report.clean)} without findings.${blind}</p>
<h2>Checks</h2><div class="wide"><table>${cells('th', ['Check', 'Kind', 'What is right', 'Entries that fail'])}${checks.join('\n')}</table></div>
<h2>By ${by}</h2><div class="wide"><table>${cells('th', [by, 'Entries', ...failing.map(({ code }) => code)])}${groups.join('\n')}</table></div>
${sections.join('\n')}
</body></html>
`;
}
