import { deflateSync } from 'node:zlib';
import type { ActionFault } from '../faults/fault.ts';
import type { RtcPeer } from '../rtc/endpoint.ts';
import type { JsonObject } from '../wire/json.ts';
import { deflate, type Frame } from '../wire/payload-codec.ts';
import type { Transport } from '../wire/words.ts';
import type { DataChannels } from './data-channels.ts';
import type { MessageSender } from './message-sender.ts';
import type { SignalingSocket } from './signaling-socket.ts';

/** The parts of a connection that a fault acts on. */
export interface FaultTarget {
  readonly socket: SignalingSocket;
  readonly peer: RtcPeer;
  readonly channels: DataChannels;
  readonly sender: MessageSender;
  /** Makes a re-offer although nothing changed. */
  readonly reOffer: () => JsonObject;
}

const INVALID_JSON = '{"type":';

function sendMessage(target: FaultTarget, message: JsonObject, transport: Transport | undefined, label = 'signaling'): void {
  if ((transport ?? target.sender.transport) === 'websocket') target.sender.sendOnWebSocket(message);
  else target.sender.sendOnChannel(label, message);
}

/** A `notify` of at least this size. */
const hugeNotify = (bytes: number): string => JSON.stringify({ type: 'notify', event_type: 'lab.oversized', padding: 'x'.repeat(bytes) });

/** Zero bytes as this channel carries them: a deflate bomb where it is compressed. */
const hugeFrame = (target: FaultTarget, label: string, bytes: number): Frame =>
  target.channels.agreed(label)?.compress === true ? deflateSync(Buffer.alloc(bytes)) : Buffer.alloc(bytes);

const malformedFrame = (target: FaultTarget, label: string, text: string): Frame =>
  target.channels.agreed(label)?.compress === true ? deflate(Buffer.from(text)) : text;

function performOnChannel(target: FaultTarget, fault: Extract<ActionFault, { readonly label: string }>): void {
  const { channels } = target;
  switch (fault.kind) {
    case 'channel-reopened':
    case 'channel-unannounced':
      channels.openExtra(fault.label);
      return;
    case 'channel-malformed':
      channels.sendFrame(fault.label, malformedFrame(target, fault.label, fault.text ?? INVALID_JSON));
      return;
    case 'channel-bad-deflate':
      channels.sendFrame(fault.label, Uint8Array.of(0x78, 0x9c, 0xff, 0xff, 0x00));
      return;
    case 'channel-text':
      channels.sendFrame(fault.label, fault.text ?? '{"type":"lab-text"}');
      return;
    case 'channel-oversized':
      channels.sendFrame(fault.label, hugeFrame(target, fault.label, fault.bytes));
      return;
  }
}

/** Performs an action that concerns the WebSocket alone; false for any other. */
export function performOnSocket(socket: SignalingSocket, fault: ActionFault): boolean {
  switch (fault.kind) {
    case 'websocket-close':
      socket.close(fault.code, fault.reason ?? '');
      return true;
    case 'websocket-cut':
      socket.cut();
      return true;
    case 'websocket-reset':
      socket.reset();
      return true;
    case 'websocket-frozen':
      socket.freeze();
      return true;
    case 'websocket-malformed':
      socket.send(fault.text ?? INVALID_JSON);
      return true;
    case 'websocket-binary':
      socket.send(Buffer.from(fault.text ?? '{"type":"ping"}'));
      return true;
    case 'websocket-oversized':
      socket.send(hugeNotify(fault.bytes));
      return true;
    default:
      return false;
  }
}

/** Performs one action. Does nothing where what it acts on has ended already. */
export function performFault(target: FaultTarget, fault: ActionFault): void {
  if (!performOnSocket(target.socket, fault)) performOnConnection(target, fault);
}

function performOnConnection(target: FaultTarget, fault: ActionFault): void {
  const { socket, peer, channels } = target;
  switch (fault.kind) {
    case 'message':
      sendMessage(target, fault.message, fault.transport, fault.label);
      return;
    case 're-offer':
      if (peer.state === 'closed') return;
      for (let count = fault.count ?? 1; count > 0; count -= 1) sendMessage(target, target.reOffer(), fault.transport);
      return;
    case 'channel-close':
      channels.close(fault.labels);
      return;
    case 'close-message': {
      const { code, reason } = fault;
      target.sender.sendOnChannel('signaling', {
        type: 'close',
        ...(code === undefined ? {} : { code }),
        ...(reason === undefined ? {} : { reason }),
      });
      return;
    }
    case 'sctp-abort':
      peer.abortSctp();
      return;
    case 'dtls-close':
      peer.closeDtls({ notify: fault.notify ?? true });
      return;
    case 'peer-silent':
      peer.silence(true);
      return;
    case 'silent':
      socket.freeze();
      peer.silence(true);
      return;
    case 'network':
      peer.impair({ lossRatio: fault.lossRatio ?? 0, delayMs: fault.delayMs ?? 0, jitterMs: fault.jitterMs ?? 0 });
      return;
    case 'resume':
      socket.thaw();
      peer.silence(false);
      peer.impair({});
      return;
    case 'channel-reopened':
    case 'channel-unannounced':
    case 'channel-malformed':
    case 'channel-bad-deflate':
    case 'channel-text':
    case 'channel-oversized':
      performOnChannel(target, fault);
      return;
    default:
      return;
  }
}
