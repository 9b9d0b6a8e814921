import { LabOptionsError, type LabOptions, type LabSettings } from './lab-options.ts';
import { RPC_METHODS } from './rpc/method-names.ts';
import { isSendableCloseCode, MAX_CLOSE_REASON_BYTES } from './wire/close-frame.ts';
import { withoutUndefined } from './wire/json.ts';
import { VIDEO_CODECS } from './wire/words.ts';

/** `version` of offers. A real server's looks like `2025.2.0`; this one shows that it is none (O24). */
export const LAB_VERSION = 'lab-0.1.0';

const MEBIBYTE = 1024 * 1024;

/** Timers of Node (and of browsers) fire at once beyond this many milliseconds. */
const MAX_TIMER_MS = 2_147_483_647;

const MAX_PORT = 65_535;

const defaults: Omit<LabSettings, 'auth' | 'authWebhookUrl' | 'apiPort' | 'faults' | 'redirect'> = {
  host: '127.0.0.1',
  port: 0,
  cluster: 1,
  version: LAB_VERSION,
  dataChannelSignaling: false,
  ignoreDisconnectWebSocket: false,
  compress: true,
  messaging: true,
  rpc: true,
  rpcMethods: RPC_METHODS,
  bundleId: false,
  notify: true,
  notifyMetadata: true,
  closeMessage: false,
  normalCloseReason: false,
  videoCodec: 'VP9',
  spotlightNumber: 3,
  pingIntervalMs: 5000,
  pongTimeoutMs: 60_000,
  pingStatsEvery: 0,
  statsIntervalMs: 15_000,
  updateIntervalMs: 60_000,
  connectTimeoutMs: 60_000,
  lifetimeMs: 0,
  lingerMs: 1000,
  iceDisconnectedTimeoutMs: 5000,
  iceFailedTimeoutMs: 10_000,
  closeCodes: {
    pongTimeout: { code: 4490, reason: 'LAB-PONG-TIMEOUT' },
    iceFailed: { code: 4490, reason: 'LAB-ICE-FAILED' },
    connectTimeout: { code: 4490, reason: 'TIMEOUT' },
    stopped: { code: 1000, reason: 'LAB-STOPPED' },
  },
  maxConnections: 1000,
  maxWebSocketMessageBytes: MEBIBYTE,
  maxDataChannelMessageBytes: 262_144,
  maxInflatedBytes: 4 * MEBIBYTE,
  oversized: 'drop',
  maxMessagesPerSecond: 0,
  maxUserChannels: 32,
  logCapacity: 10_000,
};

/** Inclusive limits of every number among the options. */
const numbers = {
  port: [0, MAX_PORT],
  apiPort: [0, MAX_PORT],
  cluster: [1, 8],
  spotlightNumber: [1, 8],
  pingIntervalMs: [0, MAX_TIMER_MS],
  pongTimeoutMs: [0, MAX_TIMER_MS],
  pingStatsEvery: [0, 1_000_000],
  statsIntervalMs: [0, MAX_TIMER_MS],
  updateIntervalMs: [0, MAX_TIMER_MS],
  connectTimeoutMs: [0, MAX_TIMER_MS],
  lifetimeMs: [0, MAX_TIMER_MS],
  lingerMs: [0, MAX_TIMER_MS],
  iceDisconnectedTimeoutMs: [1, MAX_TIMER_MS],
  iceFailedTimeoutMs: [1, MAX_TIMER_MS],
  maxConnections: [1, 100_000],
  maxWebSocketMessageBytes: [1024, 1024 * MEBIBYTE],
  maxDataChannelMessageBytes: [1024, 1024 * MEBIBYTE],
  maxInflatedBytes: [1024, 1024 * MEBIBYTE],
  maxMessagesPerSecond: [0, 1_000_000],
  maxUserChannels: [0, 1000],
  logCapacity: [0, 10_000_000],
} as const satisfies Partial<Record<keyof LabOptions, readonly [number, number]>>;

const flags = [
  'dataChannelSignaling',
  'ignoreDisconnectWebSocket',
  'messaging',
  'rpc',
  'bundleId',
  'notify',
  'notifyMetadata',
  'closeMessage',
  'normalCloseReason',
] as const satisfies readonly (keyof LabOptions)[];

const others = [
  'host',
  'redirect',
  'version',
  'auth',
  'authWebhookUrl',
  'compress',
  'rpcMethods',
  'videoCodec',
  'closeCodes',
  'oversized',
  'faults',
] as const;

/** Every option's name, for the command line and the configuration file. */
export const OPTION_NAMES: readonly string[] = [...Object.keys(numbers), ...flags, ...others];
export const NUMBER_OPTIONS: readonly string[] = Object.keys(numbers);
export const FLAG_OPTIONS: readonly string[] = flags;

const refuse = (path: string, message: string): never => {
  throw new LabOptionsError(path, message);
};

function checkNumbers(options: LabOptions): void {
  for (const [name, [low, high]] of Object.entries(numbers) as [keyof typeof numbers, readonly [number, number]][]) {
    const value: unknown = options[name];
    if (value === undefined) continue;
    if (typeof value !== 'number' || !Number.isInteger(value) || value < low || value > high) {
      refuse(name, `must be an integer from ${low} to ${high}`);
    }
  }
}

function checkOneOf(options: LabOptions, name: 'redirect' | 'oversized' | 'videoCodec', allowed: readonly string[]): void {
  const value: unknown = options[name];
  if (value !== undefined && !allowed.some((candidate) => candidate === value)) refuse(name, `must be one of ${allowed.join(', ')}`);
}

function checkCloseCodes(codes: LabOptions['closeCodes']): void {
  for (const [name, given] of Object.entries(codes ?? {})) {
    if (!Object.hasOwn(defaults.closeCodes, name)) refuse(`closeCodes.${name}`, 'is not known');
    if (!isSendableCloseCode(given.code)) refuse(`closeCodes.${name}.code`, 'cannot be sent in a Close frame');
    if (typeof given.reason !== 'string' || Buffer.byteLength(given.reason) > MAX_CLOSE_REASON_BYTES) {
      refuse(`closeCodes.${name}.reason`, `must be a string of at most ${MAX_CLOSE_REASON_BYTES} bytes`);
    }
  }
}

function checkOthers(options: LabOptions): void {
  const { host, authWebhookUrl, rpcMethods, version }: Record<string, unknown> = { ...options };
  if (host !== undefined && (typeof host !== 'string' || host === '')) refuse('host', 'must be a host name or an address');
  if (version !== undefined && typeof version !== 'string') refuse('version', 'must be a string');
  if (options.auth !== undefined && typeof options.auth !== 'function') refuse('auth', 'must be a function');
  if (authWebhookUrl !== undefined && (typeof authWebhookUrl !== 'string' || !URL.canParse(authWebhookUrl)))
    refuse('authWebhookUrl', 'must be a URL');
  if (options.auth !== undefined && authWebhookUrl !== undefined) refuse('auth', 'excludes authWebhookUrl');
  if (rpcMethods !== undefined && !(Array.isArray(rpcMethods) && rpcMethods.every((entry) => typeof entry === 'string'))) {
    refuse('rpcMethods', 'must be a list of strings');
  }
}

/** Checks the options and fills in the defaults. @throws LabOptionsError naming the first wrong option. */
export function settingsFrom(options: LabOptions): LabSettings {
  for (const name of Object.keys(options)) if (!OPTION_NAMES.includes(name)) refuse(name, 'is not an option');
  checkNumbers(options);
  for (const name of flags) {
    const value: unknown = options[name];
    if (value !== undefined && typeof value !== 'boolean') refuse(name, 'must be a boolean');
  }
  if ((options.port ?? 0) + (options.cluster ?? 1) - 1 > MAX_PORT) refuse('cluster', 'has no room above this port');
  checkOneOf(options, 'redirect', ['never', 'channel-owner']);
  checkOneOf(options, 'oversized', ['drop', 'close']);
  checkOneOf(options, 'videoCodec', VIDEO_CODECS);
  checkCloseCodes(options.closeCodes);
  checkOthers(options);
  const given = withoutUndefined(options);
  return {
    ...defaults,
    redirect: (options.cluster ?? 1) > 1 ? 'channel-owner' : 'never',
    ...given,
    closeCodes: { ...defaults.closeCodes, ...withoutUndefined(options.closeCodes ?? {}) },
  };
}
