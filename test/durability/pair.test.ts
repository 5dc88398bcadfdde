import { expect, it } from 'vitest';
import { ruin } from './pair/ruin.ts';

/** The long form: `npm run durability`. */
const KILLS = 6;
const MESSAGES = 60;

it(`two HISPs lose nothing and tell nobody twice, over ${KILLS} deaths of one or the other`, {
  timeout: 120_000,
}, async () => {
  const found = await ruin({ kills: KILLS, messages: MESSAGES, seed: 'short' });
  const { lost, corrupt, twice, noOutcome, toldWrongly, acknowledged } = found;
  expect({ lost, corrupt, twice, noOutcome, toldWrongly }).toEqual({
    lost: [],
    corrupt: [],
    twice: [],
    noOutcome: [],
    toldWrongly: [],
  });
  expect(acknowledged).toBeGreaterThanOrEqual(MESSAGES);
  expect(found.byMail).toBeGreaterThan(0);
});
