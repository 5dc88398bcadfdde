/**
 * What the command line and the pages use of the scenario engine.
 *
 * @module
 */
export { PlanError, planOf } from './cases.ts';
export { type Entry, entryName, readCatalogue, readEntries, SelectionError, select } from './catalogue.ts';
export { ScenarioFileError } from './file.ts';
export { machineNames as machineNamesOf } from './fixtures/zones.ts';
export { judge } from './judge/judge.ts';
export type { ScenarioResult } from './judge/result.ts';
export { type Candidate, readinessOf } from './readiness/readiness.ts';
export type { Readiness } from './readiness/schema.ts';
export { ansi, consoleReport, plain, scenarioLines, scenarioName, summaryLine } from './report/console.ts';
export { junitReport } from './report/junit.ts';
export { runReport, scenarioReport } from './report/report.ts';
export type { RunReport, ScenarioReport } from './report/schema.ts';
export { runSession, type SessionOptions } from './session.ts';
export { targetAnchor } from './target/anchor.ts';
export {
  fitnesses,
  readSession,
  runOutsideSession,
  type SessionState,
} from './target/outside-session.ts';
export { profileSchema, type TargetProfile } from './target/profile.ts';
export type { Stranger } from './target/strangers.ts';
export { resolversOf, routesOf, type Target } from './target/target.ts';
export type { Waiting } from './target/waiting.ts';
export { serveTestbed, type Testbed } from './testbed.ts';
export { type BlobReader, type Event, readRun, TranscriptError, writeRun } from './transcript.ts';
