/** How a value on the command line is read. `texts` may be given several times; a `switch` has no value and a `--no-` form. */
export type OptionKind = 'number' | 'text' | 'texts' | 'switch' | 'json';

/** One option of the command that is an option of `startLab`. */
export interface TableOption {
  /** Its name in `startLab` and in configuration files. */
  readonly option: string;
  readonly kind: OptionKind;
  /** Without its dashes. Default: the option's name in kebab-case. */
  readonly flag?: string;
  /** What stands for the value in the help. */
  readonly value?: string;
  readonly help: string;
  /** In `--help`; all are in `--help-all`. */
  readonly common?: true;
}

/** The options below one heading of `--help-all`. */
export interface OptionGroup {
  readonly title: string;
  readonly options: readonly TableOption[];
}

/** Every option of `startLab` that can be written down. To add a flag, add its line. Defaults are added to the help from the settings. */
export const OPTION_GROUPS: readonly OptionGroup[] = [
  {
    title: 'Where it listens',
    options: [
      { option: 'port', kind: 'number', value: 'n', common: true, help: 'signaling, API and page; 0 takes a free port' },
      { option: 'host', kind: 'text', value: 'address', common: true, help: 'address to listen on' },
      { option: 'hostNames', kind: 'texts', value: 'name', help: 'a further name it is reached by' },
      { option: 'allowedOrigins', kind: 'texts', value: 'origin', help: 'of pages on other hosts that may use it' },
      { option: 'tlsCert', kind: 'text', value: 'file', help: 'certificate as PEM; serves wss: and https:' },
      { option: 'tlsKey', kind: 'text', value: 'file', help: 'its private key as PEM' },
      { option: 'apiPort', kind: 'number', value: 'n', help: 'a second port for the HTTP API' },
      { option: 'cluster', kind: 'number', value: 'n', common: true, help: 'several nodes, each on a port of its own' },
      { option: 'redirect', kind: 'text', value: 'policy', help: 'never | channel-owner (in a cluster: channel-owner)' },
    ],
  },
  {
    title: 'What clients get',
    options: [
      { option: 'authWebhookUrl', kind: 'text', value: 'url', common: true, help: 'decides who may connect' },
      { option: 'accessToken', kind: 'switch', help: 'claims of metadata.access_token decide' },
      { option: 'accessTokenSecret', kind: 'text', value: 'text', help: 'verifies these tokens (HS256)' },
      { option: 'dataChannelSignaling', kind: 'switch', common: true, help: 'for clients that do not set it' },
      { option: 'ignoreDisconnectWebSocket', kind: 'switch', help: 'for clients that do not set it' },
      { option: 'compress', kind: 'switch', help: 'built-in DataChannels carry plain text' },
      { option: 'messaging', kind: 'switch', help: 'no # channels' },
      { option: 'rpc', kind: 'switch', help: 'no channel rpc' },
      { option: 'rpcMethods', kind: 'json', value: 'json', help: 'a list of method names' },
      { option: 'bundleId', kind: 'switch', help: 'clients may set bundle_id' },
      { option: 'notify', kind: 'switch', help: 'no notify messages' },
      { option: 'notifyMetadata', kind: 'switch', help: 'notify messages without metadata' },
      { option: 'closeMessage', kind: 'switch', common: true, help: 'type: close before DataChannel-only connections end' },
      { option: 'normalCloseReason', kind: 'switch', help: 'code 1000 carries its reason' },
      { option: 'closeCodes', kind: 'json', value: 'json', help: 'codes and reasons of ends that the vendor does not document' },
      { option: 'videoCodec', kind: 'text', value: 'name', common: true, help: 'for clients that name none' },
      { option: 'spotlightNumber', kind: 'number', value: 'n', help: 'for clients that name none' },
      { option: 'version', flag: 'offer-version', kind: 'text', value: 'text', help: 'version in the offer' },
    ],
  },
  {
    title: 'Time, in milliseconds; 0 switches a timer off',
    options: [
      { option: 'pingIntervalMs', kind: 'number', value: 'n', help: 'between two pings on the WebSocket' },
      { option: 'pongTimeoutMs', kind: 'number', value: 'n', help: 'without a pong the connection ends' },
      { option: 'pingStatsEvery', kind: 'number', value: 'n', help: 'every n-th ping asks for statistics; 0 never' },
      { option: 'statsIntervalMs', kind: 'number', value: 'n', help: 'between two req-stats' },
      { option: 'updateIntervalMs', kind: 'number', value: 'n', help: 'between two connection.updated' },
      { option: 'connectWaitTimeoutMs', kind: 'number', value: 'n', help: 'a WebSocket without connect is closed' },
      { option: 'connectTimeoutMs', kind: 'number', value: 'n', common: true, help: 'until the media path is up' },
      { option: 'lifetimeMs', kind: 'number', value: 'n', common: true, help: 'of every connection; 0 has no limit' },
      { option: 'lingerMs', kind: 'number', value: 'n', help: 'an ended connection is still listened to' },
      { option: 'iceDisconnectedTimeoutMs', kind: 'number', value: 'n', help: 'supervision of ICE' },
      { option: 'iceFailedTimeoutMs', kind: 'number', value: 'n', help: 'supervision of ICE' },
    ],
  },
  {
    title: 'Limits',
    options: [
      { option: 'maxConnections', kind: 'number', value: 'n', help: 'at one time' },
      { option: 'maxUserChannels', kind: 'number', value: 'n', help: '# channels of one connection' },
      { option: 'maxMessagesPerSecond', kind: 'number', value: 'n', help: 'per client; 0 has no limit' },
      { option: 'maxWebSocketMessageBytes', kind: 'number', value: 'n', help: 'a larger message closes the WebSocket' },
      { option: 'maxDataChannelMessageBytes', kind: 'number', value: 'n', help: 'as sent' },
      { option: 'maxInflatedBytes', kind: 'number', value: 'n', help: 'after inflating' },
      { option: 'oversized', kind: 'text', value: 'what', help: 'drop | close' },
      { option: 'logCapacity', kind: 'number', value: 'n', help: 'log entries that late readers still get' },
      { option: 'logCapacityBytes', kind: 'number', value: 'n', help: 'memory that these entries may take' },
    ],
  },
  {
    title: 'Faults',
    options: [
      { option: 'faults', kind: 'json', value: 'json', common: true, help: 'rules; [{"fault":{"kind":"offer-delayed","ms":500}}]' },
    ],
  },
];

export const OPTION_TABLE: readonly TableOption[] = OPTION_GROUPS.flatMap(({ options }) => options);

/** The port that a signaling server without TLS usually has. */
export const DEFAULT_PORT = 5000;

const kebabCase = (name: string): string => name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);

/** The flag of an option, without its dashes. */
export const flagOf = ({ option, flag }: TableOption): string => flag ?? kebabCase(option);
