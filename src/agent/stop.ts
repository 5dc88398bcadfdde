/**
 * How a stage ends a pipeline.
 *
 * @module
 */
import { type Cause, sentence } from '../outcome/cause.ts';

/** The work cannot go on, for a reason of the closed set; the only error that stages throw on purpose. */
export class AgentStop extends Error {
  override readonly name = 'AgentStop';
  readonly reason: Cause;
  constructor(reason: Cause, options?: ErrorOptions) {
    super(sentence(reason), options);
    this.reason = reason;
  }
}
