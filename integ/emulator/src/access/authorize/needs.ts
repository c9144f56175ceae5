import { factsOf } from './action-facts';
import type { Asked, Desk } from './asked';
import { resourcesOf } from './resources';

/** One action on one resource that a call needs leave for. */
export interface Need {
  readonly action: string;
  readonly resource: string;
  /** Condition keys of this need alone. */
  readonly keys?: Readonly<Record<string, string>>;
}

interface Tagging {
  readonly action: string;
  readonly members: readonly string[];
  /** What is made, where the call names something else: a cluster's own backup. */
  readonly on?: string;
}

interface PassRole {
  readonly member: string;
  readonly to: string;
}

/** Everything that a call needs leave for: its own action, and those that depend on what it is asked to do. */
export function needsOf(asked: Asked, desk: Desk): Need[] {
  const prefix = prefixOf(asked.service, desk);
  const name = `${prefix}:${asked.operation}`;
  const actions = desk.row<Readonly<Record<string, readonly string[]>>>('actions')[name] ?? [name];
  return [
    ...actions.flatMap((action) => needs(action, asked, desk)),
    ...dependentNeeds(name, desk),
    ...taggingNeeds(name, asked, desk),
    ...passRoleNeeds(name, asked, desk),
    ...copySourceNeeds(asked),
  ];
}

export function prefixOf(service: string, { row }: Desk): string {
  return row<Readonly<Record<string, string>>>('prefixes')[service] ?? service;
}

function needs(action: string, asked: Asked, desk: Desk): Need[] {
  if (!factsOf(action) && !desk.row<readonly string[]>('actions-unlisted').includes(action)) desk.unknown(`permission ${action}: not among AWS's actions`);
  return resourcesOf(action, asked, desk).map((resource) => ({ action, resource }));
}

/** What a service does for its caller elsewhere, with his leave. On anything: which things, the service finds out. */
function dependentNeeds(name: string, { row }: Desk): Need[] {
  return (row<Readonly<Record<string, readonly string[]>>>('dependent')[name] ?? []).map((action) => ({ action, resource: '*' }));
}

/** Who gives tags to what he makes needs the action that tags. */
function taggingNeeds(name: string, asked: Asked, desk: Desk): Need[] {
  if (asked.service === 'ec2') return ec2TaggingNeeds(asked);
  const tagging = desk.row<Readonly<Record<string, Tagging>>>('tagging')[name];
  if (!tagging?.members.some((member) => size(asked.input[member]) > 0)) return [];
  if (tagging.on === undefined) return needs(tagging.action, asked, desk);
  const { partition, region, account } = asked.place;
  return [{ action: tagging.action, resource: `arn:${partition}:${tagging.action.split(':')[0]}:${region}:${account}:${tagging.on}` }];
}

interface TagSpecification {
  readonly ResourceType?: string;
  readonly Tags?: readonly unknown[];
}

function ec2TaggingNeeds({ operation, input, place: { partition, region, account } }: Asked): Need[] {
  const specifications = [input.TagSpecifications ?? []].flat() as readonly TagSpecification[];
  return specifications.filter(({ Tags = [] }) => Tags.length > 0).map(({ ResourceType }) => ({
    action: 'ec2:CreateTags',
    resource: `arn:${partition}:ec2:${region}:${account}:${ResourceType ?? '*'}/*`,
    keys: { 'ec2:CreateAction': operation },
  }));
}

function passRoleNeeds(name: string, asked: Asked, desk: Desk): Need[] {
  const pass = desk.row<Readonly<Record<string, PassRole>>>('pass-role')[name];
  if (!pass) return [];
  const given = pass.member.split('.').reduce<readonly unknown[]>(
    (values, member) => values.flatMap((value) => [(value as Readonly<Record<string, unknown>> | undefined)?.[member] ?? []].flat()), [asked.input]);
  const roles = given.flatMap((value) => roleArns(value, asked, desk));
  return roles.map((resource) => ({ action: 'iam:PassRole', resource, keys: { 'iam:PassedToService': pass.to } }));
}

interface Profile {
  readonly Arn?: string;
  readonly Name?: string;
}

/** The roles that a value stands for: an ARN, a name, or an instance profile. */
function roleArns(value: unknown, { place }: Asked, { look }: Desk): readonly string[] {
  if (typeof value === 'object' && value !== null) {
    const { Arn, Name } = value as Profile;
    const found = look<{ InstanceProfile: { Roles: ReadonlyArray<{ Arn: string }> } }>(
      'iam', 'GetInstanceProfile', { InstanceProfileName: Name ?? Arn?.split('/').at(-1) }, place);
    return (found?.InstanceProfile.Roles ?? []).map((role) => role.Arn);
  }
  const text = String(value);
  if (text.startsWith('arn:')) return [text];
  return [look<{ Role: { Arn: string } }>('iam', 'GetRole', { RoleName: text }, place)?.Role.Arn ?? `arn:${place.partition}:iam::${place.account}:role/${text}`];
}

/** What is copied has to be read. */
function copySourceNeeds({ service, input, place }: Asked): Need[] {
  if (service !== 's3' || typeof input.CopySource !== 'string') return [];
  const source = decodeURIComponent(input.CopySource).replace(/^\//, '').replace(/\?versionId=.*$/, '');
  return [{ action: 's3:GetObject', resource: `arn:${place.partition}:s3:::${source}` }];
}

function size(value: unknown): number {
  if (Array.isArray(value)) return value.length;
  return typeof value === 'object' && value !== null ? Object.keys(value).length : 0;
}
