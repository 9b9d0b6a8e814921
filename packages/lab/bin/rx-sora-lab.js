#!/usr/bin/env node
// npm links a command when it installs, in a clone long before anything is built. So this file is committed, and dist/ is not.
import { existsSync } from 'node:fs';

const fromPackage = (path) => new URL(`../${path}`, import.meta.url);
const source = fromPackage('src/cli.ts');
const built = fromPackage('dist/cli.js');

if (existsSync(source) && process.features.typescript) await import(source.href);
else if (existsSync(built)) await import(built.href);
else {
  console.error(`rx-sora-lab: Node ${process.versions.node} cannot run the sources, and they are not built yet. Run: npm run build`);
  process.exitCode = 1;
}
