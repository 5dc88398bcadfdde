import { html } from 'hono/html';
import type { CheckView } from '../views.ts';
import { statusBadge } from './badge.ts';

/** Checks with their findings; each finding leads to the events that show it. */
export const checkTable = (checks: readonly CheckView[], caption: string) => html`<table class="checks stack">
  <caption>${caption}</caption>
  <thead><tr><th scope="col">Check</th><th scope="col">Result</th><th scope="col">What was found</th></tr></thead>
  <tbody>
    ${checks.map(
      (check) => html`<tr id="check-${check.id}">
      <th scope="row">${check.title}<small class="muted mono">${check.id}${check.required ? '' : ' · optional'}${
        check.sees === 'inside' ? ' · needs the system’s own records' : ''
      }</small></th>
      <td data-label="Result">${statusBadge(check.status)}</td>
      <td${check.reason || check.findings.length > 0 ? html` data-label="Found"` : ''}>
        ${check.reason ? html`<p>${check.reason}</p>` : ''}
        ${
          check.findings.length > 0
            ? html`<ul class="findings">${check.findings.map(
                (finding) =>
                  html`<li class="${finding.tone}">${finding.text}${finding.evidence
                    .slice(0, 6)
                    .map(
                      (n) => html` <a class="event-link" href="#e${n}" aria-label="event ${n}">#${n}</a>`,
                    )}${finding.evidence.length > 6 ? html` <span class="muted">and ${finding.evidence.length - 6} more</span>` : ''}</li>`,
              )}</ul>`
            : ''
        }
      </td>
    </tr>`,
    )}
  </tbody>
</table>`;
