import { html, raw } from 'hono/html';
import type { Readiness } from '../../src/scenario/index.ts';
import { asset } from '../assets.ts';
import { readinessBody } from './readiness.ts';

const sheet = (name: string): string => Buffer.from(asset(name)?.body ?? []).toString('utf8');

/** The report as one HTML file that loads nothing. */
export const standaloneReadiness = async (view: Readiness): Promise<string> =>
  `${await html`<!doctype html>
<html lang="en">
<head>
  <meta charset="utf-8">
  <meta name="viewport" content="width=device-width, initial-scale=1">
  <meta name="color-scheme" content="light dark">
  <meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
  <title>Readiness: ${view.target.title}</title>
  <style>${raw(sheet('anchorage.css'))}${raw(sheet('readiness.css'))}</style>
</head>
<body>
  <main id="main">${readinessBody(view)}</main>
  <footer>Made by Anchorage ${view.version}. ${view.purpose}</footer>
</body>
</html>`}\n`;
