import { isIP } from 'node:net';
import type { LabOptions, LabSettings } from './lab-options.ts';
import { LabOptionsError } from './lab-options-error.ts';
import { isLoopbackName, normalizeHostName } from './access/access-policy.ts';
import { RPC_METHODS } from './wire/rpc-methods.ts';
import { isSendableCloseCode, MAX_CLOSE_REASON_BYTES } from './wire/close-frame.ts';
import { withoutUndefined } from './wire/json.ts';
import { VIDEO_CODECS } from './wire/words.ts';

/** `version` of offers. A real server's looks like `2025.2.0`; this one shows that it comes from the lab (O24). */
export const LAB_VERSION = 'lab-0.1.0';

const MEBIBYTE = 1024 * 1024;

/** Node's timers fire at once beyond this many milliseconds. */
const MAX_TIMER_MS = 2_147_483_647;

const MAX_PORT = 65_535;

const defaults: Omit<LabSettings, 'accessToken' | 'redirect'> = {
  host: '127.0.0.1',
  hostNames: [],
  allowedOrigins: [],
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
  connectWaitTimeoutMs: 5000,
  connectTimeoutMs: 30_000,
  lifetimeMs: 0,
  lingerMs: 1000,
  iceDisconnectedTimeoutMs: 5000,
  iceFailedTimeoutMs: 10_000,
  closeCodes: {
    pongTimeout: { code: 4490, reason: 'PONG-TIMEOUT-ERROR' },
    iceFailed: { code: 4490, reason: 'ICE-CONNECTION-STATE-FAILED' },
    dtlsFailed: { code: 4490, reason: 'LAB-DTLS-FAILED' },
    connectWaitTimeout: { code: 4490, reason: 'CONNECT-WAIT-TIMEOUT-ERROR' },
    answerTimeout: { code: 4490, reason: 'ANSWER-TIMEOUT-ERROR' },
    connectTimeout: { code: 4490, reason: 'CONNECTION-CREATED-WAIT-TIMEOUT-ERROR' },
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
  logCapacityBytes: 64 * MEBIBYTE,
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
  connectWaitTimeoutMs: [0, MAX_TIMER_MS],
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
  logCapacityBytes: [0, 64 * 1024 * MEBIBYTE],
} as const satisfies Partial<Record<keyof LabOptions, readonly [number, number]>>;

const flags = [
  'accessToken',
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

const texts = [
  'host',
  'redirect',
  'version',
  'authWebhookUrl',
  'accessTokenSecret',
  'tlsCert',
  'tlsKey',
  'videoCodec',
  'oversized',
] as const satisfies readonly (keyof LabOptions)[];

const lists = ['hostNames', 'allowedOrigins', 'rpcMethods'] as const satisfies readonly (keyof LabOptions)[];

const others = ['auth', 'compress', 'closeCodes', 'faults'] as const satisfies readonly (keyof LabOptions)[];

/** The names of all options, for the command line and the configuration file. */
export const OPTION_NAMES: readonly string[] = [...Object.keys(numbers), ...flags, ...texts, ...lists, ...others];
export const NUMBER_OPTIONS: readonly string[] = Object.keys(numbers);
export const FLAG_OPTIONS: readonly string[] = flags;
/** Options that are strings. */
export const TEXT_OPTIONS: readonly string[] = texts;
/** Options that are lists of strings. */
export const LIST_OPTIONS: readonly string[] = lists;

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

function checkTypes(options: LabOptions): void {
  for (const name of flags) {
    const value: unknown = options[name];
    if (value !== undefined && typeof value !== 'boolean') refuse(name, 'must be a boolean');
  }
  for (const name of texts) {
    const value: unknown = options[name];
    if (value !== undefined && (typeof value !== 'string' || value === '')) refuse(name, 'must be a string that is not empty');
  }
  for (const name of lists) {
    const value: unknown = options[name];
    if (value !== undefined && !(Array.isArray(value) && value.every((entry) => typeof entry === 'string'))) {
      refuse(name, 'must be a list of strings');
    }
  }
  if (options.auth !== undefined && typeof options.auth !== 'function') refuse('auth', 'must be a function');
}

function checkAuthentication(options: LabOptions): void {
  const { accessToken, accessTokenSecret, authWebhookUrl } = options;
  const hasAuth = options.auth !== undefined;
  if (authWebhookUrl !== undefined && !URL.canParse(authWebhookUrl)) refuse('authWebhookUrl', 'must be a URL');
  if (hasAuth && authWebhookUrl !== undefined) refuse('auth', 'excludes authWebhookUrl');
  if (accessToken === false && accessTokenSecret !== undefined) refuse('accessTokenSecret', 'needs accessToken');
  if (accessToken !== true && accessTokenSecret === undefined) return;
  if (hasAuth || authWebhookUrl !== undefined) refuse('accessToken', 'excludes auth and authWebhookUrl');
}

/** A host name or an IP address, without a port. */
const isHostName = (name: string): boolean => isIP(normalizeHostName(name)) !== 0 || /^[\w.-]+$/.test(name);

/** As browsers send it in the Origin header; `null` is the origin of files and of sandboxed frames. */
const isOrigin = (origin: string): boolean => origin === 'null' || /^[a-z][a-z0-9+.-]*:\/\/[^/?#\s]+$/i.test(origin);

function checkAccess({ host = defaults.host, hostNames = [], allowedOrigins = [], tlsCert, tlsKey }: LabOptions): void {
  const badName = hostNames.find((name) => !isHostName(name));
  if (badName !== undefined) refuse('hostNames', `must hold host names or addresses without a port, not ${badName}`);
  const badOrigin = allowedOrigins.find((origin) => !isOrigin(origin));
  if (badOrigin !== undefined) refuse('allowedOrigins', `must hold origins such as https://app.example, not ${badOrigin}`);
  if (!isLoopbackName(host) && hostNames.length === 0) {
    refuse('hostNames', `is required with host ${host}: list the names and addresses by which clients reach this machine`);
  }
  if (tlsCert !== undefined && tlsKey === undefined) refuse('tlsKey', 'is required with tlsCert');
  if (tlsKey !== undefined && tlsCert === undefined) refuse('tlsCert', 'is required with tlsKey');
}

/** Checks the options and fills in the defaults. @throws LabOptionsError naming the first wrong option. */
export function settingsFrom(options: LabOptions): LabSettings {
  for (const name of Object.keys(options)) if (!OPTION_NAMES.includes(name)) refuse(name, 'is not an option');
  checkNumbers(options);
  checkTypes(options);
  if ((options.port ?? 0) + (options.cluster ?? 1) - 1 > MAX_PORT) refuse('cluster', 'has no room above this port');
  checkOneOf(options, 'redirect', ['never', 'channel-owner']);
  checkOneOf(options, 'oversized', ['drop', 'close']);
  checkOneOf(options, 'videoCodec', VIDEO_CODECS);
  checkCloseCodes(options.closeCodes);
  checkAuthentication(options);
  checkAccess(options);
  const given = withoutUndefined(options);
  return {
    ...defaults,
    redirect: (options.cluster ?? 1) > 1 ? 'channel-owner' : 'never',
    accessToken: options.accessTokenSecret !== undefined,
    ...given,
    closeCodes: { ...defaults.closeCodes, ...withoutUndefined(options.closeCodes ?? {}) },
  };
}
