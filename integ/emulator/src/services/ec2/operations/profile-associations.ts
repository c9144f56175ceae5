import { instanceOf } from './instances';
import type { Context, Output } from '../../../wire/operation';
import { newId } from '../ids';
import { profileOf } from '../launch';
import { list } from '../listing';
import type { ListInput } from '../listing';
import { refuse } from '../refusals';
import { instances } from '../state';
import type { Instance } from '../state';

interface ProfileName {
  readonly Arn?: string;
  readonly Name?: string;
}

export function associateIamInstanceProfile(context: Context, input: { IamInstanceProfile: ProfileName; InstanceId: string }): Output {
  const instance = instanceOf(context, input.InstanceId);
  if (instance.profile) throw refuse(context, 'profile-associated', instance.id);
  return put(context, instance, input.IamInstanceProfile, 'associating');
}

export function replaceIamInstanceProfileAssociation(context: Context, input: { IamInstanceProfile: ProfileName; AssociationId: string }): Output {
  return put(context, associated(context, input.AssociationId), input.IamInstanceProfile, 'associating');
}

function put(context: Context, instance: Instance, name: ProfileName, state: string): Output {
  const profile = { ...profileOf(context, name), associationId: newId(context, 'iip-assoc') };
  return { IamInstanceProfileAssociation: view(instances(context).put(instance.id, { ...instance, profile }), state) };
}

export function disassociateIamInstanceProfile(context: Context, { AssociationId }: { AssociationId: string }): Output {
  const instance = associated(context, AssociationId);
  const { profile: _gone, ...rest } = instance;
  instances(context).put(instance.id, rest);
  return { IamInstanceProfileAssociation: view(instance, 'disassociating') };
}

export function describeIamInstanceProfileAssociations(context: Context, input: ListInput & { AssociationIds?: string[] }): Output {
  const { page, NextToken } = list(context, input, {
    records: instances(context).values().filter(({ profile, state }) => profile && state !== 'terminated'),
    idOf: (instance) => instance.profile!.associationId,
    ids: input.AssociationIds,
    missing: 'profile-association',
    filters: { 'instance-id': (instance) => instance.id, 'state': () => 'associated' },
  });
  return { IamInstanceProfileAssociations: page.map((instance) => view(instance, 'associated')), NextToken };
}

function associated(context: Context, id: string): Instance {
  const instance = instances(context).values().find(({ profile }) => profile?.associationId === id);
  if (!instance) throw refuse(context, 'profile-association', id);
  return instance;
}

function view({ id, profile }: Instance, State: string): Output {
  return { AssociationId: profile?.associationId, InstanceId: id, IamInstanceProfile: { Arn: profile?.arn, Id: profile?.id }, State };
}
