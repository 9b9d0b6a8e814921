import type { Agreement } from '../agreement.ts';
import type { Channel } from '../channel/channel.ts';
import type { FaultList } from '../faults/fault-list.ts';
import type { LabSettings } from '../lab-options.ts';
import type { LabLog } from '../log/lab-log.ts';
import type { RtcEndpoint } from '../rtc/endpoint.ts';
import type { JsonObject } from '../wire/json.ts';
import type { Shape } from './shape.ts';
import type { SignalingSocket } from './signaling-socket.ts';

/** What a connection is made of. */
export interface ConnectionParts {
  readonly agreement: Agreement;
  /** The `connect` message as it came. */
  readonly connect: JsonObject;
  readonly socket: SignalingSocket;
  readonly endpoint: RtcEndpoint;
  readonly channel: Channel;
  readonly settings: LabSettings;
  readonly log: LabLog;
  readonly faults: FaultList;
  /** How the lab behaves towards this connection. */
  readonly shape: Shape;
  readonly node: string;
  /** Called when the connection is over. */
  readonly ended: () => void;
  /** Called when nothing of it is left. */
  readonly gone: () => void;
}
