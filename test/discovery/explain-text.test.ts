import { expect, it } from 'vitest';
import { explainCandidate, explainDiscovery } from '../../src/discovery/explain-text.ts';
import { discover } from '../../src/discovery/resolve.ts';
import { cert, leaf, person, srv, world } from './world.ts';

const bob = leaf('bob@d.example').certificate;

it('tells each step of a search, and how it ended', async () => {
  const w = world();
  w.record('_ldap._tcp.d.example', srv(0, 0, 'l1.d.example'));
  w.ldap('l1.d.example', [person('bob@d.example', [bob.der])]);
  const found = await w.run(() => discover(w.sut, 'bob@d.example'));
  expect(explainDiscovery(found)).toEqual([
    'DNS, address: CERT bob.d.example: nothing, the name does not exist (NXDOMAIN) (0 ms)',
    'DNS, domain: CERT d.example: nothing, the name has no CERT record (NODATA) (0 ms)',
    'DNS, LDAP service: SRV _ldap._tcp.d.example: found, in order: l1.d.example:389 (0 ms)',
    'LDAP, address: (mail=bob@d.example) at l1.d.example:389: found, 1 certificate (0 ms)',
    '1 certificate for bob@d.example at: LDAP, address. What is found at one place ends the search there.',
  ]);
  expect(explainCandidate(found.candidates[0]!)[0]).toMatch(
    /bob@d\.example, issued by .*Root.*, until 2027-01-05/,
  );
});

it('shows the packets of a question that took several', async () => {
  const w = world((reference) => (query, context) => {
    const answer = reference(query, context);
    return answer && context.transport === 'udp' ? { ...answer, truncated: true, answers: [] } : answer;
  });
  w.record('bob.d.example', cert(bob.der));
  const lines = explainDiscovery(await w.run(() => discover(w.sut, 'bob@d.example')));
  expect(lines.slice(1, 3)).toEqual([
    '  UDP 10.0.0.53:53, EDNS 1232: NOERROR, truncated, 0 answers (0 ms)',
    expect.stringMatching(/^ {2}TCP 10\.0\.0\.53:53, .*: NOERROR, 1 answer \(0 ms\)$/),
  ]);
});

it('says when there is nothing, and when nobody could tell', async () => {
  const w = world();
  expect(explainDiscovery(await w.run(() => discover(w.sut, 'bob@d.example'))).at(-1)).toBe(
    'No certificate is published for bob@d.example.',
  );
  const again = world();
  again.record('_ldap._tcp.d.example', srv(0, 0, 'l1.d.example'));
  expect(explainDiscovery(await again.run(() => discover(again.sut, 'bob@d.example'))).at(-1)).toBe(
    'Nobody could tell whether bob@d.example has a certificate: LDAP, address: it has no address (l1.d.example:389).',
  );
});
