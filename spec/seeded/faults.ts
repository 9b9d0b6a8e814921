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
        file: 'src/termination/send-disconnect.ts',
        find: `const reason = disconnectReason(cause, switched);`,
        replace: `const reason = hasFailed(health) ? 'INTERNAL-ERROR' : disconnectReason(cause, switched);`,
      },
      {
        file: 'src/termination/send-disconnect.ts',
        find: `if (reason === null || hasFailed(health) ||`,
        replace: `if (reason === null ||`,
      },
    ],
  },
  {
    id: 'socket-not-closed',
    name: 'the socket is not closed after its error',
    breaks: 'T04 T10 T13 P16',
    edits: [
      {
        file: 'src/termination/termination.ts',
        find: `failed: port.close()`,
        replace: `failed: latched.cause.kind === 'websocket-error' ? [] : port.close()`,
      },
    ],
  },
  {
    id: 'peer-connection-not-closed',
    name: 'the peer connection is not closed after it failed',
    breaks: 'T01 P16',
    edits: [
      {
        file: 'src/termination/termination.ts',
        find: `failed: port.close()`,
        replace: `failed: latched.cause.kind === 'peer-connection-failed' ? [] : port.close()`,
      },
    ],
  },
  {
    id: 'timer-not-started',
    name: 'the timer of a disconnect is not started',
    breaks: 'T15 P02 P03',
    edits: [
      {
        file: 'src/termination/termination.ts',
        find: `return race(interrupted$, allClosed$, timeout$);`,
        replace: `return race(interrupted$, allClosed$);`,
      },
    ],
  },
  {
    id: 'ignore-flag-not-honoured',
    name: 'the close of a WebSocket counts after switched(true)',
    breaks: 'T07 P11',
    edits: [
      {
        file: 'src/termination/steps.ts',
        find: `const isInert = hasNoEffect(event, last);`,
        replace: `const isInert = event.source !== 'websocket' && hasNoEffect(event, last);`,
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
        find: `return closing(latched, step$, port, config);\n    }),\n    take(1),`,
        replace: `return closing(latched, step$, port, config);\n    }),\n    take(1), exhaustMap((value) => [value, value]),`,
      },
      // The stream of a session completes with its first value, so a second one has to be put before that.
      {
        file: 'src/session/create-session.ts',
        find: `emit('termination$', termination);`,
        replace: `emit('termination$', termination); emit('termination$', termination);`,
      },
    ],
  },
  {
    id: 'disconnect-over-the-data-channel-before-switched',
    name: 'the disconnect message goes over the DataChannel before switched',
    breaks: 'T17 T21 P09',
    edits: [
      {
        file: 'src/termination/send-disconnect.ts',
        find: `const via: Via = switched === null ?`,
        replace: `const via: Via = switched === null && port.dataChannelState('signaling') !== 'open' ?`,
      },
      {
        file: 'src/termination/send-disconnect.ts',
        find: `const state = switched === null ?`,
        replace: `const state = via === 'websocket' ?`,
      },
    ],
  },
  {
    id: 'grace-never-ends',
    name: 'the grace of a lost DataChannel never ends',
    breaks: 'T14 Q31 P03',
    edits: [
      {
        file: 'src/termination/termination.ts',
        find: `heldFor(step$, dataChannelGraceMs, isLost, `,
        replace: `heldFor(step$, dataChannelGraceMs, () => false, `,
      },
    ],
  },
  {
    id: 'first-cause-replaced',
    name: 'a failure in the wait takes the place of the first cause',
    breaks: 'Q21 P14 P30',
    edits: [
      {
        file: 'src/termination/value.ts',
        find: `if (cause.kind === 'client-disconnect') return {`,
        replace: `if (by === 'peer-connection-failed') return { kind: by };\n  if (cause.kind === 'client-disconnect') return {`,
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
        find: `const health = port.health();`,
        replace: `const health = event.source === 'peer-connection' ? port.health() : last.health;`,
      },
      {
        file: 'src/termination/termination.ts',
        find: `latch(cause, { ...step, health: port.health() },`,
        replace: `latch(cause, step,`,
      },
    ],
  },
];
