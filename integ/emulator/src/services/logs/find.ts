import { groups, streamKey, streams } from './state';
import type { GroupRecord, StreamRecord } from './state';
import { refusal } from './text';
import type { Context } from '../../wire/operation';

/** What callers may give for a group: its name, or its ARN with or without `:*`. */
export interface GroupReference {
  readonly logGroupName?: string;
  readonly logGroupIdentifier?: string;
  readonly resourceArn?: string;
  readonly resourceIdentifier?: string;
}

export function findGroup(context: Context, reference: GroupReference): GroupRecord {
  const given = reference.logGroupName ?? reference.logGroupIdentifier ?? reference.resourceArn ?? reference.resourceIdentifier;
  if (given === undefined) throw refusal(context, 'InvalidParameterException', 'text-which-group');
  const name = /^arn:[^:]+:logs:[^:]*:[^:]*:log-group:([^:]+)(:\*)?$/.exec(given)?.[1] ?? given;
  const group = groups(context).get(name);
  if (!group) throw refusal(context, 'ResourceNotFoundException', 'text-no-group');
  return group;
}

export function findStream(context: Context, group: GroupRecord, name: string): StreamRecord {
  const stream = streams(context).get(streamKey(group.name, name));
  if (!stream) throw refusal(context, 'ResourceNotFoundException', 'text-no-stream');
  return stream;
}

export function groupArn(context: Context, name: string): string {
  return context.arn('logs', `log-group:${name}`);
}
