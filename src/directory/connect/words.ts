/**
 * The answers in sentences.
 *
 * @module
 */
import type { Answer, Cure, Hindrance, Question } from './decide.ts';
import { EDGE_NAMES, type Product, type Register } from './product.ts';

const list = (names: readonly string[], word: 'and' | 'or'): string =>
  names.length < 2 ? (names[0] ?? 'none') : `${names.slice(0, -1).join(', ')} ${word} ${names.at(-1)}`;

export const productName = ({ name, version }: Pick<Product, 'name' | 'version'>): string =>
  `${name} ${version}`;

const titleOf = ({ hisps }: Register, id: string): string => hisps.find((one) => one.id === id)?.title ?? id;
const productOf = ({ products }: Register, asked: Question['product']): string => {
  const found = products.find((one) => one.id === asked?.id && one.version === asked.version);
  return found ? productName(found) : asked ? `${asked.id} ${asked.version}` : 'no product';
};

/** Why one HISP does not fit. */
export function hindranceText(register: Register, question: Question, hisp: string, one: Hindrance): string {
  const title = titleOf(register, hisp);
  const product = productOf(register, question.product);
  switch (one.code) {
    case 'closed':
      return `${title} takes no new members`;
    case 'relation':
      return one.relation === 'integrated'
        ? `${product} is integrated with ${list(
            one.with.map((id) => titleOf(register, id)),
            'and',
          )} only`
        : `${product} is connected with ${list(
            one.with.map((id) => titleOf(register, id)),
            'and',
          )} only`;
    case 'community':
      return `${title} is not in the ${register.communities[one.community] ?? one.community}`;
    case 'edges':
      return question.product
        ? `${product} and ${title} have no way in common to ${one.missing === 'both' ? 'send and to receive' : one.missing}, and ${title} has no webmail`
        : `${title} has no webmail`;
  }
}

/** What would have to change. */
export function cureText(register: Register, question: Question, cure: Cure): string {
  const title = titleOf(register, cure.hisp);
  switch (cure.change) {
    case 'opens':
      return `${title} takes new members again`;
    case 'goes-with':
      return cure.relation === 'integrated'
        ? `${productOf(register, question.product)} is integrated with ${title} as well`
        : `${productOf(register, question.product)} is connected with ${title} as well`;
    case 'joins':
      return `${title} becomes a member of the ${register.communities[cure.community] ?? cure.community}`;
    case 'offers':
      return `${title} offers ${EDGE_NAMES[cure.edge]}`;
  }
}

/** The first sentence of an answer without a path. */
export function noPathText(
  register: Register,
  question: Question,
  why: Extract<Answer, { found: false }>['why'],
): string {
  switch (why) {
    case 'unknown-product':
      return `${productOf(register, question.product)} is not in the register. Choose “no EHR” for webmail, or ask an operator to add it.`;
    case 'unknown-hisp':
      return 'There is no such HISP in this network.';
    case 'unknown-community':
      return 'There is no such community in this network.';
    case 'no-hisp':
      return 'There is no HISP in this network.';
    case 'hindered':
      return 'There is no path as it is now.';
  }
}
