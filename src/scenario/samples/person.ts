/**
 * People who do not exist, with names that say so.
 *
 * @module
 */
import type { Random } from '../../net/host.ts';

export interface Person {
  readonly given: string;
  readonly family: string;
  readonly gender: 'F' | 'M';
  /** `19480312`. */
  readonly birth: string;
  /** Unique in its draw, under a root that HL7 keeps for examples. */
  readonly id: string;
  readonly street: string;
  readonly city: string;
  /** From the range 555-0100 to 555-0199, which is nobody’s. */
  readonly phone: string;
  readonly problems: readonly string[];
  readonly medications: readonly string[];
  readonly allergies: readonly string[];
  readonly vitals: readonly (readonly [what: string, value: string])[];
}

const GIVEN = {
  F: ['Adalind', 'Mirabel', 'Oriana', 'Tamsin'],
  M: ['Barnaby', 'Corin', 'Evander', 'Leopold'],
};
const FAMILY = ['Testperson', 'Fictitious', 'Madeup', 'Syntheticson', 'Nobodysdottir'];
const STREETS = ['Example Street', 'Sample Road', 'Fiction Avenue', 'Placeholder Lane'];
const CITIES = ['Exampleville', 'Port Sample', 'Mocktown'];
const PROBLEMS = [
  'Essential hypertension',
  'Type 2 diabetes mellitus',
  'Osteoarthritis of the knee',
  'Seasonal allergic rhinitis',
  'Gastro-oesophageal reflux',
  'Hypothyroidism',
];
const MEDICATIONS = [
  'Lisinopril 10 mg, one tablet a day',
  'Metformin 500 mg, two tablets a day',
  'Levothyroxine 75 µg, one tablet a day',
  'Omeprazole 20 mg, one capsule a day',
];
const ALLERGIES = ['Penicillin: rash', 'Latex: itching', 'No known allergies'];

export function inventPerson(random: Random): Person {
  const pick = <T>(list: readonly T[]): T => list[random.int(list.length)]!;
  const some = <T>(list: readonly T[], most: number): T[] =>
    random.shuffle(list).slice(0, 1 + random.int(most));
  const two = (value: number): string => String(value).padStart(2, '0');
  const gender = random.int(2) === 0 ? 'F' : 'M';
  return {
    given: pick(GIVEN[gender]),
    family: pick(FAMILY),
    gender,
    birth: `${1935 + random.int(70)}${two(1 + random.int(12))}${two(1 + random.int(28))}`,
    id: `synthetic-${random.uuid()}`,
    street: `${1 + random.int(990)} ${pick(STREETS)}`,
    city: pick(CITIES),
    phone: `+1-555-555-01${two(random.int(100))}`,
    problems: some(PROBLEMS, 3),
    medications: some(MEDICATIONS, 3),
    allergies: [pick(ALLERGIES)],
    vitals: [
      ['Blood pressure', `${105 + random.int(50)}/${62 + random.int(30)} mmHg`],
      ['Heart rate', `${55 + random.int(45)} /min`],
      ['Body weight', `${48 + random.int(60)} kg`],
    ],
  };
}
