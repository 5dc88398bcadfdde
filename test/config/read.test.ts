import { describe, expect, it } from 'vitest';
import { ConfigError } from '../../src/config/error.ts';
import { exampleConfig } from '../../src/config/example.ts';
import { loadConfig } from '../../src/config/load.ts';
import { readYaml, readYamlFile } from '../../src/config/read.ts';
import { configSchema } from '../../src/config/schema.ts';

const complaint = (text: string): string => {
  try {
    readYaml(text, configSchema, 'anchorage.yaml');
  } catch (error) {
    if (error instanceof ConfigError) return error.message;
    throw error;
  }
  return '';
};

describe('a configuration', () => {
  it('may be empty', () => {
    expect(readYaml('', configSchema, 'x').listen).toEqual({
      host: '127.0.0.1',
      dns: 5300,
      ldap: 3890,
      directory: 3891,
      directorys: 6360,
      smtp: 2525,
      submission: 5870,
      submissions: 4650,
      pop3: 1110,
      pop3s: 9950,
      imap: 1143,
      imaps: 9930,
      http: 8081,
      web: 8080,
    });
  });

  it('is what the example says it is', () => {
    expect(readYaml(exampleConfig(), configSchema, 'x')).toEqual(configSchema.parse({}));
  });

  it('puts every port above --port-base', () => {
    expect(loadConfig({ portBase: 20_000 }).listen).toMatchObject({
      dns: 20_053,
      smtp: 20_025,
      submission: 20_587,
      submissions: 20_465,
      pop3: 20_110,
      pop3s: 21_095,
      imap: 20_143,
      imaps: 20_993,
      web: 20_080,
    });
  });
});

describe('a mistake is named with file, line, column, path, what was found and what was expected', () => {
  it.each([
    [
      'a slip in a key',
      'listen:\n  dsn: 5300\n',
      'anchorage.yaml:2:3: listen.dsn: found an unknown key, expected one of host, dns, ldap, directory, directorys, smtp, submission, submissions, pop3, pop3s, imap, imaps, http, web; did you mean "dns"?',
    ],
    [
      'a key that is near to nothing',
      'colour: red\n',
      'anchorage.yaml:1:1: colour: found an unknown key, expected one of state, listen, network, limits, signers, watch',
    ],
    [
      'a wrong type',
      'listen:\n  ldap: no\n',
      'anchorage.yaml:2:9: listen.ldap: found "no", expected a number',
    ],
    [
      'a number out of range',
      'listen:\n  web: 99999\n',
      'anchorage.yaml:2:8: listen.web: found number 99999, expected at most 65535',
    ],
    [
      'a scalar for a section',
      'listen: 4\n',
      'anchorage.yaml:1:9: listen: found number 4, expected keys and values',
    ],
    [
      'a missing key in a list',
      'network:\n  routes:\n    - from: mx.b.example:25\n',
      'anchorage.yaml:3:7: network.routes[0].to: found nothing, expected a string',
    ],
    [
      'a form that does not fit',
      'network:\n  resolvers: [localhost]\n',
      'anchorage.yaml:2:15: network.resolvers[0]: found "localhost", expected host:port, such as mx.example.org:25 or [2001:db8::1]:53',
    ],
    [
      'a key twice',
      'state: a\nstate: b\n',
      'anchorage.yaml:2:1: found text that is not YAML (Map keys must be unique), expected valid YAML',
    ],
  ])('%s', (_, text, expected) => {
    expect(complaint(text)).toBe(expected);
  });

  it('all of them at once, in the order of the file', () => {
    const lines = complaint('limits: { recipients: 0 }\nlistn: {}\nstate: 7\n').split('\n');
    expect(lines.map((line) => line.split(':')[1])).toEqual(['1', '2', '3']);
  });

  it('a file that is not there', () => {
    expect(() => readYamlFile('no/such.yaml', configSchema)).toThrow('no/such.yaml: found no such file');
  });
});
