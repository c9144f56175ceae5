import type { Context, Output } from '../../../wire/operation';
import { find } from '../find';
import { newId } from '../ids';
import { list } from '../listing';
import type { ListInput } from '../listing';
import { refuse } from '../refusals';
import { checkNew, flatPermission, identityOf, permissionsOf, rulesFrom } from '../security-group-rules';
import type { FlatPermission, IpPermission, RuleContent } from '../security-group-rules';
import { endpoints, interfaces, securityGroupRules, securityGroups, vpcs } from '../state';
import type { SecurityGroup, SecurityGroupRule } from '../state';
import { checkTagTypes, dropTags, tagNew, tagsOf } from '../tags';
import type { WithTags } from '../tags';
import { vpcOf } from '../vpc-of';

interface CreateSecurityGroupInput extends WithTags {
  readonly GroupName: string;
  readonly Description: string;
  readonly VpcId?: string;
}

/** A new group lets everything out and nothing in. */
export function createSecurityGroup(context: Context, input: CreateSecurityGroupInput): Output {
  checkTagTypes(context, input, 'security-group');
  const vpc = input.VpcId === undefined ? vpcs(context).values().find(({ isDefault }) => isDefault) : vpcOf(context, input.VpcId);
  if (!vpc) throw refuse(context, 'no-default-vpc-for-group');
  if (!/^[a-zA-Z0-9 ._\-:/()#,@[\]+=&;{}!$*]{1,255}$/.test(input.GroupName)) throw refuse(context, 'group-name', input.GroupName);
  if (!/^[a-zA-Z0-9 ._\-:/()#,@[\]+=&;{}!$*]{1,255}$/.test(input.Description)) throw refuse(context, 'group-description', input.Description);
  if (input.GroupName.startsWith('sg-')) throw refuse(context, 'group-name-like-id', input.GroupName);
  if (input.GroupName === 'default') throw refuse(context, 'group-name-reserved');
  const groups = securityGroups(context);
  if (groups.values().some((group) => group.vpcId === vpc.id && group.name === input.GroupName)) {
    throw refuse(context, 'group-duplicate', input.GroupName, vpc.id);
  }
  if (groups.size() >= context.row<number>('security-groups-per-region')) throw refuse(context, 'group-limit');
  const id = newId(context, 'sg');
  groups.put(id, { id, vpcId: vpc.id, name: input.GroupName, description: input.Description });
  putRule(context, ruleOf(context, id, { egress: true, protocol: '-1', cidr: '0.0.0.0/0' }));
  if (vpc.ipv6.length > 0) putRule(context, ruleOf(context, id, { egress: true, protocol: '-1', cidr6: '::/0' }));
  tagNew(context, input, 'security-group', id);
  context.emit('created', id);
  return { GroupId: id, SecurityGroupArn: context.arn('ec2', `security-group/${id}`), Tags: tagsOf(context, id) };
}

export function ruleOf(context: Context, groupId: string, content: RuleContent): SecurityGroupRule {
  return { id: newId(context, 'sgr'), groupId, ...content };
}

function putRule(context: Context, rule: SecurityGroupRule): SecurityGroupRule {
  return securityGroupRules(context).put(rule.id, rule);
}

export function deleteSecurityGroup(context: Context, input: { GroupId?: string; GroupName?: string }): Output {
  const group = groupOf(context, input);
  if (group.name === 'default') throw refuse(context, 'group-default-delete', group.id, group.name);
  const attached = interfaces(context).values().some(({ groupIds }) => groupIds.includes(group.id))
    || endpoints(context).values().some(({ groupIds, state }) => state !== 'deleted' && groupIds.includes(group.id));
  const referenced = securityGroupRules(context).values().some((rule) => rule.peerGroupId === group.id && rule.groupId !== group.id);
  if (attached || referenced) throw refuse(context, 'group-dependency', group.id);
  for (const rule of rulesOf(context, group.id)) {
    securityGroupRules(context).delete(rule.id);
    dropTags(context, rule.id);
  }
  securityGroups(context).delete(group.id);
  dropTags(context, group.id);
  context.emit('deleted', group.id);
  return { GroupId: group.id, Return: true };
}

interface AuthorizeInput extends WithTags, FlatPermission {
  readonly GroupId?: string;
  readonly GroupName?: string;
  readonly IpPermissions?: readonly IpPermission[];
}

export const authorizeSecurityGroupIngress = (context: Context, input: AuthorizeInput): Output => authorize(context, input, false);
export const authorizeSecurityGroupEgress = (context: Context, input: AuthorizeInput): Output => authorize(context, input, true);

function authorize(context: Context, input: AuthorizeInput, egress: boolean): Output {
  checkTagTypes(context, input, 'security-group-rule');
  const group = groupOf(context, input);
  const permissions = [...(input.IpPermissions ?? []), ...flatPermission(input)];
  if (permissions.length === 0) throw refuse(context, 'missing-parameter', 'ipPermissions');
  const added = rulesFrom(context, group, egress, permissions);
  const present = rulesOf(context, group.id).filter((rule) => rule.egress === egress);
  checkNew(context, present, added);
  if (present.length + added.length > context.row<number>('rules-per-security-group')) throw refuse(context, 'rule-limit');
  const rules = added.map((content) => putRule(context, ruleOf(context, group.id, content)));
  rules.forEach((rule) => tagNew(context, input, 'security-group-rule', rule.id));
  context.emit(egress ? 'egress authorized' : 'ingress authorized', group.id);
  return { Return: true, SecurityGroupRules: rules.map((rule) => ruleView(context, rule)) };
}

interface RevokeInput extends FlatPermission {
  readonly GroupId?: string;
  readonly GroupName?: string;
  readonly IpPermissions?: readonly IpPermission[];
  readonly SecurityGroupRuleIds?: readonly string[];
}

export const revokeSecurityGroupIngress = (context: Context, input: RevokeInput): Output => revoke(context, input, false);
export const revokeSecurityGroupEgress = (context: Context, input: RevokeInput): Output => revoke(context, input, true);

function revoke(context: Context, input: RevokeInput, egress: boolean): Output {
  const group = groupOf(context, input);
  const present = rulesOf(context, group.id).filter((rule) => rule.egress === egress);
  const byId = (input.SecurityGroupRuleIds ?? []).map((id) => {
    const rule = present.find((candidate) => candidate.id === id);
    if (!rule) throw refuse(context, 'rule', id);
    return rule;
  });
  const permissions = [...(input.IpPermissions ?? []), ...flatPermission(input)];
  if (permissions.length === 0 && byId.length === 0) throw refuse(context, 'missing-parameter', 'ipPermissions');
  const byContent = rulesFrom(context, group, egress, permissions).map((content) => {
    const rule = present.find((candidate) => identityOf(candidate) === identityOf(content));
    if (!rule) throw refuse(context, 'permission');
    return rule;
  });
  const revoked = [...new Set([...byId, ...byContent])];
  for (const rule of revoked) {
    securityGroupRules(context).delete(rule.id);
    dropTags(context, rule.id);
  }
  context.emit(egress ? 'egress revoked' : 'ingress revoked', group.id);
  return {
    Return: true,
    RevokedSecurityGroupRules: revoked.map((rule) => ({
      SecurityGroupRuleId: rule.id,
      GroupId: group.id,
      IsEgress: rule.egress,
      IpProtocol: rule.protocol,
      FromPort: rule.fromPort ?? -1,
      ToPort: rule.toPort ?? -1,
      CidrIpv4: rule.cidr,
      CidrIpv6: rule.cidr6,
      PrefixListId: rule.prefixListId,
      ReferencedGroupId: rule.peerGroupId,
      Description: rule.description,
    })),
  };
}

interface RuleRequest {
  readonly IpProtocol?: string;
  readonly FromPort?: number;
  readonly ToPort?: number;
  readonly CidrIpv4?: string;
  readonly CidrIpv6?: string;
  readonly PrefixListId?: string;
  readonly ReferencedGroupId?: string;
  readonly Description?: string;
}

interface ModifyRulesInput {
  readonly GroupId: string;
  readonly SecurityGroupRules: ReadonlyArray<{ readonly SecurityGroupRuleId: string; readonly SecurityGroupRule?: RuleRequest }>;
}

export function modifySecurityGroupRules(context: Context, input: ModifyRulesInput): Output {
  const group = groupOf(context, input);
  for (const { SecurityGroupRuleId: id, SecurityGroupRule: request = {} } of input.SecurityGroupRules) {
    const rule = rulesOf(context, group.id).find((candidate) => candidate.id === id);
    if (!rule) throw refuse(context, 'rule', id);
    const [content] = rulesFrom(context, group, rule.egress, [{
      IpProtocol: request.IpProtocol ?? rule.protocol,
      FromPort: request.FromPort,
      ToPort: request.ToPort,
      IpRanges: request.CidrIpv4 === undefined ? [] : [{ CidrIp: request.CidrIpv4, Description: request.Description }],
      Ipv6Ranges: request.CidrIpv6 === undefined ? [] : [{ CidrIpv6: request.CidrIpv6, Description: request.Description }],
      PrefixListIds: request.PrefixListId === undefined ? [] : [{ PrefixListId: request.PrefixListId, Description: request.Description }],
      UserIdGroupPairs: request.ReferencedGroupId === undefined ? [] : [{ GroupId: request.ReferencedGroupId, Description: request.Description }],
    }]);
    checkNew(context, rulesOf(context, group.id).filter((other) => other.id !== id), [content]);
    putRule(context, { id, groupId: group.id, ...content });
  }
  return { Return: true };
}

interface DescriptionsInput {
  readonly GroupId?: string;
  readonly GroupName?: string;
  readonly IpPermissions?: readonly IpPermission[];
  readonly SecurityGroupRuleDescriptions?: ReadonlyArray<{ readonly SecurityGroupRuleId?: string; readonly Description?: string }>;
}

export const updateSecurityGroupRuleDescriptionsIngress = (context: Context, input: DescriptionsInput): Output => describe(context, input, false);
export const updateSecurityGroupRuleDescriptionsEgress = (context: Context, input: DescriptionsInput): Output => describe(context, input, true);

function describe(context: Context, input: DescriptionsInput, egress: boolean): Output {
  const group = groupOf(context, input);
  const present = rulesOf(context, group.id).filter((rule) => rule.egress === egress);
  for (const content of rulesFrom(context, group, egress, input.IpPermissions ?? [])) {
    const rule = present.find((candidate) => identityOf(candidate) === identityOf(content));
    if (!rule) throw refuse(context, 'permission');
    putRule(context, { ...rule, description: content.description });
  }
  for (const { SecurityGroupRuleId = '', Description } of input.SecurityGroupRuleDescriptions ?? []) {
    const rule = present.find(({ id }) => id === SecurityGroupRuleId);
    if (!rule) throw refuse(context, 'rule', SecurityGroupRuleId);
    putRule(context, { ...rule, description: Description });
  }
  return { Return: true };
}

export function describeSecurityGroups(context: Context, input: ListInput & { GroupIds?: string[]; GroupNames?: string[] }): Output {
  const names = input.GroupNames ?? [];
  const all = securityGroups(context).values();
  const unknown = names.find((name) => !all.some((group) => group.name === name));
  if (unknown !== undefined) throw refuse(context, 'group', unknown);
  const rules = (group: SecurityGroup, egress: boolean): SecurityGroupRule[] => rulesOf(context, group.id).filter((rule) => rule.egress === egress);
  const { page, NextToken } = list(context, input, {
    records: names.length > 0 ? all.filter(({ name }) => names.includes(name)) : all,
    idOf: (group) => group.id,
    ids: input.GroupIds,
    missing: 'group',
    filters: {
      'group-id': (group) => group.id,
      'group-name': (group) => group.name,
      'description': (group) => group.description,
      'vpc-id': (group) => group.vpcId,
      ...Object.fromEntries([['', false] as const, ['egress.', true] as const].flatMap(([prefix, egress]) => [
        [`${prefix}ip-permission.cidr`, (group: SecurityGroup) => rules(group, egress).map(({ cidr }) => cidr)],
        [`${prefix}ip-permission.ipv6-cidr`, (group: SecurityGroup) => rules(group, egress).map(({ cidr6 }) => cidr6)],
        [`${prefix}ip-permission.group-id`, (group: SecurityGroup) => rules(group, egress).map(({ peerGroupId }) => peerGroupId)],
        [`${prefix}ip-permission.prefix-list-id`, (group: SecurityGroup) => rules(group, egress).map(({ prefixListId }) => prefixListId)],
        [`${prefix}ip-permission.protocol`, (group: SecurityGroup) => rules(group, egress).map(({ protocol }) => protocol)],
        [`${prefix}ip-permission.from-port`, (group: SecurityGroup) => rules(group, egress).map(({ fromPort }) => fromPort)],
        [`${prefix}ip-permission.to-port`, (group: SecurityGroup) => rules(group, egress).map(({ toPort }) => toPort)],
      ])),
    },
  });
  return { SecurityGroups: page.map((group) => view(context, group)), NextToken };
}

export function describeSecurityGroupRules(context: Context, input: ListInput & { SecurityGroupRuleIds?: string[] }): Output {
  const { page, NextToken } = list(context, input, {
    records: securityGroupRules(context).values(),
    idOf: (rule) => rule.id,
    ids: input.SecurityGroupRuleIds,
    missing: 'rule',
    filters: {
      'group-id': (rule) => rule.groupId,
      'security-group-rule-id': (rule) => rule.id,
    },
  });
  return { SecurityGroupRules: page.map((rule) => ruleView(context, rule)), NextToken };
}

/** Which VPCs of peers point at these groups: none, unless across a peering connection. */
export function describeSecurityGroupReferences(context: Context, { GroupId }: { GroupId: string[] }): Output {
  const groups = GroupId.map((id) => groupOf(context, { GroupId: id }));
  return {
    SecurityGroupReferenceSet: groups.flatMap((group) => {
      const referring = securityGroupRules(context).values()
        .filter(({ peerGroupId }) => peerGroupId === group.id)
        .map((rule) => securityGroups(context).get(rule.groupId)!)
        .filter(({ vpcId }) => vpcId !== group.vpcId);
      return [...new Set(referring.map(({ vpcId }) => vpcId))].map((vpcId) => ({ GroupId: group.id, ReferencingVpcId: vpcId }));
    }),
  };
}

export function getSecurityGroupsForVpc(context: Context, input: ListInput & { VpcId: string }): Output {
  const vpc = vpcOf(context, input.VpcId);
  const { page, NextToken } = list(context, input, {
    records: securityGroups(context).values().filter(({ vpcId }) => vpcId === vpc.id),
    idOf: (group) => group.id,
    missing: 'group',
    filters: { 'group-id': (group) => group.id, 'group-name': (group) => group.name, 'description': (group) => group.description },
  });
  return {
    SecurityGroupForVpcs: page.map((group) => ({
      GroupId: group.id,
      GroupName: group.name,
      Description: group.description,
      OwnerId: context.account,
      PrimaryVpcId: vpc.id,
      Tags: tagsOf(context, group.id),
    })),
    NextToken,
  };
}

export function groupOf(context: Context, { GroupId, GroupName }: { GroupId?: string; GroupName?: string }): SecurityGroup {
  if (GroupId !== undefined) return find(context, securityGroups(context), 'sg', 'group', GroupId);
  if (GroupName === undefined) throw refuse(context, 'missing-parameter', 'groupId');
  // By name, as it was before VPCs: a group of the default VPC.
  const home = vpcs(context).values().find(({ isDefault }) => isDefault);
  const group = securityGroups(context).values().find(({ vpcId, name }) => vpcId === home?.id && name === GroupName);
  if (!group) throw refuse(context, 'group-in-default-vpc', GroupName);
  return group;
}

export function rulesOf(context: Context, groupId: string): SecurityGroupRule[] {
  return securityGroupRules(context).values().filter((rule) => rule.groupId === groupId);
}

function ruleView(context: Context, rule: SecurityGroupRule): Output {
  return {
    SecurityGroupRuleId: rule.id,
    SecurityGroupRuleArn: context.arn('ec2', `security-group-rule/${rule.id}`),
    GroupId: rule.groupId,
    GroupOwnerId: context.account,
    IsEgress: rule.egress,
    IpProtocol: rule.protocol,
    FromPort: rule.fromPort ?? -1,
    ToPort: rule.toPort ?? -1,
    CidrIpv4: rule.cidr,
    CidrIpv6: rule.cidr6,
    PrefixListId: rule.prefixListId,
    ReferencedGroupInfo: rule.peerGroupId === undefined ? undefined : { GroupId: rule.peerGroupId, UserId: rule.peerAccount },
    Description: rule.description,
    Tags: tagsOf(context, rule.id),
  };
}

function view(context: Context, group: SecurityGroup): Output {
  const rules = rulesOf(context, group.id);
  return {
    GroupId: group.id,
    GroupName: group.name,
    Description: group.description,
    OwnerId: context.account,
    VpcId: group.vpcId,
    SecurityGroupArn: context.arn('ec2', `security-group/${group.id}`),
    IpPermissions: permissionsOf(rules.filter(({ egress }) => !egress)),
    IpPermissionsEgress: permissionsOf(rules.filter(({ egress }) => egress)),
    Tags: tagsOf(context, group.id),
  };
}
