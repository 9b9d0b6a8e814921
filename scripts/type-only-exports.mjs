import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

/** A member of a namespace that comes from another chunk, as the plugin writes it: `declare const wire_OfferMessage: typeof OfferMessage;`. */
const MEMBER = /^declare const (\w+_\w+): typeof ([\w$]+);\n/gm;

/** Makes an import of each such member, which may be a type, and generic. */
const importMembers = (text) =>
  [...text.matchAll(MEMBER)].reduce(
    (done, [, alias, name]) => done.replace(new RegExp(`([\\w$]+) as ${RegExp.escape(name)}(?=[, ])`), `$&, $1 as ${alias}`),
    text.replaceAll(MEMBER, ''),
  );

/**
 * A plugin for the declarations, which are built after the JavaScript: an entry exports as a type what its JavaScript does not have. rollup-plugin-dts lists classes and
 * namespaces that the sources export as types only among the values, so that an import that compiles would be undefined. It also takes the members of a namespace for
 * values where they come from another chunk.
 */
export const typeOnlyExports = (dist) => ({
  name: 'type-only-exports',
  async writeBundle(_, bundle) {
    for (const chunk of Object.values(bundle)) {
      if (chunk.type !== 'chunk' || !chunk.isEntry) continue;
      const javascript = join(dist, chunk.fileName.replace(/\.d\.ts$/, '.js'));
      const values = Object.keys(await import(pathToFileURL(javascript).href));
      const declarations = join(dist, chunk.fileName);
      const text = importMembers(readFileSync(declarations, 'utf8')).replace(/^export \{ (.*) \};$/gm, (_line, names) => {
        const list = names.split(', ').map((name) => (values.includes(name.replace(/^.* as /, '')) ? name : `type ${name}`));
        return `export { ${list.join(', ')} };`;
      });
      writeFileSync(declarations, text);
    }
  },
});
