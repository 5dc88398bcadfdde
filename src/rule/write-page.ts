/** `npm run rules`: writes docs/rules.md. */
import { writeFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { rulePage } from './page.ts';

writeFileSync(resolve(import.meta.dirname, '../../docs/rules.md'), rulePage());
