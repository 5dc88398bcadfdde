/**
 * A reader for the little XML that bundle metadata are: elements and text (XML 1.0), namespaces left aside.
 *
 * There is no DTD and no entity of one's own in it, so nothing can grow, and nothing can be fetched; who sends one is
 * refused (REQ-TB-17, XB-06). Size, depth and number of elements are bounded, and it does not recurse.
 *
 * @module
 */
export interface XmlElement {
  /** Without prefix. */
  readonly name: string;
  readonly children: readonly XmlElement[];
  /** Character data directly inside, together. */
  readonly text: string;
}

export class XmlError extends Error {
  override readonly name = 'XmlError';
  /** `forbidden`: a DTD or an entity that only a DTD could define. */
  readonly code: 'malformed' | 'forbidden' | 'limit';
  constructor(code: XmlError['code'], detail: string) {
    super(detail);
    this.code = code;
  }
}

const LIMIT = { octets: 2 << 20, depth: 16, elements: 50_000 } as const;
const ENTITIES: Readonly<Record<string, string>> = { lt: '<', gt: '>', amp: '&', quot: '"', apos: "'" };
const NAME = '[A-Za-z_][\\w.-]*(?::[A-Za-z_][\\w.-]*)?';
const DECLARATION = /^<\?xml\s[^?<>]{0,200}\?>/;
const OPEN = new RegExp(`<(${NAME})((?:\\s+${NAME}\\s*=\\s*(?:"[^"<]*"|'[^'<]*'))*)\\s*(/?)>`, 'y');
const CLOSE = new RegExp(`</(${NAME})\\s*>`, 'y');

interface Draft {
  readonly qualified: string;
  readonly name: string;
  readonly children: XmlElement[];
  text: string;
}

/**
 * The root element of a document in UTF-8, with or without byte order mark.
 *
 * @throws {XmlError}
 */
export function readXml(bytes: Uint8Array): XmlElement {
  if (bytes.length > LIMIT.octets) throw new XmlError('limit', `more than ${LIMIT.octets} octets of XML`);
  const text = decoded(bytes);
  const open: Draft[] = [];
  let root: XmlElement | undefined;
  let elements = 0;
  let at = DECLARATION.exec(text)?.[0].length ?? 0;
  const close = (draft: Draft): void => {
    const { name, children, text: inner } = draft;
    const parent = open.at(-1);
    if (parent) parent.children.push({ name, children, text: inner });
    else root = { name, children, text: inner };
  };
  while (at < text.length) {
    if (text[at] !== '<') {
      const end = text.indexOf('<', at);
      const stop = end < 0 ? text.length : end;
      addText(open.at(-1), characters(text.slice(at, stop)));
      at = stop;
      continue;
    }
    const special = specialAt(text, at, open.at(-1));
    if (special !== undefined) {
      at = special;
      continue;
    }
    CLOSE.lastIndex = at;
    const closing = CLOSE.exec(text);
    if (closing) {
      const draft = open.pop();
      if (!draft || draft.qualified !== closing[1])
        throw new XmlError('malformed', `</${closing[1]}> closes nothing`);
      close(draft);
      at = CLOSE.lastIndex;
      continue;
    }
    OPEN.lastIndex = at;
    const opening = OPEN.exec(text);
    if (!opening || root)
      throw new XmlError('malformed', `unexpected ${JSON.stringify(text.slice(at, at + 30))}`);
    if (++elements > LIMIT.elements) throw new XmlError('limit', `more than ${LIMIT.elements} elements`);
    if (open.length >= LIMIT.depth) throw new XmlError('limit', `nested deeper than ${LIMIT.depth}`);
    characters(opening[2]!);
    const draft: Draft = {
      qualified: opening[1]!,
      name: opening[1]!.split(':').at(-1)!,
      children: [],
      text: '',
    };
    if (opening[3] === '/') close(draft);
    else open.push(draft);
    at = OPEN.lastIndex;
  }
  if (open.length > 0) throw new XmlError('malformed', `<${open.at(-1)!.qualified}> is not closed`);
  if (!root) throw new XmlError('malformed', 'no element');
  return root;
}

function decoded(bytes: Uint8Array): string {
  try {
    // takes a byte order mark away
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    throw new XmlError('malformed', 'not UTF-8');
  }
}

/** Comments and CDATA; where they end. A DTD or a processing instruction ends the reading. */
function specialAt(text: string, at: number, into: Draft | undefined): number | undefined {
  if (text.startsWith('<!--', at)) return endOf(text, '-->', at + 4, 'comment');
  if (text.startsWith('<![CDATA[', at)) {
    const end = endOf(text, ']]>', at + 9, 'CDATA');
    addText(into, text.slice(at + 9, end - 3));
    return end;
  }
  if (text.startsWith('<!', at)) throw new XmlError('forbidden', 'a document type definition');
  if (text.startsWith('<?', at)) throw new XmlError('malformed', 'a processing instruction');
  return undefined;
}

function endOf(text: string, mark: string, from: number, what: string): number {
  const end = text.indexOf(mark, from);
  if (end < 0) throw new XmlError('malformed', `a ${what} without end`);
  return end + mark.length;
}

function addText(into: Draft | undefined, text: string): void {
  if (into) into.text += text;
  else if (/\S/.test(text)) throw new XmlError('malformed', 'text outside the root element');
}

const characters = (text: string): string =>
  text.replace(/&([^;&]{0,40})(;?)/g, (whole, name: string, end: string) => {
    const numeric = /^#(?:x([0-9a-f]{1,6})|(\d{1,7}))$/i.exec(name);
    const known = numeric ? codePoint(numeric) : ENTITIES[name];
    if (end && known !== undefined) return known;
    const forbidden = end === ';' && !numeric;
    throw new XmlError(forbidden ? 'forbidden' : 'malformed', `the entity ${whole.slice(0, 40)}`);
  });

function codePoint(match: RegExpExecArray): string | undefined {
  const point = match[1] ? Number.parseInt(match[1], 16) : Number(match[2]);
  const allowed = point === 9 || point === 10 || point === 13 || (point >= 32 && point <= 0x10ffff);
  return allowed && !(point >= 0xd800 && point <= 0xdfff) ? String.fromCodePoint(point) : undefined;
}
