import type { Health, HealthEvidence } from 'rx-sora';
import { element } from './element.ts';

const light = element('output', 'light');

/** How the call is: a colour, a word, and what it is read from. */
export function showHealth(health: Health | null): void {
  light.dataset['state'] = health?.state ?? 'off';
  light.textContent = health?.state ?? '';
  light.title = health?.evidence.map(wordsOf).join(', ') ?? '';
}

const wordsOf = ({ kind }: HealthEvidence): string => kind.replaceAll('-', ' ');
