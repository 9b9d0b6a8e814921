/**
 * `rx-sora-lab`: an embedded server that speaks Sora's client protocol, for development and tests. Never for production.
 *
 * @packageDocumentation
 */
export { startLab } from './lab.ts';
export type { Lab } from './lab.ts';
export type { LabConnection, LabConnectionEnd, LabConnectionState, LabEndCause } from './lab-connection.ts';
export { LabOptionsError } from './lab-options.ts';
export type { CloseCode, LabCloseCodes, LabOptions } from './lab-options.ts';
export { LabPortError } from './lab-port-error.ts';
export type { LabLogEntry } from './log/log-entry.ts';
export { jsonLine } from './log/json-lines.ts';
export type { LabFaults } from './faults/fault-list.ts';
export type {
  ActionFault,
  Fault,
  FaultKind,
  FaultMatch,
  FaultMoment,
  FaultRule,
  ListedFault,
  OpeningFault,
  ShapingFault,
} from './faults/fault.ts';
export type { FaultDescription } from './faults/fault-kinds.ts';
export type { AuthAllowed, AuthRefused, AuthRequest, AuthResponse } from './wire/auth-webhook.ts';
export type { JsonObject } from './wire/json.ts';
export type { MediaKind, Mode, RequestedRid, Rid, Role, Transport, VideoCodec } from './wire/words.ts';
