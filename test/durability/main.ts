/**
 * `npm run durability [-- KILLS MESSAGES SEED]`: the long form of the runs that kill two HISPs, with its figures.
 *
 * @module
 */
import { ruin } from './pair/ruin.ts';

const [kills = 300, messages = 5000] = process.argv.slice(2, 4).map(Number);
const seed = process.argv[4] ?? 'long';
const say = (line: string): void => void process.stdout.write(`${line}\n`);

say(`${kills} deaths over at least ${messages} messages, seed ${seed}`);
const found = await ruin({
  kills,
  messages,
  seed,
  onProgress: (killed, acknowledged) => {
    if (killed % 10 === 0) process.stderr.write(`${killed} deaths, ${acknowledged} messages\n`);
  },
});
const { lost, corrupt, twice, noOutcome, toldWrongly } = found;
say(`acknowledged         ${found.acknowledged} messages, ${found.byMail} of them to mail programs`);
say(`not acknowledged     ${found.unsaid} more were made by a process that died before it could say so`);
say(`lost                 ${lost.length}`);
say(`corrupt              ${corrupt.length}`);
say(`delivered twice      ${twice.length}`);
say(`without an outcome   ${noOutcome.length}`);
say(`told wrongly         ${toldWrongly.length}`);
say(`arrived twice        ${found.duplicates}, hidden from the user`);
for (const [state, count] of Object.entries(found.outcomes)) say(`  ${state.padEnd(18)} ${count} recipients`);
say(`${Math.round(found.seconds)} s`);
const faults = [...noOutcome, ...toldWrongly, ...lost, ...corrupt, ...twice];
for (const fault of faults.slice(0, 20)) say(`! ${fault}`);
process.exitCode = faults.length > 0 ? 1 : 0;
