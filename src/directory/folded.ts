/** Text as it is compared: without marks, in lower case. */
export const folded = (text: string): string =>
  ASCII.test(text)
    ? text.toLowerCase()
    : text
        .normalize('NFD')
        .replaceAll(/\p{Mn}/gu, '')
        .toLowerCase();

const ASCII = /^[ -~]*$/;

/** Only where the database's own comparison without regard to case would not do. */
export const foldedUnlessAscii = (...texts: readonly string[]): string | null =>
  texts.every((text) => ASCII.test(text)) ? null : `|${texts.map(folded).join('|')}|`;
