import { describe, expect, it } from 'vitest';
import type { ChainGraph, Explanation } from '../../src/trust/explain/schema.ts';
import {
  ALICE,
  authority,
  BOB,
  BUNDLE,
  explained,
  giveBob,
  publish,
  type Setup,
  setup,
  trust,
} from './explain-world.ts';
import { CRL, crlOf, DAY, INTERMEDIATE, intermediate, leaf, NOW, root, stranger } from './fixtures.ts';

/** The graph of what Bob publishes, as lines that can be read. */
async function drawn(change: (set: Setup) => void): Promise<{ graph: ChainGraph; lines: string[] }> {
  const set = setup();
  change(set);
  const explanation = await explained(set);
  const { graph } = explanation.ways[0]!.encrypt!;
  const title = (id: string) => graph.nodes.find((node) => node.id === id)!.title;
  const nodes = graph.nodes.map(({ kind, mark, title, detail }) => `${kind} ${mark}: ${title} (${detail})`);
  const edges = graph.edges.map(({ from, to, mark }) => `${title(from)} → ${title(to)} ${mark}`);
  return { graph, lines: [...nodes, ...edges] };
}

describe('the chain graph', () => {
  it('of a good chain over an intermediate that was fetched', async () => {
    const { graph, lines } = await drawn((set) => giveBob(set, leaf({}, intermediate)));
    expect(lines).toEqual([
      'leaf pass: bob@b.example (until 2027-01-05)',
      'intermediate pass: Intermediate (until 2036-01-03)',
      'anchor pass: Root (trusted)',
      'bob@b.example → Intermediate pass',
      'Intermediate → Root pass',
    ]);
    expect(graph.nodes.map(({ rank }) => rank)).toEqual([0, 1, 2]);
    expect(graph.nodes.map(({ revocation }) => revocation?.mark)).toEqual(['pass', 'pass', undefined]);
    expect(graph.nodes[2]!.suppliedBy).toBe(BUNDLE);
  });

  it('names every source of an anchor, also one set by hand', async () => {
    const { graph } = await drawn((set) => set.anchors.push(trust('a.example', root, { source: 'manual' })));
    const anchors = graph.nodes.filter(({ kind }) => kind === 'anchor');
    expect(anchors.map(({ suppliedBy }) => suppliedBy)).toEqual([`${BUNDLE}; set by hand`]);
  });

  it('shows what the domain trusts beside it, and counts what is too many', async () => {
    const { lines } = await drawn((set) => {
      giveBob(set, leaf({ caIssuersUrls: ['http://pki.example/stranger.cer'] }, stranger));
      set.web['http://pki.example/stranger.cer'] = stranger.certificate.der;
      for (let i = 0; i < 7; i++) set.anchors.push(trust('a.example', authority(`Other ${i}`, 6)));
    });
    expect(lines).toEqual([
      'leaf pass: bob@b.example (until 2027-01-05)',
      'intermediate fail: Stranger (not a trusted anchor)',
      'spare skip: Root (no chain leads here)',
      'spare skip: Other 0 (no chain leads here)',
      'spare skip: Other 1 (no chain leads here)',
      'spare skip: Other 2 (no chain leads here)',
      'spare skip: 4 more anchors (no chain leads there)',
      'bob@b.example → Stranger pass',
    ]);
  });

  it('puts a forged signature on the line, not on a box above it', async () => {
    const { lines } = await drawn((set) => giveBob(set, leaf({}, authority('Root', 1))));
    expect(lines).toContain('bob@b.example → Root fail');
    expect(lines).toContain('anchor pass: Root (trusted)');
  });

  it('keeps rejected branches beside the good one', async () => {
    const { graph, lines } = await drawn((set) => {
      // two certificates of one intermediate: one under the anchor, one that is over
      const over = authority('Intermediate', 2, { issuer: root, notAfter: NOW - DAY, crlUrls: [CRL] });
      publish(
        set,
        'bob.b.example',
        leaf({ caIssuersUrls: [INTERMEDIATE] }, intermediate).certificate.der,
        over.certificate.der,
      );
    });
    expect(lines).toContain('intermediate pass: Intermediate (until 2036-01-03)');
    expect(lines).toContain('intermediate fail: Intermediate (breaks the chain)');
    // it was published as well: one certificate is one box
    expect(graph.nodes.filter(({ title }) => title === 'Intermediate')).toHaveLength(2);
  });

  it.each<[string, (set: Setup) => void, string[]]>([
    [
      'an issuer that could not be fetched',
      (set) => {
        delete set.web[INTERMEDIATE];
        giveBob(set, leaf({}, intermediate));
      },
      ['missing fail: Intermediate (could not be fetched)', 'bob@b.example → Intermediate fail'],
    ],
    [
      'a CA that was revoked',
      (set) => {
        set.web[CRL] = crlOf(root, [intermediate]);
        giveBob(set, leaf({}, intermediate));
      },
      ['leaf pass: bob@b.example (until 2027-01-05)', 'intermediate fail: Intermediate (breaks the chain)'],
    ],
    [
      'an anchor that is over',
      (set) => {
        const old = authority('Old Root', 6, { notBefore: NOW - 900 * DAY, notAfter: NOW - 5 * DAY });
        giveBob(set, leaf({}, old));
        set.anchors.push(trust('a.example', old));
      },
      ['leaf pass: bob@b.example (until 2027-01-05)', 'anchor fail: Old Root (expired)'],
    ],
    [
      'a certificate that is refused by itself',
      (set) => giveBob(set, leaf({ notBefore: NOW - 395 * DAY, notAfter: NOW - 30 * DAY })),
      [
        'leaf fail: bob@b.example (expired)',
        'spare skip: Root (named as issuer)',
        'bob@b.example → Root skip',
      ],
    ],
    [
      'a certificate of a stranger that is refused by itself',
      (set) => giveBob(set, leaf({ keyUsage: ['digitalSignature'] }, stranger)),
      ['missing skip: Stranger (not looked at)', 'bob@b.example → Stranger skip'],
    ],
    [
      'no certificate at all',
      (set) => publish(set, 'bob.b.example'),
      ['missing fail: No certificate (none was found)', 'spare skip: Root (no chain leads here)'],
    ],
  ])('of %s', async (_, change, expected) => {
    const { lines } = await drawn(change);
    for (const line of expected) expect(lines).toContain(line);
  });

  it('has ids that fit into a URL, each once, and lines between boxes that there are', async () => {
    const { graph } = await drawn((set) => giveBob(set, leaf({}, intermediate)));
    const ids = [...graph.nodes, ...graph.edges].map(({ id }) => id);
    expect(new Set(ids).size).toBe(ids.length);
    for (const id of ids) expect(id).toMatch(/^[a-z0-9-]+$/);
    const boxes = new Set(graph.nodes.map(({ id }) => id));
    for (const { from, to } of graph.edges) expect([boxes.has(from), boxes.has(to)]).toEqual([true, true]);
  });
});

describe('the rest of an explanation', () => {
  it('of two that reach each other has no cause, and both ways pass', async () => {
    const explanation = await explained(setup());
    expect(explanation).toMatchObject({
      verdict: 'reaches',
      headline: 'Mail from alice@a.example reaches bob@b.example, and its confirmation comes back.',
    });
    expect(explanation.first).toBeUndefined();
    expect(explanation.ways.map(({ steps }) => steps.map(({ mark }) => mark))).toEqual([
      Array(5).fill('pass'),
      Array(5).fill('pass'),
    ]);
  });

  it('says which key transport is used, and why', async () => {
    const told = async (policy: Setup['policy']) => {
      const set = setup();
      set.policy = policy;
      return (await explained(set)).ways[0]!.transport;
    };
    expect(await told({})).toMatchObject({
      cipher: 'AES-256-CBC',
      keyTransport: 'RSAES-OAEP with SHA-1 and MGF1-SHA-1',
      why: expect.stringContaining('REQ-AS-23'),
    });
    expect((await told({ keyTransport: 'oaep-sha256', cipher: 'aes128-cbc' }))?.keyTransport).toContain(
      'SHA-256',
    );
    expect((await told({ keyTransport: 'pkcs1' }))?.why).toContain('REQ-AS-24');
  });

  it('does not claim to know what a stranger trusts', async () => {
    const set = setup();
    set.foreign = ['b.example'];
    const explanation = await explained(set);
    expect(explanation.verdict).toBe('unseen');
    expect(explanation.headline).toContain('what b.example trusts is for b.example to say');
    const marks = (way: Explanation['ways'][number]) => way.steps.map(({ mark }) => mark);
    expect(explanation.ways.map(marks)).toEqual([
      ['pass', 'pass', 'pass', 'unseen', 'unseen'],
      ['unseen', 'unseen', 'pass', 'pass', 'pass'],
    ]);
    expect(explanation.ways[0]!.accept).toBeUndefined();
    // what a stranger publishes stands in for what it signs with
    expect(explanation.ways[1]!.steps[4]!.text).toContain('judged by what the sender publishes');
  });

  it('of a stranger that publishes nothing is a definite no all the same', async () => {
    const set = setup();
    set.foreign = ['a.example'];
    publish(set, 'bob.b.example');
    const { verdict, first } = await explained(set);
    expect([verdict, first?.step, first?.reason.code]).toEqual(['refused', 'encrypt', 'discovery.none']);
  });

  it('tells the policy of the domain that decides', async () => {
    const set = setup();
    set.policy = { profile: '1.2', revocation: 'soft' };
    set.web[CRL] = undefined;
    const { verdict, ways } = await explained(set);
    expect(verdict).toBe('reaches');
    expect(ways[0]!.encrypt).toMatchObject({ policy: { profile: '1.2', revocation: 'soft' } });
    expect(ways[0]!.encrypt!.candidates[0]!.revocation[0]).toMatchObject({ mark: 'unknown' });
  });

  it('takes the first cause of the way there before one of the way back', async () => {
    const set = setup();
    publish(set, 'alice.a.example');
    set.signs[ALICE] = [];
    const { first } = await explained(set);
    expect([first?.way, first?.step]).toEqual(['there', 'sign']);
  });

  it('takes a definite no before what nobody could tell', async () => {
    const set = setup();
    set.signs[ALICE] = [leaf({ emails: [ALICE], crlUrls: ['http://pki.example/gone.crl'] })];
    publish(set, 'alice.a.example');
    const { first, verdict } = await explained(set);
    expect([verdict, first?.way, first?.reason.code]).toEqual(['refused', 'back', 'discovery.none']);
  });
});

describe('doing what the cure says makes it pass', () => {
  it.each<[string, (set: Setup) => void, (set: Setup) => void]>([
    [
      'an expired certificate',
      (set) => giveBob(set, leaf({ notBefore: NOW - 395 * DAY, notAfter: NOW - DAY })),
      (set) => giveBob(set, leaf()),
    ],
    [
      'anchors for incoming mail only',
      (set) => {
        set.anchors = [trust('a.example', root, { outgoing: false }), trust('b.example', root)];
      },
      (set) => {
        set.anchors = [trust('a.example', root), trust('b.example', root)];
      },
    ],
    [
      'an issuer that is not there',
      (set) => {
        giveBob(set, leaf({}, intermediate));
        delete set.web[INTERMEDIATE];
      },
      (set) => {
        set.web[INTERMEDIATE] = intermediate.certificate.der;
      },
    ],
    [
      'no key to sign with',
      (set) => {
        set.signs[ALICE] = [];
      },
      (set) => {
        set.signs[ALICE] = [leaf({ emails: [ALICE] })];
      },
    ],
    [
      'a lost private key',
      (set) => {
        set.opens[BOB] = [];
      },
      (set) => giveBob(set, leaf()),
    ],
  ])('%s', async (_, breakIt, mend) => {
    const set = setup();
    breakIt(set);
    expect((await explained(set)).verdict).not.toBe('reaches');
    mend(set);
    expect((await explained(set)).verdict).toBe('reaches');
  });
});
