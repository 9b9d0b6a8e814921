// The packed files in the bundlers that people use: every bundle must do in a browser what the package does in plain Node.
import { createServer } from 'node:http';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { launchChromium } from '../../spec/e2e/support/chromium.ts';
import { check, run } from './check.mjs';

const VITE = '8.3.8';
export const bundlerPackages = (pinned) => [
  `vite@${VITE}`,
  'webpack@5.113.0',
  `esbuild@${pinned.esbuild}`,
  `rollup@${pinned.rollup}`,
  '@rollup/plugin-node-resolve@16.0.3',
];

const OUTPUT = 'bundle.js';

/** Each bundles `smoke.js` of its folder into `bundle.js`, with the defaults of its tool. */
const BUNDLERS = {
  esbuild: ['esbuild', ['smoke.js', '--bundle', '--minify', '--format=esm', `--outfile=${OUTPUT}`]],
  rollup: ['rollup', ['smoke.js', '--plugin', 'node-resolve', '--format', 'es', '--file', OUTPUT, '--failAfterWarnings', '--silent']],
  webpack: ['node', ['webpack.mjs']],
  vite: ['vite', ['build', '--logLevel', 'warn']],
};

const WEBPACK = `
import webpack from 'webpack';
webpack({ mode: 'production', performance: false, context: import.meta.dirname, entry: './smoke.js', output: { path: import.meta.dirname, filename: '${OUTPUT}' } }, (error, stats) => {
  const told = stats?.hasErrors() || stats?.hasWarnings() ? stats.toString() : '';
  if (error ?? told) { console.error(error ?? told); process.exitCode = 1; }
});
`;
const VITE_CONFIG = `
export default { build: { rollupOptions: { output: { entryFileNames: '${OUTPUT}' } }, outDir: '.', emptyOutDir: false, copyPublicDir: false } };
`;

/** A module that runs the example, loads every entry, and leaves what came of it in \`globalThis.smoke\`. */
function smoke(entries, example) {
  const imported = entries.map((entry, index) => `import * as entry${index} from '${entry}';`).join('\n');
  const names = entries.map((entry, index) => `'${entry}': Object.keys(entry${index}).sort()`).join(', ');
  return `${imported}
const printed = [];
${example.replaceAll('console.log(', '((...words) => printed.push(words))(')}
globalThis.smoke = JSON.stringify({ printed, names: { ${names} } });
`;
}

/** A browser that opens bundles. */
async function browserFor(folder) {
  const server = createServer((request, response) => {
    const [, name = '', file = ''] = request.url.split('/');
    const path = join(folder, name, OUTPUT);
    if (file === OUTPUT && existsSync(path)) response.setHeader('content-type', 'text/javascript').end(readFileSync(path));
    else
      response
        .setHeader('content-type', 'text/html')
        .end(`<!doctype html><link rel="icon" href="data:,"><script type="module" src="/${name}/${OUTPUT}"></script>`);
  });
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  const browser = await launchChromium();
  return {
    open: async (name) => {
      const page = await browser.newPage();
      const failure = new Promise((_, reject) => page.on('pageerror', reject));
      await page.goto(`http://127.0.0.1:${server.address().port}/${name}/`);
      await Promise.race([page.waitForFunction('globalThis.smoke !== undefined', { timeout: 10_000 }), failure]);
      return page.evaluate('globalThis.smoke');
    },
    close: async () => {
      await browser.close();
      server.closeAllConnections();
      server.close();
    },
  };
}

/** `example` is a module that runs anywhere and prints with `console.log`. */
export async function checkBundles(project, { entries, example }) {
  const folder = join(project, 'bundles');
  const module = smoke(entries, example);
  const place = (name) => {
    const at = join(folder, name);
    mkdirSync(at, { recursive: true });
    writeFileSync(join(at, 'smoke.js'), module);
    return at;
  };
  const expected = await check('plain Node runs every entry', async () => {
    const at = place('node');
    writeFileSync(join(at, 'print.mjs'), "await import('./smoke.js');\nprocess.stdout.write(globalThis.smoke);\n");
    const found = await run(process.execPath, ['print.mjs'], { cwd: at });
    const { printed, names } = JSON.parse(found);
    if (printed.length === 0) throw new Error('the example prints nothing');
    const empty = Object.entries(names).filter(([, exported]) => exported.length === 0);
    if (empty.length > 0) throw new Error(`exports nothing: ${empty.map(([name]) => name).join(', ')}`);
    return found;
  });
  const browser = await browserFor(folder);
  try {
    for (const [name, [command, args]] of Object.entries(BUNDLERS)) {
      await check(`${name} bundles every entry, and the bundle does the same in Chromium`, async () => {
        const at = place(name);
        writeFileSync(join(at, 'webpack.mjs'), WEBPACK);
        writeFileSync(join(at, 'vite.config.js'), VITE_CONFIG);
        writeFileSync(join(at, 'index.html'), '<!doctype html><script type="module" src="./smoke.js"></script>\n');
        await run(command === 'node' ? process.execPath : join(project, 'node_modules/.bin', command), args, { cwd: at });
        const found = await browser.open(name);
        if (found !== expected) throw new Error(`${found}\nis not what Node printed:\n${expected}`);
      });
    }
  } finally {
    await browser.close();
  }
}
