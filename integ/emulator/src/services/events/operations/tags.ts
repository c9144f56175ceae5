import type { Context, Output } from '../../../wire/operation';
import { buses, ruleKey, rules } from '../state';
import type { Tag } from '../state';
import { refusal } from '../text';

interface TagsInput {
  readonly ResourceARN: string;
}

export function tagResource(context: Context, { ResourceARN, Tags }: TagsInput & { readonly Tags: readonly Tag[] }): void {
  change(context, ResourceARN, (tags) => [...tags.filter(({ Key }) => !Tags.some((tag) => tag.Key === Key)), ...Tags]);
}

export function untagResource(context: Context, { ResourceARN, TagKeys }: TagsInput & { readonly TagKeys: readonly string[] }): void {
  change(context, ResourceARN, (tags) => tags.filter(({ Key }) => !TagKeys.includes(Key)));
}

export function listTagsForResource(context: Context, { ResourceARN }: TagsInput): Output {
  return { Tags: change(context, ResourceARN, (tags) => tags) };
}

function change(context: Context, arn: string, edit: (tags: readonly Tag[]) => readonly Tag[]): readonly Tag[] {
  const rule = rules(context).values().find((each) => each.arn === arn);
  if (rule) return rules(context).put(ruleKey(rule), { ...rule, tags: edit(rule.tags) }).tags;
  const bus = buses(context).values().find((each) => each.arn === arn);
  if (!bus) throw refusal(context, 'ResourceNotFoundException', 'text-no-resource', { arn });
  return buses(context).put(bus.name, { ...bus, tags: edit(bus.tags) }).tags;
}
