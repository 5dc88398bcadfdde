/**
 * What a HISP does wrong towards its users' mail programs, and on the way to other servers.
 *
 * @module
 */
import { acceptsBadData } from './accepts-bad-data.ts';
import { acceptsGarbage } from './accepts-garbage.ts';
import { acceptsNothing } from './accepts-nothing.ts';
import { anyFrom } from './any-from.ts';
import { anyOrder } from './any-order.ts';
import { anyPassword } from './any-password.ts';
import { drops } from './drops.ts';
import { early250 } from './early-250.ts';
import { firstOnly } from './first-only.ts';
import { hangsUp } from './hangs-up.ts';
import { lfData } from './lf-data.ts';
import { loginInClear } from './login-in-clear.ts';
import { losesMail } from './loses-mail.ts';
import { mxOrder } from './mx-order.ts';
import { needsMx } from './needs-mx.ts';
import { neverTimesOut } from './never-times-out.ts';
import { noIpv6 } from './no-ipv6.ts';
import { oldTls } from './old-tls.ts';
import { partialCommands } from './partial-commands.ts';
import { sharedState } from './shared-state.ts';
import { starttlsInject } from './starttls-inject.ts';

export const edgeBehaviours = [
  acceptsBadData,
  acceptsGarbage,
  acceptsNothing,
  anyFrom,
  anyOrder,
  anyPassword,
  drops,
  early250,
  firstOnly,
  hangsUp,
  lfData,
  loginInClear,
  losesMail,
  mxOrder,
  needsMx,
  neverTimesOut,
  noIpv6,
  oldTls,
  partialCommands,
  sharedState,
  starttlsInject,
] as const;
