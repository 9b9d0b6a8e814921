import type { ConnectOptions } from '../session/options.ts';
import type { ScenarioOptions } from './scenario-row.ts';

const knownOptions = ['T', 'ICE', 'connectTimeout', 'urlTimeout', 'grace', 'urls', 'wait', 'iceScope', 'csDefined', 'sendThrows'];

/** Refuses an option that no scenario knows, rather than running without it. */
export function checkedOptions(options: ScenarioOptions): ScenarioOptions {
  for (const name of Object.keys(options)) {
    if (!knownOptions.includes(name)) throw new Error(`"${name}" is no option of a scenario`);
  }
  return options;
}

/** The labels of `DC <label> still connecting`. */
export function labelsStillConnecting(setup: string | undefined): readonly string[] {
  if (setup === undefined) return [];
  const labels = /^DC (.+) still connecting$/.exec(setup)?.[1];
  if (labels === undefined) throw new Error(`"${setup}" is no setup of a scenario`);
  return labels.split(/[\s,/]+/);
}

/** As many signaling URLs, in the form that the option takes. */
export function signalingUrls(count: number): string | readonly string[] {
  const urls = Array.from({ length: count }, (_, index) => `wss://node${index + 1}.sora.test/signaling`);
  return urls.length === 1 && urls[0] !== undefined ? urls[0] : urls;
}

/** The limits of time that a row sets. */
export function timeoutsOf({ T, ICE, connectTimeout, urlTimeout, grace }: ScenarioOptions): NonNullable<ConnectOptions['timeouts']> {
  return {
    ...(T !== undefined && { disconnectMs: T }),
    ...(ICE !== undefined && { iceDisconnectedMs: ICE }),
    ...(connectTimeout !== undefined && { connectionMs: connectTimeout }),
    ...(urlTimeout !== undefined && { signalingUrlMs: urlTimeout }),
    ...(grace !== undefined && { dataChannelGraceMs: grace }),
  };
}
