#!/usr/bin/env node
import { fileURLToPath } from 'node:url';
import { launch, opensTerminal } from '../dist/launch/launch.js';

const args = process.argv.slice(2);
if (opensTerminal(args)) process.exitCode = await launch(fileURLToPath(import.meta.url), args);
else {
  const { main } = await import('../dist/main.js');
  process.exitCode = await main(args);
}
