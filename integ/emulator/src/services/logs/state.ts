import type { Table } from '../../kernel';
import type { Context } from '../../wire/operation';

export interface GroupRecord {
  readonly name: string;
  readonly createdAt: number;
  readonly kmsKeyId?: string;
  readonly retentionDays?: number;
  readonly logClass: string;
  readonly protected: boolean;
  readonly tags: { readonly [key: string]: string };
}

export interface StreamRecord {
  readonly group: string;
  readonly name: string;
  readonly createdAt: number;
  /** How many batches were put so far; they are numbered from 1. */
  readonly batches: number;
  readonly events: number;
  readonly firstEventAt?: number;
  readonly lastEventAt?: number;
  readonly ingestedAt?: number;
  readonly bytes: number;
}

/** Times are emulated milliseconds; an event's own may be before the state folder was made, then it is negative. */
export interface LogEvent {
  readonly id: string;
  readonly at: number;
  readonly ingestedAt: number;
  readonly message: string;
}

export interface StreamEvent extends LogEvent {
  readonly stream: string;
}

export function groups(context: Context): Table<GroupRecord> {
  return context.table('logs/groups');
}

export function streams(context: Context): Table<StreamRecord> {
  return context.table('logs/streams');
}

/** What one PutLogEvents brought, under `<group>:<stream>:<number>`. */
export function batches(context: Context): Table<readonly LogEvent[]> {
  return context.table('logs/batches');
}

/** Neither name can hold a colon. */
export function streamKey(group: string, stream: string): string {
  return `${group}:${stream}`;
}

export function streamsOf(context: Context, group: string): StreamRecord[] {
  return streams(context).values().filter((stream) => stream.group === group);
}

/** Events of a stream in the order of their times, without those that retention has taken. */
export function eventsOf(context: Context, group: GroupRecord, stream: StreamRecord): StreamEvent[] {
  const oldest = group.retentionDays === undefined ? -Infinity : context.now - group.retentionDays * 86_400_000;
  const found: StreamEvent[] = [];
  for (let number = 1; number <= stream.batches; number++) {
    const batch = batches(context).get(`${streamKey(group.name, stream.name)}:${number}`) ?? [];
    found.push(...batch.filter(({ at }) => at >= oldest).map((event) => ({ ...event, stream: stream.name })));
  }
  return found.sort(byTime);
}

export function byTime(a: LogEvent, b: LogEvent): number {
  return a.at - b.at || (a.id < b.id ? -1 : 1);
}

export function dropStream(context: Context, { group, name, batches: count }: StreamRecord): void {
  for (let number = 1; number <= count; number++) batches(context).delete(`${streamKey(group, name)}:${number}`);
  streams(context).delete(streamKey(group, name));
}
