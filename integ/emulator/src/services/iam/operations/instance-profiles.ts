import { roleView } from './roles';
import type { Context, Output } from '../../../wire/operation';
import { checkFree, entity, ROLE, uniqueId } from '../entities';
import { paged } from '../paging';
import type { PageInput } from '../paging';
import { refuse } from '../refusals';
import { arnOf, instanceProfiles, roles } from '../state';
import type { InstanceProfile } from '../state';
import { tagViews, withTags } from '../tags';
import type { Tag } from '../tags';

interface OfProfile {
  readonly InstanceProfileName: string;
}

export function createInstanceProfile(context: Context, input: OfProfile & { Path?: string; Tags?: readonly Tag[] }): Output {
  checkFree(context, 'profile-exists', instanceProfiles(context).values().map(({ name }) => name), input.InstanceProfileName);
  const profile = instanceProfiles(context).put(input.InstanceProfileName, {
    name: input.InstanceProfileName,
    path: input.Path ?? '/',
    id: uniqueId(context, 'AIPA'),
    createdAt: context.now,
    tags: withTags(context, {}, input.Tags),
    roles: [],
  });
  context.emit('instance profile created', profile.name);
  return { InstanceProfile: view(context, profile) };
}

export function deleteInstanceProfile(context: Context, { InstanceProfileName }: OfProfile): Output {
  const profile = profileOf(context, InstanceProfileName);
  if (profile.roles.length > 0) throw refuse(context, 'role-in-profile');
  instanceProfiles(context).delete(profile.name);
  context.emit('instance profile deleted', profile.name);
  return {};
}

export function getInstanceProfile(context: Context, { InstanceProfileName }: OfProfile): Output {
  return { InstanceProfile: view(context, profileOf(context, InstanceProfileName)) };
}

export function listInstanceProfiles(context: Context, input: PageInput & { PathPrefix?: string }): Output {
  const all = instanceProfiles(context).values().filter(({ path }) => path.startsWith(input.PathPrefix ?? '/'));
  const { page, more } = paged(context, all, ({ name }) => name, input);
  return { InstanceProfiles: page.map((profile) => ({ ...view(context, profile), Tags: undefined })), ...more };
}

export function listInstanceProfilesForRole(context: Context, input: PageInput & { RoleName: string }): Output {
  const role = entity(context, ROLE, input.RoleName);
  const all = instanceProfiles(context).values().filter((profile) => profile.roles.includes(role.name));
  const { page, more } = paged(context, all, ({ name }) => name, input);
  return { InstanceProfiles: page.map((profile) => view(context, profile)), ...more };
}

/** One role at most. */
export function addRoleToInstanceProfile(context: Context, input: OfProfile & { RoleName: string }): Output {
  const profile = profileOf(context, input.InstanceProfileName);
  const role = entity(context, ROLE, input.RoleName);
  if (profile.roles.length > 0) throw refuse(context, 'quota', 'InstanceSessionsPerInstanceProfile', 1);
  instanceProfiles(context).put(profile.name, { ...profile, roles: [role.name] });
  return {};
}

export function removeRoleFromInstanceProfile(context: Context, input: OfProfile & { RoleName: string }): Output {
  const profile = profileOf(context, input.InstanceProfileName);
  if (!profile.roles.includes(input.RoleName)) throw refuse(context, 'role', input.RoleName);
  instanceProfiles(context).put(profile.name, { ...profile, roles: [] });
  return {};
}

export function profileOf(context: Context, name: string): InstanceProfile {
  const profile = instanceProfiles(context).get(name);
  if (!profile) throw refuse(context, 'profile', name);
  return profile;
}

function view(context: Context, profile: InstanceProfile): Output {
  return {
    Path: profile.path,
    InstanceProfileName: profile.name,
    InstanceProfileId: profile.id,
    Arn: arnOf(context, 'instance-profile', profile),
    CreateDate: new Date(context.kernel.hostTime(profile.createdAt)),
    Roles: profile.roles.map((name) => roleView(context, roles(context).get(name)!)),
    Tags: tagViews(profile.tags),
  };
}
