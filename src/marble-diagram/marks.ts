import type { TimelineEntry } from '../timeline/timeline.ts';

/** How a mark is drawn. */
export type Shape = 'open' | 'close' | 'error' | 'sent' | 'received' | 'command' | 'state' | 'note' | 'timer';

/** How much room a mark may claim where there is little: 0 for what comes in crowds, 4 for the cause and the end. */
export type Weight = 0 | 1 | 2 | 3 | 4;

/** One entry of the timeline in its lane. */
export interface Mark {
  /** A key of {@link laneKeys}, or `channel ` and a label. */
  readonly lane: string;
  readonly at: number;
  readonly weight: Weight;
  readonly shape: Shape;
  /** Place of the entry in the list; -1 for a mark that no entry stands behind. */
  readonly index: number;
  /** The state that begins here, where the lane shows states. */
  readonly state?: string;
}

/** The lanes that every diagram has, from top to bottom; those of the channels stand below the WebSocket. */
export const laneKeys = ['session', 'websocket', 'peer-connection', 'ice', 'commands', 'termination'] as const;

export const channelLane = (label: string): string => `channel ${label}`;

/** Messages that come in crowds and explain little. */
const CROWD: ReadonlySet<string> = new Set(['ping', 'pong', 'notify', 'push', 'stats', 'req-stats', 'candidate']);

/** Messages that move a session on. */
const STEPS: ReadonlySet<string> = new Set(['connect', 'offer', 'answer', 'switched', 'redirect', 're-offer', 're-answer', 'update']);

/** Members of the detail that a mark looks at; each may be absent. */
interface Detail {
  readonly label?: string;
  readonly state?: string;
  readonly direction?: string;
  readonly ignored?: true;
  readonly standing?: string;
}

/** Where and how an entry is drawn. Entries of unknown sources, which a later version may write, stand among the commands. */
export function markOf(entry: TimelineEntry, index: number): Mark {
  const { at, source, what } = entry;
  const { label, state, direction, ignored, standing } = (entry.detail ?? {}) as Detail;
  const mark = (lane: string, shape: Shape, weight: Weight, begins?: string): Mark => ({
    lane,
    at,
    weight,
    shape,
    index,
    ...(begins !== undefined && { state: begins }),
  });
  switch (source) {
    case 'session':
      return mark('session', 'state', what === 'ended' || what === 'ending' ? 4 : 3, what);
    case 'websocket':
      if (standing !== undefined) return mark('websocket', 'note', 1);
      return mark('websocket', what === 'open' || what === 'close' ? what : 'error', what === 'open' ? 2 : 3);
    case 'datachannel':
      return channelMark(what, channelLane(label ?? ''), mark);
    case 'peer-connection':
      if (what === 'connectionstatechange') return mark(source, 'state', 3, state ?? '');
      if (what === 'iceconnectionstatechange') return mark('ice', 'state', 3, state ?? '');
      return what === 'icecandidate' || what === 'icegatheringstatechange'
        ? mark('ice', 'note', 0)
        : mark(source, 'note', what === 'track' ? 1 : 0);
    case 'signaling': {
      const lane = label === undefined ? 'websocket' : channelLane(label);
      if (what === 'invalid') return mark(lane, 'error', 3);
      const weight = ignored === true || CROWD.has(what) ? 0 : STEPS.has(what) ? 2 : what === 'close' || what === 'disconnect' ? 3 : 1;
      return mark(lane, direction === 'sent' ? 'sent' : 'received', weight);
    }
    default:
      if (what === 'failure') return mark('commands', 'error', 3);
      return what === 'disconnect' ? mark('commands', 'command', 3) : mark('commands', 'note', 1);
  }
}

function channelMark(what: string, lane: string, mark: (lane: string, shape: Shape, weight: Weight) => Mark): Mark {
  switch (what) {
    case 'open':
      return mark(lane, 'open', 2);
    case 'close':
      return mark(lane, 'close', 3);
    case 'error':
      return mark(lane, 'error', 3);
    case 'message':
      return mark(lane, 'received', 0);
    default:
      return mark(lane, 'note', what === 'dropped' ? 1 : 0);
  }
}

/** What a person reads of an entry: words of the W3C and of the wire, codes and sizes, and nothing that a message contained. */
export function wordsOf({ source, what, detail }: TimelineEntry): string {
  const members = (detail ?? {}) as Readonly<Record<string, unknown>>;
  const word = (name: string): string | undefined => {
    const member = members[name];
    return typeof member === 'string' || typeof member === 'number' ? String(member) : undefined;
  };
  const mark = (name: string): string | undefined => (members[name] === true ? `(${name})` : undefined);
  const [bytes, standing, isFailure] = [word('bytes'), word('standing'), what === 'failure'];
  switch (source) {
    case 'websocket':
      return joined(what, word('code'), standing && `(${standing} socket)`);
    case 'datachannel':
      return joined(what, bytes && `${bytes} bytes`, word('why'));
    case 'peer-connection':
      return word('state') ?? joined(what, word('kind') ?? word('label'), mark('end'));
    case 'signaling':
      return joined(what, word('why') ?? word('direction'), mark('ignored'));
    case 'sdk':
      return joined(what, word('trigger') ?? word('where'), isFailure ? word('name') : undefined);
    default:
      return what;
  }
}

const joined = (...words: readonly (string | undefined)[]): string => words.filter((word) => word !== undefined && word !== '').join(' ');
