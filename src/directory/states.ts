/**
 * States and territories of the United States (ISO 3166-2:US), the codes of military mail, and which ZIP codes are
 * where.
 *
 * @module
 */

/** Code → name and ranges of the first three ZIP digits. */
const STATES: Readonly<Record<string, readonly [string, string]>> = {
  AL: ['Alabama', '350-369'],
  AK: ['Alaska', '995-999'],
  AZ: ['Arizona', '850-865'],
  AR: ['Arkansas', '716-729'],
  CA: ['California', '900-961'],
  CO: ['Colorado', '800-816'],
  CT: ['Connecticut', '060-069'],
  DE: ['Delaware', '197-199'],
  DC: ['District of Columbia', '200-205 569'],
  FL: ['Florida', '320-349'],
  GA: ['Georgia', '300-319 398-399'],
  HI: ['Hawaii', '967-968'],
  ID: ['Idaho', '832-838'],
  IL: ['Illinois', '600-629'],
  IN: ['Indiana', '460-479'],
  IA: ['Iowa', '500-528'],
  KS: ['Kansas', '660-679'],
  KY: ['Kentucky', '400-427'],
  LA: ['Louisiana', '700-714'],
  ME: ['Maine', '039-049'],
  MD: ['Maryland', '206-219'],
  MA: ['Massachusetts', '010-027 055'],
  MI: ['Michigan', '480-499'],
  MN: ['Minnesota', '550-567'],
  MS: ['Mississippi', '386-397'],
  MO: ['Missouri', '630-658'],
  MT: ['Montana', '590-599'],
  NE: ['Nebraska', '680-693'],
  NV: ['Nevada', '889-898'],
  NH: ['New Hampshire', '030-038'],
  NJ: ['New Jersey', '070-089'],
  NM: ['New Mexico', '870-884'],
  NY: ['New York', '005 063 100-149'],
  NC: ['North Carolina', '270-289'],
  ND: ['North Dakota', '580-588'],
  OH: ['Ohio', '430-459'],
  OK: ['Oklahoma', '730-749'],
  OR: ['Oregon', '970-979'],
  PA: ['Pennsylvania', '150-196'],
  RI: ['Rhode Island', '028-029'],
  SC: ['South Carolina', '290-299'],
  SD: ['South Dakota', '570-577'],
  TN: ['Tennessee', '370-385'],
  TX: ['Texas', '733 750-799 885'],
  UT: ['Utah', '840-847'],
  VT: ['Vermont', '050-059'],
  VA: ['Virginia', '201 220-246'],
  WA: ['Washington', '980-994'],
  WV: ['West Virginia', '247-268'],
  WI: ['Wisconsin', '530-549'],
  WY: ['Wyoming', '820-831'],
  PR: ['Puerto Rico', '006-007 009'],
  VI: ['Virgin Islands', '008'],
  GU: ['Guam', '969'],
  AS: ['American Samoa', '967'],
  MP: ['Northern Mariana Islands', '969'],
  UM: ['United States Minor Outlying Islands', ''],
};

/** Armed forces: Americas, Europe, Pacific. */
export const MILITARY: ReadonlySet<string> = new Set(['AA', 'AE', 'AP']);

export const STATE_CODES: readonly string[] = Object.keys(STATES);

const BY_NAME = new Map(Object.entries(STATES).map(([code, [name]]) => [name.toLowerCase(), code]));

export const stateName = (code: string): string | undefined => STATES[code]?.[0];

/** The code of a state's name. */
export const stateOfName = (name: string): string | undefined => BY_NAME.get(name.trim().toLowerCase());

const rangesOf = (code: string): [number, number][] =>
  (STATES[code]?.[1] ?? '')
    .split(' ')
    .filter((range) => range !== '')
    .map((range) => {
      const [from, to = from] = range.split('-').map(Number) as [number, number?];
      return [from, to];
    });

const ZIP_RANGES = new Map(STATE_CODES.map((code) => [code, rangesOf(code)]));

/** Whether a ZIP code can be in a state; undefined when we know no ZIP codes of it. */
export function zipFits(zip: string, code: string): boolean | undefined {
  const ranges = ZIP_RANGES.get(code);
  if (!ranges || ranges.length === 0) return undefined;
  const prefix = Number(zip.slice(0, 3));
  return ranges.some(([from, to]) => prefix >= from && prefix <= to);
}

/** The states that a ZIP code can be in. */
export const statesOfZip = (zip: string): string[] =>
  STATE_CODES.filter((code) => zipFits(zip, code) === true);

/** A three-digit ZIP prefix of a state, by a number from 0 up. */
export function zipPrefix(code: string, n: number): string {
  const ranges = ZIP_RANGES.get(code) ?? [];
  const all = ranges.flatMap(([from, to]) => Array.from({ length: to - from + 1 }, (_, i) => from + i));
  return String(all[n % Math.max(1, all.length)] ?? 0).padStart(3, '0');
}
