/**
 * What to say when a server cannot listen.
 *
 * @module
 */
import { type Addr, formatAddr, NetError } from '../../net/host.ts';
import { Failure } from '../failure.ts';

const WHY: Partial<Record<NetError['code'], string>> = {
  'address-in-use': 'is in use by another program, perhaps another Anchorage',
  permission: 'may not be used: ports below 1024 need privileges',
  unreachable: 'is not an address of this machine',
};

/** Runs `listen`; a failure names the server, the port, and what to do. */
export async function listening<T>(
  what: string,
  key: string,
  at: Addr,
  listen: () => Promise<T>,
): Promise<T> {
  try {
    return await listen();
  } catch (error) {
    const why = error instanceof NetError ? WHY[error.code] : undefined;
    if (why === undefined) throw error;
    throw new Failure(
      `${what} cannot listen: ${formatAddr(error instanceof NetError ? error.addr : at)} ${why}`,
      {
        hint: [
          'Stop the other program, or choose other ports:',
          '  anchorage up --port-base 20000     (puts every port above 20000)',
          `  or set listen.${key} in anchorage.yaml (see: anchorage config example)`,
        ].join('\n'),
      },
    );
  }
}
