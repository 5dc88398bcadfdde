import { certificateRule, isAuthority } from './subject.ts';

export const authorityMarked = certificateRule({
  id: 'certificate/authority-marked',
  title: 'A certificate whose key signs certificates says that it is a CA',
  level: 'must',
  cites: ['REQ-AS-35'],
  applies: isAuthority,
  check: ({ isCa, basicConstraints }) => (isCa ? undefined : { basicConstraints }),
  text: ({ basicConstraints }) =>
    `found keyCertSign and ${basicConstraints ? 'basicConstraints without CA' : 'no basicConstraints'}; paths through it are refused`,
});
