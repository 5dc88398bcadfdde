/**
 * Lists of named steps, and the four ways to change one of them. A name that is not in the list is a mistake of the
 * caller and says so, so that a behaviour cannot silently do nothing.
 *
 * @module
 */
export interface Named {
  readonly name: string;
}

/** @throws {RangeError} no such name */
function indexOf(list: readonly Named[], name: string): number {
  const index = list.findIndex((item) => item.name === name);
  if (index < 0) {
    throw new RangeError(`there is no step '${name}' in ${list.map((item) => item.name).join(', ')}`);
  }
  return index;
}

/** The list without one step. */
export function without<T extends Named>(list: readonly T[], name: string): T[] {
  return list.toSpliced(indexOf(list, name), 1);
}

/** The list with one step in another's place. */
export function replaced<T extends Named>(list: readonly T[], name: string, item: T): T[] {
  return list.with(indexOf(list, name), item);
}

/** The list with a step put in front of another. */
export function insertBefore<T extends Named>(list: readonly T[], name: string, item: T): T[] {
  return list.toSpliced(indexOf(list, name), 0, item);
}

/** The list with a step put behind another. */
export function insertAfter<T extends Named>(list: readonly T[], name: string, item: T): T[] {
  return list.toSpliced(indexOf(list, name) + 1, 0, item);
}
