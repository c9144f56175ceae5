import type { Context, Output } from '../../../wire/operation';
import { findFunction, parseName } from '../names';
import { tables } from '../state';
import type { FunctionRecord } from '../state';

interface Input {
  readonly Resource: string;
}

export function tagResource(context: Context, input: Input & { readonly Tags: { readonly [key: string]: string } }): void {
  const record = find(context, input);
  tables.functions(context).put(record.name, { ...record, tags: { ...record.tags, ...input.Tags } });
}

export function untagResource(context: Context, input: Input & { readonly TagKeys: readonly string[] }): void {
  const record = find(context, input);
  const tags = Object.fromEntries(Object.entries(record.tags).filter(([key]) => !input.TagKeys.includes(key)));
  tables.functions(context).put(record.name, { ...record, tags });
}

export function listTags(context: Context, input: Input): Output {
  return { Tags: find(context, input).tags };
}

function find(context: Context, { Resource }: Input): FunctionRecord {
  return findFunction(context, parseName(context, Resource));
}
