/**
 * Stage Encryption: what the envelope is and whom it is for (REQ-AS-10, -11, -20, -22, -24, -25).
 *
 * @module
 */
import { cause } from '../../../../outcome/cause.ts';
import type { FindingLevel } from '../../../../outcome/check.ts';
import {
  isAllowedCipher,
  keyTravel,
  LINE,
  longestLine,
  OAEP_SINCE,
  outerTypeFault,
} from '../../../../rule/message/facts/envelope.ts';
import { bindsTo } from '../../../../rule/message/facts/signature.ts';
import { lettersFor } from '../../letter.ts';
import { found, type Verifier, verdictOf } from '../../verifier.ts';
import { certificateNamed } from '../../view.ts';
import { nothing, sentCheck } from './sent-check.ts';

/** Judges also what is no envelope at all, and that nothing came. */
export const sentEncrypted: Verifier = {
  id: 'sent-encrypted',
  about: 'Encryption: the outer type is application/pkcs7-mime with smime-type=enveloped-data',
  args: nothing,
  verify(_args, view, scope) {
    const letters = lettersFor(view, scope.part);
    if (letters.length === 0) {
      const params = { to: 'a recipient of this test' };
      return verdictOf([found('fail', { code: 'observed.message-missing', params }, [], scope)]);
    }
    return verdictOf(
      letters.map(({ arrived, envelope, evidence }) => {
        const say = (level: FindingLevel, expected: string, seen: string) =>
          found(
            level,
            { code: 'observed.differs', params: { what: 'the outer type', expected, found: seen } },
            evidence,
            scope,
          );
        if ('missing' in envelope) {
          return found('fail', cause('crypto.not-encrypted', { found: arrived.found }), evidence, scope);
        }
        const fault = outerTypeFault(envelope.value.outer);
        if (fault) return say(fault.missing ? 'warn' : 'fail', fault.expected, fault.found);
        const { type, parameters } = envelope.value.outer.contentType;
        const params = { what: 'the outer type', found: `${type}; smime-type=${parameters['smime-type']}` };
        return found('info', { code: 'observed.seen', params }, evidence, scope);
      }),
    );
  },
};

export const sentBase64 = sentCheck(
  'sent-base64',
  'Encryption: the envelope is Base64 in lines of at most 998 characters, best 76',
  ({ envelope }) => envelope,
  ({ outer }, { differs, seen }) => {
    if (outer.encoding !== 'base64') {
      differs('fail', 'the transfer encoding', 'base64', outer.header('content-transfer-encoding') ?? 'none');
    }
    const longest = longestLine(outer);
    const level = longest > LINE.most ? 'fail' : longest > LINE.base64 ? 'warn' : undefined;
    const most = `at most ${level === 'fail' ? LINE.most : LINE.base64} characters`;
    if (level) differs(level, 'the longest line', most, `${longest}`);
    seen('the envelope', `${outer.encoding} in lines of at most ${longest} characters`);
  },
);

export const sentCipher = sentCheck(
  'sent-cipher',
  'Encryption: the content cipher is AES-128, AES-192 or AES-256 in CBC mode',
  ({ envelope }) => envelope,
  ({ enveloped: { cipher } }, { say, seen }) => {
    if (!isAllowedCipher(cipher.name)) {
      say('fail', cause('crypto.cipher-not-allowed', { algorithm: cipher.name }));
    }
    seen('the content cipher', cipher.name);
  },
);

export const sentKeyTransport = sentCheck(
  'sent-key-transport',
  'Encryption: the content key travels by RSAES-OAEP',
  ({ envelope }) => envelope,
  ({ enveloped }, { letter, say, seen, differs }) => {
    const late = letter.arrived.at >= OAEP_SINCE;
    for (const recipient of enveloped.recipients) {
      const travel = keyTravel(recipient);
      if (travel.kind !== 'oaep') {
        const level = travel.kind === 'pkcs1' && !late ? 'warn' : 'fail';
        say(level, cause('crypto.key-transport-not-allowed', { algorithm: travel.algorithm }));
        continue;
      }
      const { digest, maskDigest } = travel;
      if (digest !== maskDigest) differs('warn', 'the digest of the mask function', digest, maskDigest);
      else seen('the key transport', `RSAES-OAEP with ${digest} and MGF1 with ${maskDigest}`);
    }
  },
);

export const sentRecipients = sentCheck(
  'sent-recipients',
  'Encryption: only certificates of its recipients that allow encryption can open it',
  ({ envelope }) => envelope,
  (_envelope, { letter: { arrived }, view, say, differs, seen }) => {
    if (arrived.recipients.length === 0) {
      differs('fail', 'certificates that open the message', 'one of each recipient', 'none');
    }
    for (const named of arrived.recipients) {
      const fact = certificateNamed(view.run.facts, named);
      const name = fact?.role ?? `serial number ${named.serial ?? named.ski ?? 'unknown'}`;
      if (!fact) {
        differs('fail', 'a certificate that opens the message', 'one of this test', name);
      } else if (fact.faults.includes('sign-only')) {
        say('fail', cause('cert.usage', { found: `digitalSignature (${name})`, wanted: 'encryption' }));
      } else if (!arrived.rcptTo.some((to) => bindsTo({ emails: fact.names, dnsNames: [] }, to))) {
        differs('fail', `the owner of ${name}`, arrived.rcptTo.join(', '), fact.names.join(', '));
      } else {
        seen('encrypted to', `${name} of ${fact.names.join(', ')}`);
      }
    }
  },
);

export const sentDecrypts = sentCheck(
  'sent-decrypts',
  'Encryption: every certificate of ours that it names opens it, with a key of at least 2048 bits',
  ({ opened }) => opened,
  ({ recipients }, { letter: { entity }, say, seen }) => {
    const ours = recipients.filter((one) => one.ours !== undefined);
    if (ours.length === 0) {
      say('fail', cause('crypto.no-recipient-match', { recipients: recipients.length }));
    }
    for (const { opens, bits = 0, ours: name } of ours) {
      if (!opens || 'missing' in entity) say('fail', cause('crypto.decrypt-failed', {}));
      else if (bits < 2048) say('fail', cause('cert.weak-key', { bits, algorithm: 'RSA' }));
      else seen('decrypts', `with the ${bits}-bit key of ${name}`);
    }
  },
);
