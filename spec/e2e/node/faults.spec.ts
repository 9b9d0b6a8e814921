import { describe } from 'vitest';
import { rxSoraClient } from '../../matrix/rx-sora-client.ts';
import { testFaults } from '../support/fault-tests.ts';
import { nodeStage } from '../support/node-stage.ts';

const stage = nodeStage();

describe('Node with werift: every fault of the lab comes to what the rules say', () => {
  testFaults({
    runtime: 'node',
    client: () => Promise.resolve(rxSoraClient('rx-sora, Node', stage)),
    close: () => stage.close(),
  });
});
