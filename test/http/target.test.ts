import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { HttpError } from '../../src/http/error.ts';
import { locate, parseTarget } from '../../src/http/target.ts';
import { scopeOf } from '../../src/net/address-scope.ts';

const rules = (addresses: readonly string[] = [], allowed: readonly string[] = []) => ({
  allowPrivate: (address: string) => allowed.includes(address),
  resolve: async () => addresses,
});

const judged = async (
  url: string,
  addresses?: readonly string[],
  allowed?: readonly string[],
): Promise<string> => {
  try {
    const { addr } = await locate(parseTarget(url), rules(addresses, allowed));
    return `${addr.host} ${addr.port}`;
  } catch (error) {
    if (error instanceof HttpError) return error.code;
    throw error;
  }
};

describe('which URLs are fetched (server-side request forgery)', () => {
  it.each([
    ['http://93.184.216.34/', '93.184.216.34 80'],
    ['https://93.184.216.34/a?b#c', '93.184.216.34 443'],
    ['http://[2606:2800:220:1::1]:8080/', '2606:2800:220:1::1 8080'],
    ['HTTP://93.184.216.34', '93.184.216.34 80'],
    // Schemes, credentials, rubbish.
    ['ftp://93.184.216.34/', 'url'],
    ['file:///etc/passwd', 'url'],
    ['ldap://93.184.216.34/', 'url'],
    ['gopher://93.184.216.34/', 'url'],
    ['javascript:alert(1)', 'url'],
    ['data:text/plain,x', 'url'],
    ['//93.184.216.34/', 'url'],
    ['http://', 'url'],
    ['http://user@93.184.216.34/', 'url'],
    ['http://user:secret@93.184.216.34/', 'url'],
    ['http://:secret@93.184.216.34/', 'url'],
    [`http://93.184.216.34/${'a'.repeat(3000)}`, 'url'],
    // Our own network in its many spellings.
    ['http://127.0.0.1/', 'address'],
    ['http://127.1/', 'address'],
    ['http://2130706433/', 'address'],
    ['http://0x7f.0.0.1/', 'address'],
    ['http://0177.0.0.1/', 'address'],
    ['http://127.0.0.1./', 'address'],
    ['http://①②⑦.0.0.1/', 'address'],
    ['http://0.0.0.0/', 'address'],
    ['http://0/', 'address'],
    ['http://10.1.2.3/', 'address'],
    ['http://172.16.0.1/', 'address'],
    ['http://172.31.255.255/', 'address'],
    ['http://172.32.0.1/', '172.32.0.1 80'],
    ['http://192.168.1.1/', 'address'],
    ['http://169.254.169.254/latest/meta-data', 'address'],
    ['http://100.64.0.1/', 'address'],
    ['http://100.128.0.1/', '100.128.0.1 80'],
    ['http://198.18.0.1/', 'address'],
    ['http://192.0.2.1/', 'address'],
    ['http://224.0.0.1/', 'address'],
    ['http://255.255.255.255/', 'address'],
    ['http://[::1]/', 'address'],
    ['http://[::]/', 'address'],
    ['http://[::ffff:127.0.0.1]/', 'address'],
    ['http://[::ffff:7f00:1]/', 'address'],
    ['http://[::127.0.0.1]/', 'address'],
    ['http://[fe80::1]/', 'address'],
    ['http://[fec0::1]/', 'address'],
    ['http://[fd00::1]/', 'address'],
    ['http://[fc00::1]/', 'address'],
    ['http://[ff02::1]/', 'address'],
    ['http://[64:ff9b::7f00:1]/', 'address'],
    ['http://[64:ff9b::5db8:d822]/', '64:ff9b::5db8:d822 80'],
    ['http://[2002:7f00:1::]/', 'address'],
    ['http://[2002:a00:1::1]/', 'address'],
    ['http://[2001:db8::1]/', 'address'],
    ['http://[2001::1]/', 'address'],
    ['http://[4000::1]/', 'address'],
  ])('%s → %s', async (url, expected) => {
    expect(await judged(url)).toBe(expected);
  });

  it.each<[string, string[], string]>([
    ['all private', ['10.0.0.1', 'fd00::1'], 'address'],
    ['private and public: the public one', ['127.0.0.1', '93.184.216.34'], '93.184.216.34 80'],
    ['none', [], 'resolve'],
    ['rubbish', ['crl.example', ''], 'resolve'],
  ])('a name with addresses: %s', async (_what, addresses, expected) => {
    expect(await judged('http://crl.example/root.crl', addresses)).toBe(expected);
  });

  it('allows what the operator allows, and only that', async () => {
    expect(await judged('http://10.0.0.5:8080/', [], ['10.0.0.5'])).toBe('10.0.0.5 8080');
    expect(await judged('http://[::ffff:10.0.0.5]/', [], ['10.0.0.5'])).toBe('10.0.0.5 80');
    expect(await judged('http://10.0.0.6/', [], ['10.0.0.5'])).toBe('address');
  });

  it('a resolver that fails is the reason', async () => {
    const failing = {
      allowPrivate: () => false,
      resolve: () => Promise.reject(new Error('SERVFAIL from 10.0.0.53')),
    };
    await expect(locate(parseTarget('http://crl.example/'), failing)).rejects.toMatchObject({
      code: 'resolve',
      message: 'crl.example: SERVFAIL from 10.0.0.53',
    });
  });

  it('any text is a target or a typed error', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.oneof(
          fc.string(),
          fc.webUrl(),
          fc.ipV4().map((ip) => `http://${ip}/`),
          fc.ipV6().map((ip) => `http://[${ip}]/`),
        ),
        async (text) => {
          const got = await judged(text);
          const [host] = got.split(' ');
          if (got.includes(' ')) expect(scopeOf(host!)).toBe('public');
        },
      ),
      { numRuns: 500 },
    );
  });
});
