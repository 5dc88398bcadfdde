#!/usr/bin/env node
import { enableCompileCache } from 'node:module';

// Types are stripped and code is compiled once, not at every start.
enableCompileCache();
const { main } = await import('./cli/program.ts');

process.exitCode = await main(process.argv.slice(2));
