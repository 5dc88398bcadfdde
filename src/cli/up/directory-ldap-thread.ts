/**
 * The LDAP server of the directory in a thread of its own, with a bounded heap and the directory open for reading.
 *
 * @module
 */
import { openDirectory } from '../../directory/directory.ts';
import { hostedCertificates } from '../../directory/hosting/zones.ts';
import { serveDirectoryLdap } from '../../directory/ldap/server.ts';
import { realHost } from '../../net/real.ts';
import type { DirectoryAsked, DirectoryLdapContent } from './directory-ldap.ts';
import { runThread, tell } from './threaded.ts';

await runThread<DirectoryLdapContent>(async ({ content, at }) => {
  const host = realHost({ name: 'directory-ldap' });
  const directory = await openDirectory(host, { file: content.file, readOnly: true });
  let { certificates } = content;
  const hosted = hostedCertificates(directory);
  const ldap = await serveDirectoryLdap(host, directory, {
    at: at[0]!,
    secure: at[1]!,
    tls: content.tls,
    certificatesOf(address) {
      if (certificates === 'hosted') return hosted(address);
      const owner = address.toLowerCase();
      const domain = owner.slice(owner.lastIndexOf('@') + 1);
      return certificates.get(owner) ?? certificates.get(domain) ?? [];
    },
    asked: (reader, asked) => tell<DirectoryAsked>({ kind: 'heard', what: { reader, asked } }),
  });
  return {
    addrs: [ldap.addr, ldap.secure!],
    update(changed) {
      certificates = changed.certificates;
      ldap.forget();
    },
  };
});
