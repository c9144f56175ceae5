import { newId } from './ids';
import { networkAcls } from './state';
import type { AclEntry, NetworkAcl, Vpc } from './state';
import type { Context } from '../../wire/operation';

/** The last entry of every list; it cannot be changed. */
export const LAST_ENTRY = 32767;
const LAST_ENTRY_6 = 32768;

export function lastEntries(ipv6: boolean): AclEntry[] {
  return [false, true].flatMap((egress): AclEntry[] => [
    { number: LAST_ENTRY, egress, protocol: '-1', action: 'deny', cidr: '0.0.0.0/0' },
    ...(ipv6 ? [{ number: LAST_ENTRY_6, egress, protocol: '-1', action: 'deny', cidr6: '::/0' } as const] : []),
  ]);
}

/** The default list lets everything through. */
export function newDefaultAcl(context: Context, vpc: Vpc): NetworkAcl {
  const id = newId(context, 'acl');
  const ipv6 = vpc.ipv6.length > 0;
  const open = [false, true].flatMap((egress): AclEntry[] => [
    { number: 100, egress, protocol: '-1', action: 'allow', cidr: '0.0.0.0/0' },
    ...(ipv6 ? [{ number: 101, egress, protocol: '-1', action: 'allow', cidr6: '::/0' } as const] : []),
  ]);
  return networkAcls(context).put(id, { id, vpcId: vpc.id, isDefault: true, entries: [...open, ...lastEntries(ipv6)], associations: [] });
}

/** Puts a subnet under a list, away from the one it was under. */
export function associateAcl(context: Context, subnetId: string, aclId: string): string {
  for (const acl of networkAcls(context).values()) {
    const associations = acl.associations.filter((association) => association.subnetId !== subnetId);
    if (associations.length !== acl.associations.length) networkAcls(context).put(acl.id, { ...acl, associations });
  }
  const acl = networkAcls(context).get(aclId)!;
  const id = newId(context, 'aclassoc');
  networkAcls(context).put(aclId, { ...acl, associations: [...acl.associations, { id, subnetId }] });
  return id;
}

export function dropAclAssociation(context: Context, subnetId: string): void {
  for (const acl of networkAcls(context).values()) {
    const associations = acl.associations.filter((association) => association.subnetId !== subnetId);
    if (associations.length !== acl.associations.length) networkAcls(context).put(acl.id, { ...acl, associations });
  }
}

export function defaultAclOf(context: Context, vpcId: string): NetworkAcl {
  return networkAcls(context).values().find((acl) => acl.vpcId === vpcId && acl.isDefault)!;
}
