import { refusal } from './text';
import type { Table } from '../../kernel';
import type { Context } from '../../wire/operation';

export interface Tag {
  readonly Key: string;
  readonly Value: string;
}

export interface Target {
  readonly Id: string;
  readonly Arn: string;
  readonly Input?: string;
  readonly InputPath?: string;
  readonly InputTransformer?: { readonly InputPathsMap?: Readonly<Record<string, string>>; readonly InputTemplate: string };
  readonly [member: string]: unknown;
}

export interface BusRecord {
  readonly name: string;
  readonly arn: string;
  readonly description?: string;
  readonly policy?: string;
  readonly createdAt: number;
  readonly modifiedAt: number;
  readonly tags: readonly Tag[];
}

export interface RuleRecord {
  readonly name: string;
  readonly bus: string;
  readonly arn: string;
  readonly pattern?: string;
  readonly schedule?: string;
  readonly state: string;
  readonly description?: string;
  readonly roleArn?: string;
  readonly targets: readonly Target[];
  readonly tags: readonly Tag[];
}

export const DEFAULT_BUS = 'default';

/** The default bus is there without being made, and is not in the table until something is put on it. */
export function buses(context: Context): Table<BusRecord> {
  return context.table('events/buses');
}

/** Under `<bus>/<rule>`. */
export function rules(context: Context): Table<RuleRecord> {
  return context.table('events/rules');
}

export function ruleKey({ bus, name }: Pick<RuleRecord, 'bus' | 'name'>): string {
  return `${bus}/${name}`;
}

/** The bus behind a name or an ARN. */
export function findBus(context: Context, reference: string = DEFAULT_BUS): BusRecord {
  const name = reference.startsWith('arn:') ? reference.slice(reference.indexOf('/') + 1) : reference;
  const bus = buses(context).get(name);
  if (bus) return bus;
  if (name === DEFAULT_BUS) return { name, arn: context.arn('events', `event-bus/${name}`), createdAt: 0, modifiedAt: 0, tags: [] };
  throw refusal(context, 'ResourceNotFoundException', 'text-no-bus', { name });
}

export function findRule(context: Context, name: string, busReference?: string): RuleRecord {
  const bus = findBus(context, busReference);
  const rule = rules(context).get(ruleKey({ bus: bus.name, name }));
  if (!rule) throw refusal(context, 'ResourceNotFoundException', 'text-no-rule', { name, bus: bus.name });
  return rule;
}
