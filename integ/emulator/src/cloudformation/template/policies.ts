import { isKnownType } from '../spec';
import type { Template } from './template';
import { refused } from '../texts';

export type RemovalPolicy = 'Delete' | 'Retain' | 'RetainExceptOnCreate' | 'Snapshot';

const DELETION = new Set(['Delete', 'Retain', 'RetainExceptOnCreate', 'Snapshot']);
const REPLACEMENT = new Set(['Delete', 'Retain', 'Snapshot']);

/** Checks that need more than the template's shape: types that exist, policies that the type allows. */
export function checkTypes(template: Template, snapshotTypes: readonly string[]): void {
  const unknown = [...new Set(Object.values(template.Resources).map(({ Type }) => Type).filter((type) => !isKnownType(type)))];
  if (unknown.length > 0) throw refused('text-unknown-types', { unknown: unknown.join(', ') });
  for (const [id, resource] of Object.entries(template.Resources)) {
    const { Type: type, DeletionPolicy: deletion, UpdateReplacePolicy: replacement } = resource;
    if (typeof deletion === 'string' && !DELETION.has(deletion)) {
      throw refused('text-deletion-policy', { deletion, id });
    }
    if (typeof replacement === 'string' && !REPLACEMENT.has(replacement)) {
      throw refused('text-update-replace-policy', { replacement, id });
    }
    if (deletion === 'Snapshot' && !snapshotTypes.includes(type)) {
      throw refused('text-no-snapshot-on-deletion', { type });
    }
    if (replacement === 'Snapshot' && !snapshotTypes.includes(type)) {
      throw refused('text-no-snapshot-on-replacement', { type });
    }
  }
}

/** What `DeletionPolicy` is when the template does not say: clusters and instances of databases are snapshotted. */
export function defaultDeletionPolicy(type: string, properties: { readonly [name: string]: unknown }): RemovalPolicy {
  if (type === 'AWS::RDS::DBCluster') return 'Snapshot';
  return type === 'AWS::RDS::DBInstance' && properties.DBClusterIdentifier === undefined ? 'Snapshot' : 'Delete';
}

const IAM_TYPES = new Set([
  'AWS::IAM::AccessKey', 'AWS::IAM::Group', 'AWS::IAM::InstanceProfile', 'AWS::IAM::ManagedPolicy', 'AWS::IAM::Policy', 'AWS::IAM::Role', 'AWS::IAM::User',
  'AWS::IAM::UserToGroupAddition', 'AWS::IAM::GroupPolicy', 'AWS::IAM::RolePolicy', 'AWS::IAM::UserPolicy',
]);

const IAM_NAMES = ['RoleName', 'ManagedPolicyName', 'UserName', 'GroupName', 'InstanceProfileName'];

/** What a template asks the caller to acknowledge, and which resources ask for it. */
export function neededCapabilities(template: Template): { readonly capabilities: readonly string[]; readonly types: readonly string[] } {
  const types = new Set<string>();
  let named = false;
  for (const { Type: type, Properties: properties = {} } of Object.values(template.Resources)) {
    if (!IAM_TYPES.has(type)) continue;
    types.add(type);
    // A policy attached by another resource's name is not a name of its own.
    if (/::(Role|ManagedPolicy|User|Group|InstanceProfile)$/.test(type) && IAM_NAMES.some((name) => properties[name] !== undefined)) named = true;
  }
  const capabilities = types.size === 0 ? [] : [named ? 'CAPABILITY_NAMED_IAM' : 'CAPABILITY_IAM'];
  return { capabilities: template.Transform === undefined ? capabilities : [...capabilities, 'CAPABILITY_AUTO_EXPAND'], types: [...types] };
}
