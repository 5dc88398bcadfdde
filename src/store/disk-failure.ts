/**
 * Tells a disk that is full or broken from everything else that a store may say.
 *
 * @module
 */

/** SQLite's codes and the system's, as `error.code` has them. PostgreSQL: class 53 (insufficient resources), 58 (system error). */
const DISK = /^(SQLITE_(FULL|IOERR|CANTOPEN|READONLY)|ENOSPC$|EDQUOT$|EIO$|EROFS$|53\d{3}$|58\d{3}$)/;

/** Looks at the error and at what it was caused by. */
export function isDiskFailure(error: unknown): boolean {
  let current = error;
  for (let depth = 0; depth < 8 && current instanceof Error; depth++) {
    if ('code' in current && typeof current.code === 'string' && DISK.test(current.code)) return true;
    current = current.cause;
  }
  return false;
}
