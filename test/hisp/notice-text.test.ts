import { describe, expect, it } from 'vitest';
import { tellableStatus } from '../../src/hisp/notice-status.ts';
import { adviceFor, noticeText } from '../../src/hisp/notice-text.ts';
import { type Cause, type Code, cause } from '../../src/outcome/cause.ts';
import { STATES } from '../../src/outcome/cause-text.ts';

const codes = Object.keys(STATES) as Code[];

describe('what a clinician reads (hisp-behaviour §6)', () => {
  it.each(codes.filter((code) => tellableStatus(code) !== undefined))('%s has advice of its own', (code) => {
    const advice = adviceFor({ code, params: {} } as unknown as Cause);
    expect(advice).toMatch(/^[A-Z].*\.$/s);
    // no jargon in what to do
    expect(advice).not.toMatch(/CRL|AIA|DNS|LDAP|anchor|X\.509|MDN|DSN|SMTP/);
  });

  it('says for each recipient what happened, what to do, and what the administrator can do', () => {
    const text = noticeText([
      {
        recipient: { written: 'bob@b.example' },
        cause: cause('cert.expired', { notAfter: '2026-01-01T00:00:00Z' }),
        cure: 'b.example publishes a certificate that has not expired',
      },
      { recipient: { written: 'eve@c.example' }, cause: cause('notification.no-processed', { minutes: 60 }) },
    ]);
    expect(text.split('\n')).toEqual([
      'Your message was not delivered to bob@b.example:',
      'the certificate found expired on 2026-01-01.',
      expect.stringMatching(/^What to do: The recipient's mail system has to mend its certificate/),
      'For your administrator: it passes when b.example publishes a certificate that has not expired.',
      '',
      'Your message was not delivered to eve@c.example:',
      'no confirmation of receipt in 60 min.',
      expect.stringMatching(/^What to do: The message may have arrived or not/),
    ]);
  });
});
