import { html } from 'hono/html';

/** The one question the testbed answers about any address. A plain GET form: it works without script. */
export const addressBox = (options: {
  value?: string | undefined;
  from?: string | undefined;
  choices?: readonly { readonly address: string; readonly label: string }[];
  autofocus?: boolean;
}) => html`<form class="address-box" action="/address" method="get" role="search">
  <label for="address">Direct address or domain</label>
  <div class="field-row">
    <input id="address" name="a" type="text" inputmode="email" spellcheck="false" autocapitalize="off"
      autocomplete="off" required placeholder="name@direct.clinic.example" value="${options.value ?? ''}"
      list="known-addresses"${options.autofocus ? ' autofocus' : ''}>
    ${
      options.choices && options.choices.length > 0
        ? html`<label class="inline" for="from">as seen by</label>
    <select id="from" name="from">
      ${options.choices.map(
        (choice) =>
          html`<option value="${choice.address}" ${choice.address === options.from ? 'selected' : ''}>${choice.label}</option>`,
      )}
    </select>`
        : ''
    }
    <button type="submit">Check</button>
  </div>
</form>`;
