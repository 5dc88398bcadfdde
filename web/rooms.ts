/**
 * What the pages ask of the running system. `anchorage up` gives the real thing; tests give an invented one.
 *
 * @module
 */
import type { Readiness } from '../src/scenario/index.ts';
import type { Explanation } from '../src/trust/explain/schema.ts';
import type { ConnectRoom } from './connect-room.ts';
import type { DirectoryRoom } from './directory-room.ts';
import type { TrustRoom } from './trust-room.ts';
import type {
  AboutView,
  AddressView,
  HomeView,
  LetterView,
  MailboxView,
  OrganizationView,
  ResultView,
  RunHeadView,
  RunView,
  ScenarioRowView,
  ScenariosView,
  TargetView,
} from './views.ts';
import type { WatchRoom } from './watch-room.ts';

export interface SendRequest {
  readonly from: string;
  readonly to: readonly string[];
  readonly subject: string;
  readonly text: string;
}

export type SendAnswer =
  | { readonly ok: true; readonly id: string }
  | { readonly ok: false; readonly why: string };

/** One change of a run, as it happens. */
export type RunProgress =
  | { readonly kind: 'row'; readonly row: ScenarioRowView; readonly head: RunHeadView }
  | { readonly kind: 'end'; readonly head: RunHeadView };

export interface ScenarioRooms {
  list(): ScenariosView;
  /** Starts a run and returns its id; a reason when nothing is selected or too much runs already. */
  start(selectors: readonly string[], twins: boolean): { readonly id: string } | { readonly refused: string };
  /** Ends a run that is going on; what was done stays. */
  stopRun(id: string): void;
  run(id: string): RunView | undefined;
  /** Calls `on` for every change from now on; returns how to stop. */
  follow(id: string, on: (progress: RunProgress) => void): () => void;
  result(run: string, key: string): ResultView | undefined;
}

/** Systems outside that are under test, from what is saved of them. */
export interface TargetRoom {
  list(): readonly TargetView[];
  target(name: string): TargetView | undefined;
  result(name: string, run: string, key: string): ResultView | undefined;
  readiness(name: string): Readiness | { readonly refused: string } | undefined;
}

export interface ExplainRoom {
  /** Addresses that the form offers. */
  readonly choices: readonly { readonly address: string; readonly label: string }[];
  /** Pairs worth looking at. */
  readonly examples: readonly { readonly from: string; readonly to: string; readonly label: string }[];
  explain(from: string, to: string): Promise<Explanation | { readonly refused: string }>;
}

export interface Rooms {
  home(): Promise<HomeView>;
  addresses(query: string): Promise<readonly OrganizationView[]>;
  address(address: string, from: string | undefined): Promise<AddressView | { readonly refused: string }>;
  mailbox(address: string): Promise<MailboxView | undefined>;
  letter(address: string, id: string): Promise<LetterView | undefined>;
  send(request: SendRequest): Promise<SendAnswer>;
  about(): Promise<AboutView>;
  /** What is not ready, in words; empty when everything serves. */
  ready(): Promise<readonly string[]>;
  readonly scenarios?: ScenarioRooms;
  readonly targets?: TargetRoom;
  readonly explain?: ExplainRoom;
  readonly trust?: TrustRoom;
  readonly watch?: WatchRoom;
  readonly connect?: ConnectRoom;
  readonly directory?: DirectoryRoom;
}
