import type { Context, Output } from '../../../wire/operation';
import { buses, DEFAULT_BUS, findBus, rules } from '../state';
import type { BusRecord, Tag } from '../state';
import { refusal } from '../text';

export function createEventBus(
  context: Context,
  input: { readonly Name: string; readonly Description?: string; readonly Tags?: readonly Tag[] },
): Output {
  const { Name: name, Description: description, Tags: tags = [] } = input;
  if (name === DEFAULT_BUS || buses(context).has(name)) throw refusal(context, 'ResourceAlreadyExistsException', 'text-bus-exists', { name });
  const bus = buses(context).put(name, { name, arn: context.arn('events', `event-bus/${name}`), description, createdAt: context.now, modifiedAt: context.now, tags });
  return { EventBusArn: bus.arn, Description: description };
}

/** Deleting what is not there is no error. */
export function deleteEventBus(context: Context, { Name }: { readonly Name: string }): void {
  if (Name === DEFAULT_BUS) throw refusal(context, 'ValidationException', 'text-default-bus');
  if (rules(context).values().some(({ bus }) => bus === Name)) throw refusal(context, 'ValidationException', 'text-bus-has-rules');
  buses(context).delete(Name);
}

export function describeEventBus(context: Context, { Name }: { readonly Name?: string }): Output {
  return shown(context, findBus(context, Name));
}

export function listEventBuses(context: Context, { NamePrefix = '' }: { readonly NamePrefix?: string }): Output {
  const own = buses(context).values().filter(({ name }) => name !== DEFAULT_BUS);
  return { EventBuses: [findBus(context), ...own].filter(({ name }) => name.startsWith(NamePrefix)).map((bus) => shown(context, bus)) };
}

/** Either a whole policy, or one statement of it. */
export function putPermission(
  context: Context,
  input: {
    readonly EventBusName?: string;
    readonly Policy?: string;
    readonly StatementId?: string;
    readonly Action?: string;
    readonly Principal?: string;
  },
): void {
  const bus = findBus(context, input.EventBusName);
  const statement = {
    Sid: input.StatementId,
    Effect: 'Allow',
    Principal: input.Principal === '*' ? '*' : { AWS: `arn:${context.partition}:iam::${input.Principal ?? ''}:root` },
    Action: input.Action ?? 'events:PutEvents',
    Resource: bus.arn,
  };
  const policy = input.Policy ?? JSON.stringify({ Version: '2012-10-17', Statement: [...statementsOf(bus).filter(({ Sid }) => Sid !== input.StatementId), statement] });
  buses(context).put(bus.name, { ...bus, policy, modifiedAt: context.now });
}

export function removePermission(
  context: Context,
  input: { readonly EventBusName?: string; readonly StatementId?: string; readonly RemoveAllPermissions?: boolean },
): void {
  const bus = findBus(context, input.EventBusName);
  const statements = statementsOf(bus);
  const left = input.RemoveAllPermissions ? [] : statements.filter(({ Sid }) => Sid !== input.StatementId);
  if (!input.RemoveAllPermissions && left.length === statements.length) {
    throw refusal(context, 'ResourceNotFoundException', 'text-no-statement', { id: input.StatementId ?? '' });
  }
  const policy = left.length === 0 ? undefined : JSON.stringify({ Version: '2012-10-17', Statement: left });
  buses(context).put(bus.name, { ...bus, policy, modifiedAt: context.now });
}

function statementsOf({ policy }: BusRecord): Array<{ readonly Sid?: string }> {
  return policy === undefined ? [] : [(JSON.parse(policy) as { Statement: Array<{ Sid?: string }> }).Statement].flat();
}

function shown(context: Context, bus: BusRecord): Output {
  return {
    Name: bus.name,
    Arn: bus.arn,
    Description: bus.description,
    Policy: bus.policy,
    CreationTime: new Date(context.kernel.hostTime(bus.createdAt)),
    LastModifiedTime: new Date(context.kernel.hostTime(bus.modifiedAt)),
  };
}
