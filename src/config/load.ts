/**
 * The configuration that is in force.
 *
 * @module
 */
import { existsSync } from 'node:fs';
import { dirname, isAbsolute, resolve } from 'node:path';
import { readYamlFile } from './read.ts';
import { type Config, configSchema, listenAbove } from './schema.ts';

/** Read when `--config` is not given and it exists in the working folder. */
export const DEFAULT_FILE = 'anchorage.yaml';

export interface LoadOptions {
  /** The file that `--config` names. */
  readonly file?: string | undefined;
  /** `--port-base`: overrides every port. */
  readonly portBase?: number | undefined;
}

/**
 * The configuration of a file, of `anchorage.yaml` when there is one, or the defaults. Paths in a file are relative
 * to that file.
 *
 * @throws {ConfigError} with file, line, column, path, what was found and what was expected
 */
export function loadConfig(options: LoadOptions = {}): Config {
  const file = options.file ?? (existsSync(DEFAULT_FILE) ? DEFAULT_FILE : undefined);
  const config = file === undefined ? configSchema.parse({}) : fromFile(file);
  return options.portBase === undefined
    ? config
    : { ...config, listen: listenAbove(options.portBase, config.listen) };
}

function fromFile(file: string): Config {
  const config = readYamlFile(file, configSchema);
  const beside = (path: string) => (isAbsolute(path) ? path : resolve(dirname(file), path));
  return {
    ...config,
    signers: config.signers.map(({ tokenFile, ...one }) => ({
      ...one,
      ...(tokenFile === undefined ? {} : { tokenFile: beside(tokenFile) }),
    })),
    state: beside(config.state),
    watch: {
      ...config.watch,
      ...(config.watch.webhook
        ? { webhook: { ...config.watch.webhook, secretFile: beside(config.watch.webhook.secretFile) } }
        : {}),
    },
    network: {
      ...config.network,
      anchors: config.network.anchors.map((one) => ({ ...one, file: beside(one.file) })),
      ...(config.network.file === undefined ? {} : { file: beside(config.network.file) }),
      ...(config.network.enrollment === undefined ? {} : { enrollment: beside(config.network.enrollment) }),
      ...(config.network.bundles === undefined ? {} : { bundles: beside(config.network.bundles) }),
    },
  };
}
