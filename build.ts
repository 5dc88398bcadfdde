/**
 * Emits JavaScript for the published package: Node does not strip types below node_modules.
 */
import { spawnSync } from 'node:child_process';
import { cpSync, rmSync } from 'node:fs';
import { join } from 'node:path';

const root = import.meta.dirname;
const dist = join(root, 'dist');
rmSync(dist, { recursive: true, force: true });
const compiler = join(root, 'node_modules', '.bin', 'tsc');
const done = spawnSync(compiler, ['--project', 'tsconfig.build.json'], { cwd: root, stdio: 'inherit' });
if (done.status !== 0) process.exit(done.status ?? 1);
for (const folder of ['web/static', 'zones', 'bundles', 'scenarios']) {
  cpSync(join(root, folder), join(dist, folder), { recursive: true, force: true, errorOnExist: false });
}
