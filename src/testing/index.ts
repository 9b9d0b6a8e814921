export { assertMarbles } from './assert-marbles.ts';
export { CallScript, type HeldCall, type ScriptedCall } from './call-script.ts';
export type { Closing } from './closed-by-sdk.ts';
export { assertScenario, compareScenario, explainScenario, terminationWords } from './compare-scenario.ts';
export {
  FakeCompressionStream,
  fakeDeflate,
  fakeInflate,
  type FakeCompressionMethod,
  type FakeReader,
  type FakeWriter,
} from './fake-compression.ts';
export { FakeDataChannel, type FakeDataChannelInit, type FakeDataChannelMethod, type FakeDataChannelRemote } from './fake-data-channel.ts';
export { FakeEventTarget, type FakeEvent, type FakeListener } from './fake-event-target.ts';
export { FakeMediaStream, FakeMediaStreamTrack } from './fake-media.ts';
export {
  FakePeerConnection,
  type FakeDescription,
  type FakePeerConnectionContext,
  type FakePeerConnectionMethod,
} from './fake-peer-connection.ts';
export type { FakePeerConnectionRemote, FakePeerConnectionStates } from './fake-peer-connection-remote.ts';
export { createFakePlatform, type FakeLeaks, type FakePlatform, type FakePlatformOptions } from './fake-platform.ts';
export { readFakeSdp, writeFakeSdp, type FakeDirection, type FakeMediaSection } from './fake-sdp.ts';
export { FakeSora, type FakeSoraOptions } from './fake-sora.ts';
export {
  FakeRtpReceiver,
  FakeRtpSender,
  FakeTransceiver,
  type FakeSenderMethod,
  type FakeSendParameters,
  type FakeSynchronizationSource,
} from './fake-transceiver.ts';
export { FakeWebSocket, type FakeWebSocketClose, type FakeWebSocketMethod, type FakeWebSocketRemote } from './fake-web-socket.ts';
export type { FakeRecord, FakeSort, FakeWorld, SentFrame } from './fake-world.ts';
export {
  driveMarbles,
  marbleInputs,
  type InputTarget,
  type MarbleDiagrams,
  type MarbleTool,
  type MarbleValue,
  type MarbleValues,
} from './marble-inputs.ts';
export { marbleText, type MarbleLane, type MarbleMark, type MarbleTextOptions } from './marble-text.ts';
export {
  inputWords,
  parseInput,
  parseTimedInput,
  ScenarioSyntaxError,
  type ApplicationInput,
  type ChannelErrorInput,
  type ChannelInput,
  type CloseMessageInput,
  type DataChannelInput,
  type PeerConnectionInput,
  type ReceivedInput,
  type ScenarioInput,
  type SocketCloseInput,
  type SocketInput,
  type StrangeMessageInput,
  type TimedInput,
  type WebSocketInput,
} from './scenario-event.ts';
export type { Leftovers, ScenarioResult, SentMessage } from './scenario-result.ts';
export type { ExpectedMessage, ExpectedTermination, ScenarioMode, ScenarioOptions, ScenarioRow, ScenarioStart } from './scenario-row.ts';
export { scenario, type ScenarioSettings } from './scenario.ts';
export { Recording, type RecordedContent, type RecordedInput, type RecordedLine } from './recording.ts';
export { record } from './recorder.ts';
export { replay, type ReplayResult } from './replay.ts';
export { readFrame, type FrameContent } from './sent-message.ts';
export { SyncThenable, type UnheardRejections } from './sync-thenable.ts';
