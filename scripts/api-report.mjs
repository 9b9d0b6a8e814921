// Compares the public surface of every entry of every package with its report in the package's etc/; `--local` rewrites the reports.
import { Extractor, ExtractorConfig } from '@microsoft/api-extractor';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { FOLDERS, ROOT } from './packages.mjs';

const local = process.argv.includes('--local');

let changed = 0;
for (const folder of FOLDERS) {
  const { name, exports } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
  for (const [entry, target] of Object.entries(exports)) if (typeof target === 'object') compare(folder, name, entry, target.types);
}
if (changed > 0) {
  console.error(
    'The public surface differs from its report. If that is meant: npm run build && npm run api -- --local, and tell it in the CHANGELOG.',
  );
  process.exit(1);
}

function compare(folder, name, entry, types) {
  const report = `${name}${entry === '.' ? '' : `.${entry.slice(2)}`}.api.md`;
  // One configuration for all packages: it is read as if it lay in the package's folder.
  const configObject = ExtractorConfig.loadFile(join(ROOT, 'api-extractor.json'));
  configObject.projectFolder = folder;
  configObject.mainEntryPointFilePath = `<projectFolder>/${types.slice(2)}`;
  configObject.apiReport.reportFileName = report;
  const config = ExtractorConfig.prepare({
    configObject,
    configObjectFullPath: join(folder, 'api-extractor.json'),
    packageJsonFullPath: join(folder, 'package.json'),
  });
  const { succeeded, apiReportChanged } = Extractor.invoke(config, {
    localBuild: local,
    messageCallback: (message) => (message.handled = message.logLevel !== 'error'),
  });
  const same = local || !apiReportChanged;
  console.log(`${same && succeeded !== false ? 'ok  ' : 'FAIL'} ${name}${entry.slice(1)}: etc/${report}`);
  if (!same || (!local && !succeeded)) changed += 1;
}
