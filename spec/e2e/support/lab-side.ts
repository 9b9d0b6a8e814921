import { filter, firstValueFrom, map, type Observable, takeWhile, toArray } from 'rxjs';
import type { Lab, LabConnection, LabLogEntry } from 'rx-sora-lab';

/** The lab's side of a client, as soon as it is there. */
export const connectionOf = (lab: Lab, clientId: string): Promise<LabConnection> =>
  firstValueFrom(lab.connections$.pipe(filter((connection) => connection.clientId === clientId)));

/** Everything that the log says of a client: what is past, then what comes. */
export const logOf = (lab: Lab, clientId: string): Observable<LabLogEntry> => lab.log$.pipe(filter((entry) => entry.clientId === clientId));

/** The first event of this type at a client, past or to come. */
export const eventAt = (lab: Lab, clientId: string, type: string): Promise<LabLogEntry> =>
  firstValueFrom(logOf(lab, clientId).pipe(filter((entry) => entry.kind === 'event' && entry.type === type)));

/** How many there are depends on the machine, not on the rules. */
const chatter: readonly string[] = ['candidate', 'pong', 'stats'];

const line = ({ transport, label, type, message }: LabLogEntry): string => {
  const { reason } = (message ?? {}) as { readonly reason?: unknown };
  return [transport, label, type, reason].filter((word) => typeof word === 'string').join(' ');
};

const received = ({ kind, direction, type }: LabLogEntry): boolean =>
  kind === 'message' && direction === 'received' && !chatter.includes(type);

/** What the lab has received from a client after `connect`, until nothing of the client was left: a line per message. */
export const receivedFrom = (lab: Lab, clientId: string): Promise<readonly string[]> =>
  firstValueFrom(
    logOf(lab, clientId).pipe(
      takeWhile(({ kind, type }) => !(kind === 'event' && type === 'gone')),
      filter(received),
      map(line),
      toArray(),
    ),
  );

/** What it has received until now. */
export function receivedSoFar(lab: Lab, clientId: string): readonly string[] {
  const lines: string[] = [];
  logOf(lab, clientId)
    .pipe(filter(received), map(line))
    .subscribe((each) => lines.push(each))
    .unsubscribe();
  return lines;
}
