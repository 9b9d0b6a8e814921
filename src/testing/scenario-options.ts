import type { ConnectOptions } from '../session/options.ts';
import type { ScenarioMode, ScenarioOptions, ScenarioStart } from './scenario-row.ts';

/** The states in which a scenario may begin, in the order in which they are reached. */
export const starts: readonly ScenarioStart[] = ['idle', 'opening', 'signaling', 'negotiating', 'connected', 'switched'];

/** A row may come from JSON: a mode that there is not would be taken for another. */
export function checkedMode(mode: ScenarioMode): ScenarioMode {
  return oneOf(['W', 'M', 'D'], mode, 'mode');
}

/** The same for the state in which it begins. */
export function checkedStart(start: ScenarioStart): ScenarioStart {
  return oneOf(starts, start, 'start');
}

function oneOf<Known>(known: readonly Known[], value: Known, what: string): Known {
  if (known.includes(value)) return value;
  throw new Error(`${JSON.stringify(value)} is no ${what} of a scenario: it is one of ${known.join(', ')}`);
}

const knownOptions = ['T', 'ICE', 'connectTimeout', 'urlTimeout', 'grace', 'urls', 'wait', 'iceScope', 'csDefined', 'sendThrows'];

/** Refuses an option that no scenario knows, rather than running without it. */
export function checkedOptions(options: ScenarioOptions): ScenarioOptions {
  for (const name of Object.keys(options)) {
    if (!knownOptions.includes(name)) throw new Error(`"${name}" is no option of a scenario: those are ${knownOptions.join(', ')}`);
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
