import type { Context, Output } from '../../../wire/operation';
import { findGroup, findStream, groupArn } from '../find';
import type { GroupReference } from '../find';
import { page } from '../paging';
import { dropStream, streamKey, streams, streamsOf } from '../state';
import type { StreamRecord } from '../state';
import { refusal } from '../text';
import { optionalToWire, toWire } from '../wire-time';

interface StreamInput extends GroupReference {
  readonly logStreamName: string;
}

interface DescribeInput extends GroupReference {
  readonly logStreamNamePrefix?: string;
  readonly orderBy?: string;
  readonly descending?: boolean;
  readonly nextToken?: string;
  readonly limit?: number;
}

export function createLogStream(context: Context, input: StreamInput): void {
  const { name: group } = findGroup(context, input);
  const key = streamKey(group, input.logStreamName);
  if (streams(context).has(key)) throw refusal(context, 'ResourceAlreadyExistsException', 'text-stream-exists');
  streams(context).put(key, { group, name: input.logStreamName, createdAt: context.now, batches: 0, events: 0, bytes: 0 });
}

export function deleteLogStream(context: Context, input: StreamInput): void {
  dropStream(context, findStream(context, findGroup(context, input), input.logStreamName));
}

export function describeLogStreams(context: Context, input: DescribeInput): Output {
  const group = findGroup(context, input);
  const byLastEvent = input.orderBy === 'LastEventTime';
  if (byLastEvent && input.logStreamNamePrefix !== undefined) throw refusal(context, 'InvalidParameterException', 'text-order-and-prefix');
  const all = streamsOf(context, group.name)
    .filter(({ name }) => name.startsWith(input.logStreamNamePrefix ?? ''))
    .sort(byLastEvent ? (a, b) => (a.lastEventAt ?? -Infinity) - (b.lastEventAt ?? -Infinity) || byName(a, b) : byName);
  if (input.descending) all.reverse();
  const { items, nextToken } = page(context, all, input.nextToken, input.limit ?? 50);
  return {
    logStreams: items.map((stream) => ({
      logStreamName: stream.name,
      creationTime: toWire(context, stream.createdAt),
      firstEventTimestamp: optionalToWire(context, stream.firstEventAt),
      lastEventTimestamp: optionalToWire(context, stream.lastEventAt),
      lastIngestionTime: optionalToWire(context, stream.ingestedAt),
      uploadSequenceToken: String(stream.batches + 1),
      arn: `${groupArn(context, group.name)}:log-stream:${stream.name}`,
      // AWS stopped counting bytes per stream in 2019.
      storedBytes: 0,
    })),
    nextToken,
  };
}

function byName(a: StreamRecord, b: StreamRecord): number {
  return a.name < b.name ? -1 : 1;
}
