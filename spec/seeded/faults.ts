/** One place in the source that a fault changes. */
export interface Edit {
  readonly file: string;
  /** occurs exactly once in the file */
  readonly find: string;
  readonly replace: string;
}

/** A fault that somebody could put into the code of the ending by mistake. */
export interface SeededFault {
  readonly id: string;
  readonly name: string;
  /** the rules, decisions and properties that it breaks */
  readonly breaks: string;
  readonly edits: readonly Edit[];
}

/** Ten faults, each of which exploration, marbles and scenarios have to find on their own. */
export const seededFaults: readonly SeededFault[] = [
  {
    id: 'message-after-failed',
    name: 'a message is sent after failed',
    breaks: 'T01 P07',
    edits: [
      {
        file: 'src/termination/goodbye.ts',
        find: `if (facts.health === 'failed' || facts.health === 'ice-failed') return null;`,
        replace: `if (facts.health === 'failed' || facts.health === 'ice-failed') return 'INTERNAL-ERROR';`,
      },
    ],
  },
  {
    id: 'socket-not-closed',
    name: 'the socket is not closed after its error',
    breaks: 'T04 T10 T13 P16',
    edits: [
      {
        file: 'src/termination/closing.ts',
        find: `quietly(() => port.close(), ['close'])`,
        replace: `quietly(() => (verdict.cause.kind === 'websocket-error' ? [] : port.close()), ['close'])`,
      },
    ],
  },
  {
    id: 'peer-connection-not-closed',
    name: 'the peer connection is not closed after it failed',
    breaks: 'T01 P16',
    edits: [
      {
        file: 'src/termination/closing.ts',
        find: `quietly(() => port.close(), ['close'])`,
        replace: `quietly(() => (verdict.cause.kind === 'peer-connection-failed' ? [] : port.close()), ['close'])`,
      },
    ],
  },
  {
    id: 'timer-not-started',
    name: 'the timer of a disconnect is not started',
    breaks: 'T15 P02 P03',
    edits: [
      {
        file: 'src/termination/closing.ts',
        find: 'return race(interrupted$, allClosed$, over$).pipe(',
        replace: 'return race(interrupted$, allClosed$).pipe(',
      },
    ],
  },
  {
    id: 'ignore-flag-not-honoured',
    name: 'the close of a WebSocket counts after switched(true)',
    breaks: 'T07 P11',
    edits: [
      {
        file: 'src/termination/rules/web-socket.ts',
        find: `input.event.kind !== 'close' || before.switched === true) return null;`,
        replace: `input.event.kind !== 'close') return null;`,
      },
    ],
  },
  {
    id: 'second-emission',
    name: 'the value is emitted a second time',
    breaks: 'P01',
    edits: [
      {
        file: 'src/termination/termination.ts',
        find: 'take(2),',
        replace: `take(2), switchMap((ending) => (ending.kind === 'ended' ? [ending, ending] : [ending])),`,
      },
    ],
  },
  {
    id: 'goodbye-over-the-data-channel-before-switched',
    name: 'the goodbye goes over the DataChannel before switched',
    breaks: 'T17 T21 P09',
    edits: [
      {
        file: 'src/termination/goodbye.ts',
        find: 'if (switched === null) {',
        replace: `if (switched === null && port.dataChannelStates().get('signaling') !== 'open') {`,
      },
    ],
  },
  {
    id: 'grace-never-ends',
    name: 'the grace of a lost DataChannel never ends',
    breaks: 'T14 Q31 P03',
    edits: [
      {
        file: 'src/termination/rules/data-channel-lost.ts',
        find: 'timer(config.dataChannelGraceMs),',
        replace: 'timer(config.dataChannelGraceMs).pipe(filter(() => false)),',
      },
    ],
  },
  {
    id: 'first-cause-replaced',
    name: 'a failure in the wait takes the place of the first cause',
    breaks: 'Q21 P14 P30',
    edits: [
      {
        file: 'src/termination/closing.ts',
        find: `    cause.kind === 'client-disconnect'\n      ? {`,
        replace: `    outcome.by === 'peer-connection-failed' ? { kind: outcome.by } : cause.kind === 'client-disconnect'\n      ? {`,
      },
    ],
  },
  {
    id: 'live-state-not-read',
    name: 'the live state is read only when the peer connection tells of it',
    breaks: 'Q02 T08 T12 P07',
    edits: [
      {
        file: 'src/termination/steps.ts',
        find: '{ ...before, health: healthOf(sources.port) }',
        replace: `{ ...before, health: input.source === 'peer-connection' ? healthOf(sources.port) : before.health }`,
      },
      {
        file: 'src/termination/verdict.ts',
        find: '{ ...facts, health: healthOf(port) }',
        replace: 'facts',
      },
    ],
  },
];
