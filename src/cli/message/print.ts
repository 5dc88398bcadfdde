/**
 * A dissection as a person reads it: a line a stage, what is wrong below it, then what the message holds.
 *
 * @module
 */
import type { AnyStage, Dissection } from '../../agent/dissect/stage.ts';
import { sentence } from '../../outcome/cause.ts';
import { findingText } from '../../outcome/check.ts';
import type { Status } from '../../outcome/status.ts';
import { columns, style } from '../terminal.ts';

const TITLE: Readonly<Record<AnyStage['name'], string>> = {
  encryption: 'Encryption',
  signature: 'Signature',
  trust: 'Trust',
  wrapping: 'Wrapping',
  mime: 'Message',
  notice: 'Notice',
};

export function mark(status: Status): string {
  switch (status) {
    case 'pass':
      return style.good('✓');
    case 'warn':
      return style.warn('!');
    case 'fail':
    case 'error':
      return style.bad('✗');
    case 'skip':
    case 'na':
    case 'cancelled':
      return style.dim('–');
  }
}

export function lines({ status, firstCause, kind, stages, sha256, message }: Dissection): string[] {
  const told = stages.filter((stage) => stage.name !== 'notice' || stage.kind !== undefined);
  const width = Math.max(...told.map(({ name }) => TITLE[name].length));
  const shown = told.flatMap((stage) => [
    `${mark(stage.status)} ${style.bold(TITLE[stage.name].padEnd(width))}  ${headline(stage)}`,
    ...stage.findings
      .filter(({ level }) => level === 'fail' || level === 'warn')
      .map(
        (one) =>
          `    ${mark(one.level === 'fail' ? 'fail' : 'warn')} ${findingText(one)} ${style.dim(cited(one))}`,
      ),
    ...details(stage).map((line) => `    ${style.dim(line)}`),
  ]);
  const verdict =
    status === 'fail'
      ? style.bad(firstCause ? `First cause: ${sentence(firstCause)} (${firstCause.code})` : 'A stage failed')
      : status === 'skip' || status === 'na'
        ? 'Not all stages could be looked at'
        : style.good(`A good ${kind === 'message' ? 'Direct message' : kind.toUpperCase()}`);
  return [
    ...shown,
    '',
    verdict,
    ...(sha256 !== undefined ? [style.dim(`unwrapped: ${message?.length} octets, SHA-256 ${sha256}`)] : []),
  ];
}

const cited = ({ code, cites }: { readonly code: string; readonly cites: readonly string[] }): string =>
  [code.startsWith('observed.') ? '' : code, ...cites].filter((word) => word !== '').join(', ');

function headline(stage: AnyStage): string {
  if (stage.reason !== undefined && stage.status === 'na') return style.dim(stage.reason);
  switch (stage.name) {
    case 'encryption': {
      if (stage.form === undefined) return 'none';
      const opened = stage.decrypted ? 'decrypted' : (stage.reason ?? 'not decrypted');
      return `${stage.cipher}, ${stage.recipients.length} recipient certificate${stage.recipients.length === 1 ? '' : 's'}; ${opened}`;
    }
    case 'signature': {
      if (stage.form === undefined) return 'none';
      const good = stage.signers.filter(({ verified }) => verified).length;
      return `${stage.form}; ${good} of ${stage.signers.length} signatures verified`;
    }
    case 'trust':
      return stage.reason ?? `${stage.sender ?? 'the sender'}: ${stage.verdict}`;
    case 'wrapping':
      return stage.wrapped ? 'the whole message lies inside' : 'not wrapped';
    case 'mime':
      return `${stage.subject ? `“${stage.subject}”` : 'no subject'}, ${stage.from.join(', ') || 'nobody'} → ${[...stage.to, ...stage.cc].join(', ') || 'nobody'}`;
    case 'notice':
      return `${stage.kind?.toUpperCase()} about ${stage.about ?? 'no message'}`;
  }
}

function details(stage: AnyStage): string[] {
  switch (stage.name) {
    case 'encryption':
      return stage.recipients.map(({ kind, named, transport, given }) =>
        [named ?? kind, transport, given ? 'the key given' : undefined]
          .filter((word) => word !== undefined)
          .join(' · '),
      );
    case 'signature':
      return stage.signers.map(({ verified, digest, signatureAlgorithm, certificate }) =>
        [
          verified ? 'verified' : 'not verified',
          certificate?.subject ?? 'certificate missing',
          certificate?.names.join(', ') || 'no names',
          `${digest}, ${signatureAlgorithm}`,
        ].join(' · '),
      );
    case 'trust':
      return [
        ...(stage.decision?.firstCause && stage.decision.cure ? [`cure: ${stage.decision.cure.text}`] : []),
        ...(stage.decision?.candidates ?? []).flatMap(({ paths }) =>
          paths
            .filter(({ state }) => state === 'pass')
            .map(({ certificates, anchor }) =>
              [...certificates.map(({ subject }) => subject), anchor?.name].join(' ← '),
            ),
        ),
      ];
    case 'mime':
      return columns(
        stage.parts.map((part) => [
          `${'  '.repeat(part.depth)}${part.type}`,
          part.encoding,
          `${part.octets} octets`,
          part.name ?? '',
        ]),
      );
    case 'notice':
      return stage.recipients.map(({ address, says, status, text }) =>
        [address ?? 'no recipient', says, status, text].filter((word) => word !== undefined).join(' · '),
      );
    case 'wrapping':
      return [];
  }
}
