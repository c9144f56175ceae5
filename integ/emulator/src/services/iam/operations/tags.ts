import { profileOf } from './instance-profiles';
import { ownPolicy } from './policies';
import type { Table } from '../../../kernel';
import type { Context, Output } from '../../../wire/operation';
import { entity, ROLE, USER } from '../entities';
import { paged } from '../paging';
import type { PageInput } from '../paging';
import { instanceProfiles, policies } from '../state';
import { tagViews, withoutTags, withTags } from '../tags';
import type { Tag, Tags } from '../tags';

interface Tagged {
  readonly tags: Tags;
}

/** A kind of things with tags: what names one, where it is kept and how it is found. */
interface Kind<I, T extends Tagged> {
  readonly keyOf: (input: I) => string;
  readonly table: (context: Context) => Table<T>;
  readonly find: (context: Context, key: string) => T;
}

function operations<I, T extends Tagged>({ keyOf, table, find }: Kind<I, T>): {
  tag(context: Context, input: I & { readonly Tags: readonly Tag[] }): Output;
  untag(context: Context, input: I & { readonly TagKeys: readonly string[] }): Output;
  list(context: Context, input: I & PageInput): Output;
} {
  return {
    tag: (context, input) => {
      const found = find(context, keyOf(input));
      table(context).put(keyOf(input), { ...found, tags: withTags(context, found.tags, input.Tags) });
      return {};
    },
    untag: (context, input) => {
      const found = find(context, keyOf(input));
      table(context).put(keyOf(input), { ...found, tags: withoutTags(found.tags, input.TagKeys) });
      return {};
    },
    list: (context, input) => {
      const { page, more } = paged(context, tagViews(find(context, keyOf(input)).tags), ({ Key }) => String(Key), input);
      return { Tags: page, ...more };
    },
  };
}

export const roleTags = operations({
  keyOf: ({ RoleName }: { RoleName: string }) => RoleName, table: ROLE.table, find: (context, name) => entity(context, ROLE, name),
});
export const userTags = operations({
  keyOf: ({ UserName }: { UserName: string }) => UserName, table: USER.table, find: (context, name) => entity(context, USER, name),
});
export const policyTags = operations({ keyOf: ({ PolicyArn }: { PolicyArn: string }) => PolicyArn, table: policies, find: ownPolicy });
export const profileTags = operations({
  keyOf: ({ InstanceProfileName }: { InstanceProfileName: string }) => InstanceProfileName, table: instanceProfiles, find: profileOf,
});
