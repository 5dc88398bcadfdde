import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { bareAnswer, guardQuery } from '../../src/dns/guard.ts';
import { encodeMessage } from '../../src/dns/message.ts';
import { ednsQuestion, question } from './presentation.ts';

const hex = (text: string) => Uint8Array.from(Buffer.from(text.replace(/\s+/g, ''), 'hex'));
const QUESTION = '0164 00 0025 0001';

describe('first look at a query', () => {
  it.each([
    ['a query', `1267 0100 0001 0000 0000 0000 ${QUESTION}`, 'query'],
    ['nothing', '', 'drop'],
    ['less than a header', '1267 0100 0001 0000 0000 00', 'drop'],
    ['an answer', `1267 8100 0001 0000 0000 0000 ${QUESTION}`, 'drop'],
    ['NOTIFY', `1267 2000 0001 0000 0000 0000 ${QUESTION}`, 'NOTIMP'],
    ['UPDATE', `1267 2800 0001 0000 0000 0000 ${QUESTION}`, 'NOTIMP'],
    ['no question', '1267 0100 0000 0000 0000 0000', 'FORMERR'],
    ['two questions', `1267 0100 0002 0000 0000 0000 ${QUESTION} ${QUESTION}`, 'FORMERR'],
    ['an answer record', `1267 0100 0001 0001 0000 0000 ${QUESTION}`, 'FORMERR'],
    ['an authority record', `1267 0100 0001 0000 0001 0000 ${QUESTION}`, 'FORMERR'],
    ['three additional records', `1267 0100 0001 0000 0000 0003 ${QUESTION}`, 'FORMERR'],
    ['a pointer in the question', '1267 0100 0001 0000 0000 0000 c00c 0025 0001', 'FORMERR'],
    ['a question cut in the name', '1267 0100 0001 0000 0000 0000 0564', 'FORMERR'],
    ['a question cut after the name', '1267 0100 0001 0000 0000 0000 0164 00 0025', 'FORMERR'],
    ['a name over 255 octets', `1267 0100 0001 0000 0000 0000 ${'0161'.repeat(128)} 00 0025 0001`, 'FORMERR'],
    [
      'more octets than a query has',
      `1267 0100 0001 0000 0000 0000 ${QUESTION} ${'00'.repeat(1300)}`,
      'FORMERR',
    ],
  ])('%s', (_, bytes, wanted) => {
    const verdict = guardQuery(hex(bytes), 1232);
    expect(verdict.kind === 'refuse' ? verdict.rcode : verdict.kind).toBe(wanted);
  });

  it('lets ordinary queries pass', () => {
    expect(guardQuery(encodeMessage(question('d.example', 'CERT')), 1232)).toEqual({ kind: 'query' });
    expect(guardQuery(encodeMessage(ednsQuestion('d.example', 'CERT')), 1232)).toEqual({ kind: 'query' });
  });

  it('never throws', () => {
    fc.assert(fc.property(fc.uint8Array({ maxLength: 100 }), (bytes) => void guardQuery(bytes, 80)));
  });

  it('a bare answer is the header with QR, the code and empty counts; opcode, RD and CD stay', () => {
    const answer = bareAnswer(hex(`1267 2110 0002 0001 0001 0001 ${QUESTION}`), 4);
    expect(Buffer.from(answer).toString('hex')).toBe('1267a1140000000000000000');
  });
});
