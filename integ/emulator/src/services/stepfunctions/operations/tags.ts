import type { Context, Output } from '../../../wire/operation';
import { notResource } from '../errors';
import { tables } from '../state';
import type { MachineRecord } from '../state';

interface Input {
  readonly resourceArn: string;
}

interface TagInput extends Input {
  readonly tags: ReadonlyArray<{ readonly key: string; readonly value: string }>;
}

export function tagResource(context: Context, input: TagInput): Output {
  const machine = find(context, input);
  const added = Object.fromEntries(input.tags.map(({ key, value }) => [key, value]));
  tables.machines(context).put(machine.arn, { ...machine, tags: { ...machine.tags, ...added } });
  return {};
}

export function untagResource(context: Context, input: Input & { readonly tagKeys: readonly string[] }): Output {
  const machine = find(context, input);
  const tags = Object.fromEntries(Object.entries(machine.tags).filter(([key]) => !input.tagKeys.includes(key)));
  tables.machines(context).put(machine.arn, { ...machine, tags });
  return {};
}

export function listTagsForResource(context: Context, input: Input): Output {
  return { tags: Object.entries(find(context, input).tags).map(([key, value]) => ({ key, value })) };
}

function find(context: Context, { resourceArn }: Input): MachineRecord {
  const machine = tables.machines(context).get(resourceArn);
  if (!machine) throw notResource(resourceArn);
  return machine;
}
