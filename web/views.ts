/**
 * What the pages show: plain values, already decided and already worded. Pages lay them out and decide nothing.
 *
 * @module
 */
import type { Status } from '../src/outcome/status.ts';

/** How a line reads at a glance; always shown with an icon and a word, never by colour alone. */
export type Tone = 'good' | 'bad' | 'warn' | 'muted' | 'info' | 'busy';

export interface ServiceView {
  readonly name: string;
  readonly what: string;
  /** `127.0.0.1:5300`, as a person would type it. */
  readonly at: string;
  readonly up: boolean;
}

export interface TrustMapView {
  readonly communities: readonly { readonly id: string; readonly title: string }[];
  readonly hisps: readonly {
    readonly id: string;
    readonly title: string;
    readonly place: string;
    readonly member: readonly string[];
    readonly subscribes: readonly string[];
    readonly organizations: number;
    readonly addresses: number;
  }[];
  /** For each ordered pair: whether mail goes through, and if not, why. */
  readonly reach: readonly {
    readonly from: string;
    readonly to: string;
    readonly ok: boolean;
    readonly why?: string;
  }[];
}

export interface PersonView {
  readonly address: string;
  readonly name: string;
  readonly role: string;
  readonly organization: string;
  readonly hisp: string;
}

/** One stage of a chain of reasoning. */
export interface StageView {
  readonly tone: Tone;
  readonly title: string;
  readonly detail: string;
}

/** Why a sender does, or does not, reach a recipient. */
export interface StoryView {
  readonly from: PersonView;
  readonly to: PersonView;
  readonly verdict: 'trusted' | 'refused' | 'undetermined';
  readonly headline: string;
  readonly stages: readonly StageView[];
  readonly code?: string;
  readonly cure?: string;
  readonly lesson?: string;
}

export interface HomeView {
  readonly network: string;
  readonly services: readonly ServiceView[];
  readonly map: TrustMapView;
  readonly story?: StoryView;
  readonly counts: { readonly organizations: number; readonly addresses: number; readonly messages: number };
  readonly examples: readonly string[];
  readonly commands: readonly { readonly what: string; readonly text: string }[];
  /** Whether scenarios can be run from here. */
  readonly rehearsal?: {
    readonly scenarios: number;
    readonly select: readonly string[];
    readonly last?: RunHeadView;
  };
}

export interface OrganizationView {
  readonly name: string;
  readonly kind: string;
  readonly place: string;
  readonly domain: string;
  readonly hisp: string;
  /** Where its certificates are published. */
  readonly level: string;
  readonly people: readonly {
    readonly address: string;
    readonly name: string;
    readonly role: string;
    readonly waiting: number;
  }[];
}

export interface LookupStepView {
  readonly level: string;
  readonly question: string;
  readonly server?: string;
  readonly tone: Tone;
  readonly outcome: string;
  readonly detail: string;
  /** Each datagram or connection below the step. */
  readonly exchanges: readonly string[];
  readonly ms: number;
}

export interface CertificateView {
  readonly title: string;
  readonly sha256: string;
  readonly tone: Tone;
  /** `usable`, or the reason in one sentence. */
  readonly fate: string;
  readonly code?: string;
  readonly where: string;
  readonly facts: readonly { readonly name: string; readonly value: string; readonly mono?: boolean }[];
  readonly notes: readonly string[];
  readonly chain: readonly { readonly title: string; readonly detail: string; readonly tone: Tone }[];
  readonly revocation?: { readonly tone: Tone; readonly text: string };
}

export interface AddressView {
  readonly address: string;
  readonly person?: PersonView;
  readonly from?: string;
  readonly fromChoices: readonly { readonly address: string; readonly label: string }[];
  readonly verdict: { readonly tone: Tone; readonly headline: string; readonly detail: string };
  readonly code?: string;
  readonly cure?: string;
  readonly steps: readonly LookupStepView[];
  readonly certificates: readonly CertificateView[];
  readonly commands: readonly string[];
  readonly ms: number;
}

export interface MailView {
  readonly id: string;
  readonly kind: 'message' | 'mdn' | 'dsn';
  readonly from: string;
  readonly to: string;
  readonly subject: string;
  readonly at: string;
  readonly bytes: number;
}

export interface MailboxView {
  readonly address: string;
  readonly person?: PersonView;
  readonly received: readonly MailView[];
  readonly sent: readonly SentView[];
  /** What came for this address and was not let in. */
  readonly refused: readonly RefusedView[];
}

export interface RefusedView {
  readonly from: string;
  readonly at: string;
  readonly code: string;
  readonly why: string;
}

export interface SentView {
  readonly id: string;
  readonly to: string;
  readonly subject: string;
  readonly at: string;
  readonly state: string;
  readonly tone: Tone;
  readonly detail: string;
}

export interface LetterView extends MailView {
  readonly mailbox: string;
  readonly headers: readonly { readonly name: string; readonly value: string }[];
  readonly text: string;
  readonly raw: string;
  readonly stages: readonly StageView[];
}

export interface ScenarioRowView {
  /** Unique on the page: id and variant. */
  readonly key: string;
  readonly id: string;
  readonly variant?: string;
  readonly title: string;
  readonly group: string;
  readonly suite: string;
  readonly status?: Status | 'running' | 'waiting';
  readonly virtualMs?: number;
  readonly firstCause?: string;
  readonly twins: number;
  /** Where its result is. */
  readonly href?: string;
}

export interface RunHeadView {
  readonly id: string;
  readonly selection: string;
  readonly seed: number;
  readonly at: string;
  readonly twins: boolean;
  readonly state: 'running' | 'done' | 'stopped' | 'failed';
  readonly done: number;
  readonly total: number;
  readonly tally: Readonly<Record<Status, number>>;
  readonly ms?: number;
  readonly failure?: string;
}

export interface ScenariosView {
  readonly suites: readonly {
    readonly id: string;
    readonly title: string;
    readonly groups: readonly { readonly title: string; readonly rows: readonly ScenarioRowView[] }[];
  }[];
  readonly runs: readonly RunHeadView[];
}

export interface TargetRunView {
  readonly id: string;
  readonly started: string;
  readonly done: number;
  readonly total: number;
  readonly tally: Readonly<Record<Status, number>>;
  /** What the tester has to do, and until when. */
  readonly waiting?: { readonly what: string; readonly until: string };
  /** The scenario that runs, or that a stopped run goes on with. */
  readonly current?: string;
  readonly strangers: readonly { readonly from: string; readonly to: string; readonly at: string }[];
  /** How a stopped run goes on. */
  readonly resume: string;
  readonly rows: readonly ScenarioRowView[];
}

export interface TargetView {
  readonly name: string;
  readonly title: string;
  /** Newest first. */
  readonly runs: readonly TargetRunView[];
}

export interface RunView {
  readonly head: RunHeadView;
  readonly rows: readonly ScenarioRowView[];
}

export interface CheckView {
  readonly id: string;
  readonly title: string;
  readonly status: Status;
  readonly required: boolean;
  readonly sees: 'outside' | 'inside';
  readonly reason?: string;
  readonly findings: readonly {
    readonly tone: Tone;
    readonly text: string;
    readonly evidence: readonly number[];
  }[];
}

export interface TimelineRowView {
  readonly n: number;
  /** Since the start of the run, `+0.012 s`. */
  readonly t: string;
  readonly lane: 'dns' | 'ldap' | 'http' | 'smtp' | 'decision' | 'message' | 'step' | 'clock';
  readonly host: string;
  readonly peer: string;
  readonly dir: 'in' | 'out' | '';
  /** The other end of an exchange that stands here already. */
  readonly echo: boolean;
  readonly what: string;
  readonly result: string;
  readonly tone: Tone;
  /** The whole of it, as JSON text. */
  readonly detail: string;
}

export interface ResultView {
  readonly run: RunHeadView;
  readonly row: ScenarioRowView;
  readonly why?: string;
  readonly cites: readonly string[];
  readonly cure?: string;
  readonly control?: { readonly status: Status; readonly checks: readonly CheckView[] };
  readonly checks: readonly CheckView[];
  readonly twins: readonly {
    readonly behaviour: string;
    readonly expected: string;
    readonly failed: string;
    readonly ok: boolean;
  }[];
  readonly timeline: readonly TimelineRowView[];
  readonly certificates: readonly {
    readonly role: string;
    readonly names: string;
    readonly places: string;
    readonly faults: string;
    readonly sha256: string;
  }[];
}

export interface AboutView {
  readonly version: string;
  readonly state: string;
  readonly services: readonly ServiceView[];
  readonly health: readonly { readonly name: string; readonly tone: Tone; readonly text: string }[];
}
