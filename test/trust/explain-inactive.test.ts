import { expect, it } from 'vitest';
import { cause } from '../../src/outcome/cause.ts';
import { anchorOf } from '../../src/trust/anchors.ts';
import { ALICE, BOB, BUNDLE, explained, giveBob, setup, trust } from './explain-world.ts';
import { CRL, crlOf, DAY, leaf, NOW, root, stranger } from './fixtures.ts';

it('an anchor that stands in the bundle and does not count is named as such, with the reason', async () => {
  const set = setup();
  giveBob(set, leaf({}, stranger));
  set.web = { ...set.web, [CRL]: crlOf(stranger) };
  set.elsewhere = [
    {
      anchor: anchorOf(stranger.certificate, BUNDLE),
      source: BUNDLE,
      inactive: {
        domains: ['a.example'],
        cause: cause('trust.constraint', {
          which: 'its key may not sign certificates',
          subject: 'CN=Stranger',
        }),
      },
    },
  ];
  const { first } = await explained(set, ALICE, BOB);
  expect(first?.reason.code).toBe('trust.no-path');
  expect(first?.sentence).toMatch(
    /Stranger stands in the North bundle and does not count as an anchor, because .*may not sign/,
  );
  expect(first?.cure.text).toContain('has a sound anchor put into the North bundle');
});

it('an anchor of a bundle that is expired is named as expired', async () => {
  const set = setup();
  const { certificate } = root;
  const expired = { ...root, certificate: { ...certificate, notAfter: NOW - DAY } as typeof certificate };
  set.anchors = [trust('a.example', expired), trust('b.example', root)];
  const { first } = await explained(set, ALICE, BOB);
  expect(first?.reason.code).toBe('trust.anchor-expired');
});
