import { configSchema } from '../../src/config/schema.ts';

const { host: _, ...servers } = configSchema.parse({}).listen;

/** For every server any port that is free. */
export const anyPorts: Readonly<Record<string, number>> = Object.fromEntries(
  Object.keys(servers).map((name) => [name, 0]),
);
