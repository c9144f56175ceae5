import type { Context, Output } from '../../../wire/operation';
import { formatBlock, parseBlock } from '../addresses';
import { find } from '../find';
import { newId } from '../ids';
import { formatBlock6, parseBlock6 } from '../ipv6';
import { list, paged } from '../listing';
import type { ListInput } from '../listing';
import { awsPrefixLists } from '../prefix-list-records';
import { refuse } from '../refusals';
import { prefixLists, routeTables, securityGroupRules } from '../state';
import type { PrefixList } from '../state';
import { checkTagTypes, dropTags, tagNew, tagsOf } from '../tags';
import type { WithTags } from '../tags';

export function describePrefixLists(context: Context, input: ListInput & { PrefixListIds?: string[] }): Output {
  const { page, NextToken } = list(context, input, {
    records: awsPrefixLists(context),
    idOf: (known) => known.id,
    ids: input.PrefixListIds,
    missing: 'prefix-list',
    filters: { 'prefix-list-id': (known) => known.id, 'prefix-list-name': (known) => known.name },
  });
  return { PrefixLists: page.map(({ id, name, cidrs }) => ({ PrefixListId: id, PrefixListName: name, Cidrs: cidrs })), NextToken };
}

interface Entry {
  readonly Cidr: string;
  readonly Description?: string;
}

interface CreateInput extends WithTags {
  readonly PrefixListName: string;
  readonly AddressFamily: string;
  readonly MaxEntries: number;
  readonly Entries?: readonly Entry[];
}

export function createManagedPrefixList(context: Context, input: CreateInput): Output {
  checkTagTypes(context, input, 'prefix-list');
  const id = newId(context, 'pl');
  const entries = entriesOf(context, input.AddressFamily, input.Entries ?? []);
  if (entries.length > input.MaxEntries) throw refuse(context, 'prefix-list-entries', id);
  const made = prefixLists(context).put(id, {
    id, name: input.PrefixListName, family: input.AddressFamily, maxEntries: input.MaxEntries, version: 1, entries,
  });
  tagNew(context, input, 'prefix-list', id);
  return { PrefixList: { ...ownView(context, made), State: 'create-in-progress' } };
}

function entriesOf(context: Context, family: string, entries: readonly Entry[]): PrefixList['entries'] {
  return entries.map(({ Cidr, Description }) => {
    const [block, block6] = [parseBlock(Cidr), parseBlock6(Cidr)];
    if (family === 'IPv4' && block) return { cidr: formatBlock(block), description: Description };
    if (family === 'IPv6' && block6) return { cidr: formatBlock6(block6), description: Description };
    throw refuse(context, 'cidr-malformed', Cidr);
  });
}

interface ModifyInput {
  readonly PrefixListId: string;
  readonly CurrentVersion?: number;
  readonly PrefixListName?: string;
  readonly MaxEntries?: number;
  readonly AddEntries?: readonly Entry[];
  readonly RemoveEntries?: ReadonlyArray<{ readonly Cidr: string }>;
}

export function modifyManagedPrefixList(context: Context, input: ModifyInput): Output {
  const own = ownList(context, input.PrefixListId);
  const changes = (input.AddEntries?.length ?? 0) + (input.RemoveEntries?.length ?? 0) > 0;
  if (changes && input.CurrentVersion !== own.version) throw refuse(context, 'prefix-list-version', own.id);
  const added = entriesOf(context, own.family, input.AddEntries ?? []);
  const dropped = new Set([...(input.RemoveEntries ?? []).map(({ Cidr }) => Cidr), ...added.map(({ cidr }) => cidr)]);
  const entries = [...own.entries.filter(({ cidr }) => !dropped.has(cidr)), ...added];
  const maxEntries = input.MaxEntries ?? own.maxEntries;
  if (entries.length > maxEntries) throw refuse(context, 'prefix-list-entries', own.id);
  const next = prefixLists(context).put(own.id, {
    ...own, name: input.PrefixListName ?? own.name, maxEntries, entries, version: own.version + (changes ? 1 : 0),
  });
  return { PrefixList: { ...ownView(context, next), State: 'modify-in-progress' } };
}

export function deleteManagedPrefixList(context: Context, { PrefixListId }: { PrefixListId: string }): Output {
  const own = ownList(context, PrefixListId);
  const used = securityGroupRules(context).values().some(({ prefixListId }) => prefixListId === own.id)
    || routeTables(context).values().some(({ routes }) => routes.some(({ destination }) => destination === own.id));
  if (used) throw refuse(context, 'prefix-list-dependency', own.id);
  prefixLists(context).delete(own.id);
  const last = ownView(context, own);
  dropTags(context, own.id);
  return { PrefixList: { ...last, State: 'delete-in-progress' } };
}

export function describeManagedPrefixLists(context: Context, input: ListInput & { PrefixListIds?: string[] }): Output {
  const aws = awsPrefixLists(context).map((known) => ({
    PrefixListId: known.id,
    PrefixListName: known.name,
    PrefixListArn: context.arn('ec2', `prefix-list/${known.id}`, { account: 'aws' }),
    AddressFamily: 'IPv4',
    State: 'create-complete',
    OwnerId: 'AWS',
    Tags: [],
  }));
  const all: Output[] = [...aws, ...prefixLists(context).values().map((own) => ownView(context, own))];
  const { page, NextToken } = list(context, input, {
    records: all,
    idOf: (view) => String(view.PrefixListId),
    ids: input.PrefixListIds,
    missing: 'prefix-list',
    filters: {
      'owner-id': (view) => String(view.OwnerId),
      'prefix-list-id': (view) => String(view.PrefixListId),
      'prefix-list-name': (view) => String(view.PrefixListName),
    },
  });
  return { PrefixLists: page, NextToken };
}

export function getManagedPrefixListEntries(context: Context, input: ListInput & { PrefixListId: string }): Output {
  const aws = awsPrefixLists(context).find(({ id }) => id === input.PrefixListId);
  const entries = aws ? aws.cidrs.map((cidr) => ({ cidr, description: undefined })) : ownList(context, input.PrefixListId).entries;
  const { page, NextToken } = paged(context, entries, ({ cidr }) => cidr, input);
  return { Entries: page.map(({ cidr, description }) => ({ Cidr: cidr, Description: description })), NextToken };
}

/** A list of one's own: those of AWS cannot be changed. */
function ownList(context: Context, id: string): PrefixList {
  return find(context, prefixLists(context), 'pl', 'prefix-list', id);
}

function ownView(context: Context, own: PrefixList): Output {
  return {
    PrefixListId: own.id,
    PrefixListName: own.name,
    PrefixListArn: context.arn('ec2', `prefix-list/${own.id}`),
    AddressFamily: own.family,
    State: own.version === 1 ? 'create-complete' : 'modify-complete',
    MaxEntries: own.maxEntries,
    Version: own.version,
    OwnerId: context.account,
    Tags: tagsOf(context, own.id),
  };
}
