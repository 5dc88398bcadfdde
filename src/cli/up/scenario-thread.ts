/**
 * Runs scenarios in a thread of its own: the virtual clock waits for a quiet event loop, and the demo network's loop
 * is not quiet.
 *
 * @module
 */
import { parentPort, workerData } from 'node:worker_threads';
import { realHost } from '../../net/real.ts';
import { type Event, readCatalogue, runSession, select } from '../../scenario/index.ts';
import type { ScenarioNews, ScenarioWork } from './scenario-work.ts';

const work = workerData as ScenarioWork;
const tell = (news: ScenarioNews): void => parentPort?.postMessage(news);

try {
  const host = realHost();
  const catalogue = readCatalogue();
  let events: Event[] = [];
  await runSession(select(catalogue, work.selectors), catalogue, {
    version: work.version,
    run: work.run,
    seed: work.seed,
    twins: work.twins,
    mono: () => host.mono(),
    onStart: (_entry, index) => {
      events = [];
      tell({ kind: 'start', index });
    },
    onEvent: (_entry, event) => void events.push(event),
    onResult: (report, index) => tell({ kind: 'result', index, report, events }),
  });
  tell({ kind: 'end' });
} catch (error) {
  tell({ kind: 'failure', why: (error as Error).message });
}
