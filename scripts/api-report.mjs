// Compares the public surface of every entry with its report in etc/; `--local` rewrites the reports.
import { Extractor, ExtractorConfig } from '@microsoft/api-extractor';
import { readFileSync } from 'node:fs';

const local = process.argv.includes('--local');
const { name, exports } = JSON.parse(readFileSync('package.json', 'utf8'));
const entries = Object.entries(exports).filter(([, target]) => typeof target === 'object');

let changed = 0;
for (const [entry, { types }] of entries) {
  const suffix = entry === '.' ? '' : `.${entry.slice(2)}`;
  const configObject = ExtractorConfig.loadFile('api-extractor.json');
  configObject.mainEntryPointFilePath = `<projectFolder>/${types.slice(2)}`;
  configObject.apiReport.reportFileName = `${name}${suffix}.api.md`;
  const config = ExtractorConfig.prepare({
    configObject,
    configObjectFullPath: `${process.cwd()}/api-extractor.json`,
    packageJsonFullPath: `${process.cwd()}/package.json`,
  });
  const { succeeded, apiReportChanged } = Extractor.invoke(config, {
    localBuild: local,
    messageCallback: (message) => (message.handled = message.logLevel !== 'error'),
  });
  const same = local || !apiReportChanged;
  console.log(`${same && succeeded !== false ? 'ok  ' : 'FAIL'} ${name}${entry.slice(1)}: etc/${name}${suffix}.api.md`);
  if (!same || (!local && !succeeded)) changed += 1;
}
if (changed > 0) {
  console.error(
    'The public surface differs from its report. If that is meant: npm run build && npm run api -- --local, and tell it in the CHANGELOG.',
  );
  process.exit(1);
}
