// Everything that touches the page. Of the SDK it knows types only.
export { failed, retry$, showState, showStep } from './view/banner.ts';
export { showMessage, showOwn, text$ } from './view/chat.ts';
export { type Choice, choice$, showDevices, type Track, tracksOf } from './view/devices.ts';
export { showHealth } from './view/light.ts';
export { showMembers } from './view/members.ts';
export { type Room, room$ } from './view/room.ts';
export { showSelf, showTiles } from './view/tiles.ts';
