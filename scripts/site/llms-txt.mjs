// Writes llms.txt, a list of the pages for programs that read text, and beside each page its Markdown. @source https://llmstxt.org
import { copyFileSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { GUIDES, PROJECT, REFERENCE } from '../../docs/.vitepress/navigation.ts';
import { STAGED } from './stage.mjs';

export function writeLlmsTxt(dist) {
  const line = (page) => {
    const text = readFileSync(join(STAGED, `${page}.md`), 'utf8');
    mkdirSync(dirname(join(dist, page)), { recursive: true });
    copyFileSync(join(STAGED, `${page}.md`), join(dist, `${page}.md`));
    return `- [${/^# (.+)$/m.exec(text)?.[1] ?? page}](/${page}.md)`;
  };
  const section = (title, pages) => ['', `## ${title}`, '', ...pages.filter((page) => existsSync(join(STAGED, `${page}.md`))).map(line)];
  const guides = (language) => GUIDES.flatMap(({ pages }) => pages.map((page) => (language === 'en' ? page : `${language}/${page}`)));
  const lines = [
    '# rx-sora',
    '',
    '> A TypeScript SDK for the WebRTC SFU Sora: a session as RxJS streams, and one `termination$` that emits, exactly once, why it ended.',
    '> The package `rx-sora-lab` is a server that speaks the client protocol of Sora, for development and tests.',
    ...section('Guides', guides('en')),
    ...section('Reference', REFERENCE.pages),
    ...section('ガイド', guides('ja')),
    ...section('Optional', PROJECT.pages),
    '',
  ];
  writeFileSync(join(dist, 'llms.txt'), lines.join('\n'));
  const everything = guides('en').filter((page) => existsSync(join(STAGED, `${page}.md`)));
  writeFileSync(
    join(dist, 'llms-full.txt'),
    everything.map((page) => readFileSync(join(STAGED, `${page}.md`), 'utf8').trim()).join('\n\n---\n\n') + '\n',
  );
}
