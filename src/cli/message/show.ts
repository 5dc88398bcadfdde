/**
 * `anchorage message show`: a message as anybody on the way can read it: header, shape, and for whom it is encrypted.
 *
 * @module
 */
import { type Command, Option } from 'commander';
import { displayMessage } from '../../mail/display.ts';
import { readEntity } from '../../mail/entity.ts';
import { MailError } from '../../mail/error.ts';
import { realHost } from '../../net/real.ts';
import { out, style } from '../terminal.ts';
import { dissecting, offline } from './dissecting.ts';
import { octets } from './keys.ts';
import { usable } from './open.ts';
import { lines } from './print.ts';
import { told } from './told.ts';

export function defineShow(command: Command): void {
  command
    .description('show a message as anybody on the way can read it: no keys, no verdict on trust')
    .argument('<file>', 'an e-mail, a MIME entity, or a CMS object in DER or PEM; - is stdin')
    .addOption(
      new Option('--format <format>', 'form of the result').choices(['console', 'json']).default('console'),
    )
    .action(async (file: string, { format }: { format: 'console' | 'json' }) => {
      const at = realHost({ name: 'message' }).now();
      await usable(async () => {
        const bytes = octets(file);
        const dissection = await dissecting(
          { bytes, keys: [], anchors: [], at, profile: '1.3', revocation: 'soft' },
          offline(),
        );
        const header = headerOf(bytes);
        if (format === 'json') {
          out(JSON.stringify({ ...told(dissection, { profile: '1.3', at }), header }, null, 2));
          return;
        }
        for (const { name, value } of header) out(`${style.bold(`${name}:`)} ${value}`);
        if (header.length > 0) out();
        for (const line of lines(dissection)) out(line);
        const text = dissection.message && textOf(dissection.message);
        if (text) out(`\n${text}`);
      });
    });
}

const CONTROL = /[\x00-\x08\x0b-\x1f\x7f]/g;

function headerOf(bytes: Uint8Array): { name: string; value: string }[] {
  if (bytes[0] === 0x30 || Buffer.from(bytes.subarray(0, 11)).toString() === '-----BEGIN ') return [];
  try {
    // a terminal obeys control characters
    return readEntity(bytes).headers.map(({ name, value }) => ({ name, value: value.replace(CONTROL, '�') }));
  } catch (error) {
    if (error instanceof MailError) return [];
    throw error;
  }
}

function textOf(message: Uint8Array): string {
  try {
    return displayMessage(message).text.replace(CONTROL, '�');
  } catch (error) {
    if (error instanceof MailError) return '';
    throw error;
  }
}
