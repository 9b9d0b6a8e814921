import type { Spotlight } from '../../channel/spotlight.ts';
import { requestSimulcastRid, requestSpotlightRid, resetSpotlightRid } from '../../rpc/methods.ts';
import { Fields } from '../../wire/fields.ts';
import { findChannel, findConnection, NotFound, type ApiSubject, type Target } from '../target.ts';

function spotlightOf(subject: ApiSubject, fields: Fields): Spotlight {
  const { spotlight } = findChannel(subject, fields);
  return spotlight ?? fields.refuse('channel_id', 'is not a channel with spotlight');
}

/** A member of the channel, by id. */
function memberId(subject: ApiSubject, fields: Fields): string {
  return findConnection(subject, fields).agreement.connectionId;
}

/** Calls that choose forwarded layers and the focus of spotlight. */
export const mediaTargets: Readonly<Record<string, Target>> = {
  RequestSimulcastRid: (subject, fields) => requestSimulcastRid(findConnection(subject, fields, 'receiver_connection_id'), fields),
  RequestSpotlightRid: (subject, fields) => requestSpotlightRid(findConnection(subject, fields, 'recv_connection_id'), fields),
  ResetSpotlightRid: (subject, fields) => resetSpotlightRid(findConnection(subject, fields, 'recv_connection_id'), fields),
  BatchRequestSpotlightRid: (subject, fields) => {
    const channel = findChannel(subject, fields);
    const items = fields.list('item_list', 1000) ?? fields.refuse('item_list', 'is required');
    return items.map((item, index) => {
      const single = Fields.of(item, `item_list[${index}]`);
      const receiver = single.requiredText('recv_connection_id');
      const connection = subject.connectionsOf(channel.id).find(({ agreement }) => agreement.connectionId === receiver);
      if (connection === undefined) throw new NotFound('CONNECTION');
      return requestSpotlightRid(connection, single);
    });
  },
  FocusSpotlight: (subject, fields) => {
    spotlightOf(subject, fields).focus(memberId(subject, fields), false);
    return {};
  },
  FocusSpotlightFixed: (subject, fields) => {
    spotlightOf(subject, fields).focus(memberId(subject, fields), true);
    return {};
  },
  UnfocusSpotlight: (subject, fields) => {
    spotlightOf(subject, fields).unfocus(memberId(subject, fields));
    return {};
  },
  ChangeSpotlightNumber: (subject, fields) => {
    const number = fields.integer('spotlight_number', 1, 8) ?? fields.refuse('spotlight_number', 'is required');
    spotlightOf(subject, fields).setNumber(number);
    return {};
  },
  RequestKeyFrame: (subject, fields) => {
    findConnection(subject, fields).media.requestKeyFrame();
    return {};
  },
};
