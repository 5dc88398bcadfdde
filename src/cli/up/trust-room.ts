/**
 * The room of trust: bundles, what ends, what a change would do.
 *
 * @module
 */
import type { TrustRoom } from '../../../web/trust-room.ts';
import { Failure } from '../failure.ts';
import { bundlePage, bundleViews } from './bundles-room.ts';
import { calendarOf, datedJson, expiryView } from './expiry-room.ts';
import { forecastForm, forecastView } from './forecast-room.ts';
import { heldBy, heldJson } from './held.ts';
import type { RunningNetwork } from './network.ts';

export function trustRoom(running: RunningNetwork): TrustRoom {
  const { publishing, hisps, network, host } = running;
  return {
    bundles: () => bundleViews(running),
    bundle: (name, compare) => bundlePage(running, name, compare),
    async republish() {
      try {
        return publishing.republish();
      } catch (error) {
        // a definition with a mistake: what is published stays
        if (error instanceof Failure || (error as Error).name === 'ConfigError')
          return { refused: (error as Error).message };
        throw error;
      }
    },
    async refresh(name) {
      const url = publishing.communities().find((one) => one.name === name)?.bundle?.url;
      const takers = hisps
        .flatMap(({ taken }) => taken())
        .filter(({ subscription }) => subscription.id === name || subscription.url === url);
      await Promise.all(takers.map(({ subscription: { id }, subscriber }) => subscriber.refresh(id)));
      return takers.length > 0;
    },
    expiry: () => expiryView(running),
    dated: () => datedJson(running.things(), host.now()),
    calendar: () => calendarOf(network.title, running.things(), host.now()),
    forecastForm: () => forecastForm(running),
    forecast: (request) => forecastView(running, request),
    anchors: () => heldJson(heldBy(running)),
  };
}
