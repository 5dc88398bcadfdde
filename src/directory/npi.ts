/**
 * National Provider Identifiers: ten digits, the last one a Luhn check digit over the number with prefix 80840.
 *
 * @module
 */

/** The check digit of the first nine digits. */
export function npiCheckDigit(nine: string): number {
  // the prefix 80840 adds 24 to the sum of any number
  let sum = 24;
  for (let i = 0; i < 9; i++) {
    const digit = nine.charCodeAt(i) - 48;
    const doubled = i % 2 === 0 ? digit * 2 : digit;
    sum += doubled > 9 ? doubled - 9 : doubled;
  }
  return (10 - (sum % 10)) % 10;
}

/** Ten digits that begin with 1 or 2, with the right check digit. */
export const isNpi = (text: string): boolean =>
  /^[12]\d{9}$/.test(text) && npiCheckDigit(text) === text.charCodeAt(9) - 48;
