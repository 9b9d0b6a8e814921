// First step of `npm test` and `npm start`: an optional dependency that did not download is skipped in silence by npm.
const [major = 0] = process.versions.node.split('.').map(Number);
if (major < 22) {
  console.error(`rx-sora's tools need Node 22 or newer, this is ${process.version}: npm ci did not place node_modules/.bin/node.`);
  console.error('Install Node 22 or newer and run npm ci again.');
  process.exit(1);
}
