import type { Context, Output } from '../../../wire/operation';
import { putEmbeddedMetrics } from '../embedded-metrics';
import { findGroup, findStream } from '../find';
import type { GroupReference } from '../find';
import { page } from '../paging';
import { filterPattern } from '../pattern/pattern';
import { batches, byTime, eventsOf, streamKey, streams, streamsOf } from '../state';
import type { StreamEvent } from '../state';
import { refusal } from '../text';
import { fromWire, toWire } from '../wire-time';

const HOUR_MS = 3_600_000;
/** What AWS counts for an event besides its text. */
const EVENT_OVERHEAD = 26;
/** Ids are numbers of so many digits. */
const ID_DIGITS = 56;
const MOST_EVENTS = 10_000;

interface PutInput extends GroupReference {
  readonly logStreamName: string;
  readonly logEvents: ReadonlyArray<{ readonly timestamp: number; readonly message: string }>;
}

interface Window {
  readonly startTime?: number;
  readonly endTime?: number;
  readonly limit?: number;
  readonly nextToken?: string;
}

export function putLogEvents(context: Context, input: PutInput): Output {
  const group = findGroup(context, input);
  const stream = findStream(context, group, input.logStreamName);
  const events = input.logEvents.map(({ timestamp, message }) => ({ at: fromWire(context, timestamp), message }));
  if (events.some(({ at }, index) => index > 0 && at < events[index - 1].at)) throw refusal(context, 'InvalidParameterException', 'text-not-in-order');
  const oldest = context.now - 14 * 24 * HOUR_MS;
  const tooOld = events.filter(({ at }) => at < oldest).length;
  const tooNew = events.findIndex(({ at }) => at > context.now + 2 * HOUR_MS);
  const accepted = events.slice(tooOld, tooNew < 0 ? undefined : tooNew)
    .map((event, index) => ({ ...event, id: String(stream.events + index + 1).padStart(ID_DIGITS, '0'), ingestedAt: context.now }));
  if (accepted.length > 0) {
    const number = stream.batches + 1;
    putEmbeddedMetrics(context, accepted);
    batches(context).put(`${streamKey(group.name, stream.name)}:${number}`, accepted);
    streams(context).put(streamKey(group.name, stream.name), {
      ...stream,
      batches: number,
      events: stream.events + accepted.length,
      firstEventAt: Math.min(stream.firstEventAt ?? Infinity, accepted[0].at),
      lastEventAt: Math.max(stream.lastEventAt ?? -Infinity, accepted[accepted.length - 1].at),
      ingestedAt: context.now,
      bytes: stream.bytes + accepted.reduce((sum, { message }) => sum + Buffer.byteLength(message) + EVENT_OVERHEAD, 0),
    });
  }
  const rejected = {
    ...(tooOld > 0 ? { tooOldLogEventEndIndex: tooOld } : {}),
    ...(tooNew < 0 ? {} : { tooNewLogEventStartIndex: tooNew }),
  };
  return {
    nextSequenceToken: String(stream.batches + 2).padStart(ID_DIGITS, '0'),
    rejectedLogEventsInfo: Object.keys(rejected).length > 0 ? rejected : undefined,
  };
}

/** A token is a place and a direction; at an end the same token comes back, which is how callers know. */
export function getLogEvents(
  context: Context,
  input: GroupReference & Window & { readonly logStreamName: string; readonly startFromHead?: boolean },
): Output {
  const group = findGroup(context, input);
  const all = inWindow(context, eventsOf(context, group, findStream(context, group, input.logStreamName)), input);
  const limit = input.limit ?? MOST_EVENTS;
  const [, direction, place] = /^([fb])\/(\d+)\/s$/.exec(input.nextToken ?? '') ?? [];
  if (input.nextToken !== undefined && direction === undefined) throw refusal(context, 'InvalidParameterException', 'text-bad-token');
  const forward = direction === undefined ? input.startFromHead ?? false : direction === 'f';
  const at = place === undefined ? (forward ? 0 : all.length) : Number(place);
  const [from, to] = forward ? [at, Math.min(all.length, at + limit)] : [Math.max(0, at - limit), at];
  return {
    events: all.slice(from, to).map((event) => shown(context, event)),
    nextForwardToken: `f/${String(Math.max(from, to)).padStart(ID_DIGITS, '0')}/s`,
    nextBackwardToken: `b/${String(from).padStart(ID_DIGITS, '0')}/s`,
  };
}

export function filterLogEvents(
  context: Context,
  input: GroupReference & Window & {
    readonly logStreamNames?: readonly string[];
    readonly logStreamNamePrefix?: string;
    readonly filterPattern?: string;
  },
): Output {
  const group = findGroup(context, input);
  if (input.logStreamNames && input.logStreamNamePrefix !== undefined) throw refusal(context, 'InvalidParameterException', 'text-names-and-prefix');
  const chosen = input.logStreamNames?.map((name) => findStream(context, group, name))
    ?? streamsOf(context, group.name).filter(({ name }) => name.startsWith(input.logStreamNamePrefix ?? ''));
  const matches = filterPattern(input.filterPattern);
  const all = chosen.flatMap((stream) => inWindow(context, eventsOf(context, group, stream), input)).filter(({ message }) => matches(message));
  const { items, nextToken } = page(context, all.sort((a, b) => a.at - b.at || byStream(a, b)), input.nextToken, input.limit ?? MOST_EVENTS);
  return {
    events: items.map((event) => ({ logStreamName: event.stream, ...shown(context, event), eventId: event.id })),
    searchedLogStreams: [],
    nextToken,
  };
}

export function testMetricFilter(_context: Context, input: { readonly filterPattern: string; readonly logEventMessages: readonly string[] }): Output {
  const matches = filterPattern(input.filterPattern);
  const found = input.logEventMessages.map((eventMessage, index) => ({ eventNumber: index + 1, eventMessage, extractedValues: {} }));
  return { matches: found.filter(({ eventMessage }) => matches(eventMessage)) };
}

/** From the start on, and before the end. */
function inWindow(context: Context, events: StreamEvent[], { startTime, endTime }: Window): StreamEvent[] {
  const from = startTime === undefined ? -Infinity : fromWire(context, startTime);
  const to = endTime === undefined ? Infinity : fromWire(context, endTime);
  return events.filter(({ at }) => at >= from && at <= to);
}

function byStream(a: StreamEvent, b: StreamEvent): number {
  return a.stream === b.stream ? byTime(a, b) : a.stream < b.stream ? -1 : 1;
}

function shown(context: Context, event: StreamEvent): { timestamp: number; message: string; ingestionTime: number } {
  return { timestamp: toWire(context, event.at), message: event.message, ingestionTime: toWire(context, event.ingestedAt) };
}
