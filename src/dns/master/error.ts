/** Where something stands in a master file; line and column count from 1. */
export interface Place {
  readonly file: string;
  readonly line: number;
  readonly column: number;
}

/** One thing that is wrong in a master file. */
export interface MasterError extends Place {
  readonly found: string;
  readonly expected: string;
  /** What to do about it. */
  readonly cure: string;
  /** `file:line:column: found …; expected …; …` */
  readonly text: string;
}

export const masterError = (place: Place, found: string, expected: string, cure: string): MasterError => ({
  file: place.file,
  line: place.line,
  column: place.column,
  found,
  expected,
  cure,
  text: `${formatPlace(place)}: found ${found}; expected ${expected}; ${cure}`,
});

export const formatPlace = (place: Place): string => `${place.file}:${place.line}:${place.column}`;

/** Carries an error from the field where it was found to the entry that it spoils. */
export class EntryFailure extends Error {
  readonly error: MasterError;
  constructor(error: MasterError) {
    super(error.text);
    this.error = error;
  }
}
