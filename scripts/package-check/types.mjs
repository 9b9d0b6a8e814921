// The packed declarations, as projects with different compilers and settings read them. Nothing is left unchecked: `skipLibCheck` is off.
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { check, each, run } from './check.mjs';

/** Each is installed under a name of its own, beside the others. */
export const COMPILERS = ['5.4.3', '5.9.3', '6.0.3', '7.0.2'];
export const compilerPackages = COMPILERS.map((version) => `typescript-${version}@npm:typescript@${version}`);

const DOM = ['dom', 'dom.iterable'];

/** The settings of one project after the other. Some settings are a matter of one compiler: `node10` is gone from 7.0. */
const SETTINGS = [
  { title: 'nodenext', options: { module: 'nodenext' } },
  { title: 'nodenext, exactOptionalPropertyTypes', options: { module: 'nodenext', exactOptionalPropertyTypes: true } },
  {
    title: 'bundler, everything of lib esnext',
    options: { module: 'esnext', moduleResolution: 'bundler', lib: ['esnext'] },
    only: ['7.0.2'],
  },
  { title: 'node10', options: { module: 'esnext', moduleResolution: 'node10' }, only: ['5.9.3'] },
];

const diagnosticsOf = async (project, compiler, folder) => {
  const tsc = join(project, 'node_modules', `typescript-${compiler}`, 'bin/tsc');
  try {
    await run(process.execPath, [tsc, '-p', folder, '--pretty', 'false'], { cwd: project });
    return [];
  } catch (error) {
    const lines = (error.stdout ?? '').split('\n').filter((line) => line.includes('error TS'));
    if (lines.length === 0) throw error;
    return lines;
  }
};

/**
 * Compiles `examples` (texts of modules) of the package with every compiler and setting. `dom`: the package is for browsers and needs no
 * types of Node; otherwise the other way round.
 */
export async function checkTypes(project, { name, examples, dom, compilers = COMPILERS }) {
  const folder = join(project, 'types', name);
  mkdirSync(folder, { recursive: true });
  const files = examples.map((text, index) => {
    writeFileSync(join(folder, `example-${index}.ts`), text);
    return `../example-${index}.ts`;
  });
  const rows = compilers.flatMap((compiler) =>
    SETTINGS.filter(({ only = [compiler] }) => only.includes(compiler)).map((settings) => ({ compiler, ...settings })),
  );
  await each(rows, 2, async ({ compiler, title, options }) => {
    await check(`${name}: types with TypeScript ${compiler}, ${title}`, async () => {
      const place = join(folder, `${compiler} ${title}`);
      mkdirSync(place);
      const { lib = ['es2023'], ...rest } = options;
      const compilerOptions = {
        strict: true,
        target: 'es2022',
        skipLibCheck: false,
        noEmit: true,
        types: dom ? [] : ['node'],
        lib: dom ? [...lib, ...DOM] : lib,
        ...rest,
      };
      writeFileSync(join(place, 'tsconfig.json'), JSON.stringify({ compilerOptions, files }));
      const diagnostics = await diagnosticsOf(project, compiler, place);
      if (diagnostics.length > 0) throw new Error(diagnostics.join('\n'));
    });
  });
}
