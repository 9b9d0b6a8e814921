// What an application pays for what it imports: bytes of gzip of esbuild's minified bundle over the built entry, without RxJS. `--check` compares with
// size-budgets.json, `--json` prints data.
import { existsSync, readFileSync } from 'node:fs';
import { gzipSync } from 'node:zlib';
import { build } from 'esbuild';

const root = new URL('../', import.meta.url);
const fromRoot = (path) => new URL(path, root).pathname;

const budgets = JSON.parse(readFileSync(fromRoot('scripts/size-budgets.json'), 'utf8'));
const manifest = JSON.parse(readFileSync(fromRoot('package.json'), 'utf8'));
const entries = Object.entries(manifest.exports)
  .filter(([, target]) => typeof target === 'object')
  .map(([name, target]) => [name.replace(/^\./, 'rx-sora'), fromRoot(target.default)]);

for (const [name, path] of entries) {
  if (!existsSync(path)) throw new Error(`${name} is not built: npm run build:sdk comes first`);
}
const [[, main]] = entries;

async function sizeOf(contents) {
  const { outputFiles } = await build({
    stdin: { contents, resolveDir: root.pathname, loader: 'js' },
    bundle: true,
    minify: true,
    write: false,
    format: 'esm',
    target: 'es2022',
    platform: 'browser',
    external: ['rxjs', 'rx-sora', 'rx-sora/*', '@angular/*', '@opentelemetry/*'],
    legalComments: 'none',
    logLevel: 'error',
  });
  const [file] = outputFiles;
  return { minifiedBytes: file.contents.byteLength, gzippedBytes: gzipSync(file.contents, { level: 9 }).byteLength };
}

const importing = (names) => sizeOf(`export { ${names.join(', ')} } from ${JSON.stringify(main)};`);

/** Packages beside the SDK that applications load, with what is theirs and not of the SDK. */
const others = ['inspector'].map((folder) => [`rx-sora-${folder}`, fromRoot(`packages/${folder}/dist/index.js`)]);
for (const [name, path] of others) {
  if (!existsSync(path)) throw new Error(`${name} is not built: npm run build comes first`);
}

/** The names of the functions and classes of the built entry. */
const names = Object.keys(await import(main)).filter((name) => name !== 'version');

const connect = await importing(['connect']);
const rows = [{ name: '`connect`', ...connect, budgetBytes: budgets.connect }];
for (const name of names.filter((each) => each !== 'connect')) {
  const alone = await importing([name]);
  const together = await importing(['connect', name]);
  rows.push({
    name: `\`${name}\``,
    ...alone,
    addedBytes: together.gzippedBytes - connect.gzippedBytes,
    budgetBytes: budgets.functions[name],
  });
}
rows.push({ name: 'everything', ...(await sizeOf(`export * from ${JSON.stringify(main)};`)), budgetBytes: budgets.everything });
for (const [name, path] of entries.slice(1)) {
  const { over, bytes } = Object(budgets.entries[name]);
  const all = `export * from ${JSON.stringify(path)};`;
  const row = { name: `all of \`${name}\``, ...(await sizeOf(all)), budgetBytes: bytes ?? budgets.entries[name] };
  if (over === undefined) rows.push(row);
  else {
    // An entry that stands on functions of the first: what it adds to them.
    const those = await importing(over);
    const together = await sizeOf(`${all} export { ${over.join(', ')} } from ${JSON.stringify(main)};`);
    rows.push({ ...row, name: `${row.name}, over ${over.join(', ')}`, addedBytes: together.gzippedBytes - those.gzippedBytes });
  }
}

for (const [name, path] of others) {
  rows.push({ name: `\`${name}\``, ...(await sizeOf(`import ${JSON.stringify(path)};`)), budgetBytes: budgets.packages[name] });
}

if (process.argv.includes('--json')) console.log(JSON.stringify(rows));
else {
  const cell = (bytes) => String(bytes ?? '').padStart(8);
  console.log(`minified  gzipped  added to connect  budget`);
  for (const { name, minifiedBytes, gzippedBytes, addedBytes, budgetBytes } of rows)
    console.log(`${cell(minifiedBytes)} ${cell(gzippedBytes)} ${cell(addedBytes)}          ${cell(budgetBytes)}  ${name}`);
}

if (process.argv.includes('--check')) {
  // The budget of a function is what it adds to `connect`; of everything else, the whole.
  const judged = rows.map((row) => ({ ...row, paidBytes: row.addedBytes ?? row.gzippedBytes }));
  const missing = judged.filter(({ budgetBytes }) => budgetBytes === undefined).map(({ name }) => `${name} has no budget`);
  const over = judged
    .filter(({ paidBytes, budgetBytes }) => paidBytes > budgetBytes)
    .map(({ name, paidBytes, budgetBytes }) => `${name}: ${paidBytes} B, ${paidBytes - budgetBytes} B more than its budget`);
  const known = new Set([...names, ...[...entries, ...others].map(([name]) => name)]);
  const stale = Object.keys({ ...budgets.functions, ...budgets.entries, ...budgets.packages })
    .filter((name) => !known.has(name))
    .map((name) => `${name} has a budget and does not exist`);
  const complaints = [...missing, ...over, ...stale];
  if (complaints.length > 0) {
    console.error(`Sizes, in scripts/size-budgets.json:\n${complaints.join('\n')}`);
    process.exit(1);
  }
}
