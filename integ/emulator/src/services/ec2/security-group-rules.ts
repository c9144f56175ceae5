import { formatBlock, parseBlock } from './addresses';
import { isId } from './ids';
import { formatBlock6, parseBlock6 } from './ipv6';
import { awsPrefixLists } from './prefix-list-records';
import { refuse } from './refusals';
import { prefixLists, securityGroups } from './state';
import type { SecurityGroup, SecurityGroupRule } from './state';
import type { Context } from '../../wire/operation';

/** What a rule says, apart from whose it is. */
export type RuleContent = Omit<SecurityGroupRule, 'id' | 'groupId'>;

export interface IpPermission {
  readonly IpProtocol?: string;
  readonly FromPort?: number;
  readonly ToPort?: number;
  readonly IpRanges?: ReadonlyArray<{ readonly CidrIp?: string; readonly Description?: string }>;
  readonly Ipv6Ranges?: ReadonlyArray<{ readonly CidrIpv6?: string; readonly Description?: string }>;
  readonly PrefixListIds?: ReadonlyArray<{ readonly PrefixListId?: string; readonly Description?: string }>;
  readonly UserIdGroupPairs?: ReadonlyArray<{
    readonly GroupId?: string;
    readonly GroupName?: string;
    readonly UserId?: string;
    readonly Description?: string;
  }>;
}

/** The flat form: one block, or the name of a group. */
export interface FlatPermission {
  readonly IpProtocol?: string;
  readonly FromPort?: number;
  readonly ToPort?: number;
  readonly CidrIp?: string;
  readonly SourceSecurityGroupName?: string;
}

const PROTOCOLS: Readonly<Record<string, string>> = { 1: 'icmp', 6: 'tcp', 17: 'udp', 58: 'icmpv6', all: '-1' };

/** The rules that a list of permissions stands for, in order; refused when one stands for none. */
export function rulesFrom(context: Context, group: SecurityGroup, egress: boolean, permissions: readonly IpPermission[]): RuleContent[] {
  return permissions.flatMap((permission) => {
    const shape = { egress, ...portsOf(context, permission) };
    const rules = [
      ...(permission.IpRanges ?? []).map((range) => ({ ...shape, cidr: cidrOf(context, range.CidrIp), description: range.Description })),
      ...(permission.Ipv6Ranges ?? []).map((range) => ({ ...shape, cidr6: cidr6Of(context, range.CidrIpv6), description: range.Description })),
      ...(permission.PrefixListIds ?? []).map((entry) => ({
        ...shape, prefixListId: prefixListOf(context, entry.PrefixListId ?? ''), description: entry.Description,
      })),
      ...(permission.UserIdGroupPairs ?? []).map((pair) => ({ ...shape, ...peerOf(context, group, pair), description: pair.Description })),
    ];
    if (rules.length === 0) throw refuse(context, 'permission-without-peer');
    return rules;
  });
}

export function flatPermission(input: FlatPermission): IpPermission[] {
  if (input.IpProtocol === undefined && input.CidrIp === undefined && input.SourceSecurityGroupName === undefined) return [];
  return [{
    IpProtocol: input.IpProtocol ?? '-1',
    FromPort: input.FromPort,
    ToPort: input.ToPort,
    IpRanges: input.CidrIp === undefined ? [] : [{ CidrIp: input.CidrIp }],
    UserIdGroupPairs: input.SourceSecurityGroupName === undefined ? [] : [{ GroupName: input.SourceSecurityGroupName }],
  }];
}

function portsOf(context: Context, permission: IpPermission): Pick<RuleContent, 'protocol' | 'fromPort' | 'toPort'> {
  const given = (permission.IpProtocol ?? '').toLowerCase();
  const protocol = PROTOCOLS[given] ?? given;
  if (protocol === '') throw refuse(context, 'missing-parameter', 'ipProtocol');
  const known = ['-1', 'tcp', 'udp', 'icmp', 'icmpv6'].includes(protocol);
  if (!known && !/^\d{1,3}$/.test(protocol)) throw refuse(context, 'protocol', given);
  if (protocol !== 'tcp' && protocol !== 'udp') {
    // Ports of "all traffic" and of other protocols are ignored; for ICMP they are type and code.
    return protocol.startsWith('icmp') ? { protocol, fromPort: permission.FromPort ?? -1, toPort: permission.ToPort ?? -1 } : { protocol };
  }
  const { FromPort: fromPort, ToPort: toPort } = permission;
  if (fromPort === undefined || toPort === undefined) throw refuse(context, 'ports-missing');
  if (fromPort < 0 || toPort > 65535 || fromPort > toPort) throw refuse(context, 'port-range', protocol.toUpperCase());
  return { protocol, fromPort, toPort };
}

function cidrOf(context: Context, text: string = ''): string {
  const block = parseBlock(text);
  if (!block) throw refuse(context, 'cidr-malformed', text);
  return formatBlock(block);
}

function cidr6Of(context: Context, text: string = ''): string {
  const block = parseBlock6(text);
  if (!block) throw refuse(context, 'cidr-malformed', text);
  return formatBlock6(block);
}

function prefixListOf(context: Context, id: string): string {
  if (!prefixLists(context).has(id) && !awsPrefixLists(context).some((known) => known.id === id)) throw refuse(context, 'prefix-list', id);
  return id;
}

type Pair = NonNullable<IpPermission['UserIdGroupPairs']>[number];

function peerOf(context: Context, group: SecurityGroup, pair: Pair): Pick<RuleContent, 'peerGroupId' | 'peerAccount'> {
  const account = pair.UserId ?? context.account;
  if (account !== context.account) return { peerGroupId: pair.GroupId ?? '', peerAccount: account };
  const groups = securityGroups(context);
  const peer = pair.GroupId !== undefined
    ? groups.get(pair.GroupId)
    : groups.values().find(({ vpcId, name }) => vpcId === group.vpcId && name === pair.GroupName);
  const asked = pair.GroupId ?? pair.GroupName ?? '';
  if (!peer && pair.GroupId !== undefined && !isId('sg', asked)) throw refuse(context, 'group-malformed', asked);
  if (!peer) throw refuse(context, 'group', asked);
  return { peerGroupId: peer.id, peerAccount: account };
}

/** Two rules are the same when these are; the description does not matter. */
export function identityOf(rule: RuleContent): string {
  return JSON.stringify([
    rule.egress, rule.protocol, rule.fromPort ?? null, rule.toPort ?? null, rule.cidr ?? null, rule.cidr6 ?? null, rule.prefixListId ?? null,
    rule.peerGroupId ?? null,
  ]);
}

/** As the service writes a rule in a refusal. */
export function spell(rule: RuleContent): string {
  const peer = rule.cidr ?? rule.cidr6 ?? rule.prefixListId ?? rule.peerGroupId ?? '';
  if (rule.protocol === '-1') return `peer: ${peer}, ALL, ALLOW`;
  if (/^\d+$/.test(rule.protocol)) return `peer: ${peer}, protocol: ${rule.protocol}, ALLOW`;
  const ports = rule.protocol.startsWith('icmp')
    ? `type: ${String(rule.fromPort)}, code: ${String(rule.toPort)}`
    : `from port: ${String(rule.fromPort)}, to port: ${String(rule.toPort)}`;
  return `peer: ${peer}, ${rule.protocol.toUpperCase()}, ${ports}, ALLOW`;
}

/** What `added` brings to `present`; refused when it says a thing twice or says what is there. */
export function checkNew(context: Context, present: readonly RuleContent[], added: readonly RuleContent[]): void {
  const identities = added.map(identityOf);
  if (new Set(identities).size !== identities.length) throw refuse(context, 'permission-twice');
  const there = new Set(present.map(identityOf));
  const known = added.find((rule) => there.has(identityOf(rule)));
  if (known) throw refuse(context, 'permission-duplicate', spell(known));
}

/** Rules in the service's older form: one permission for each protocol and port range. */
export function permissionsOf(rules: readonly SecurityGroupRule[]): object[] {
  const groups = new Map<string, SecurityGroupRule[]>();
  for (const rule of rules) {
    const key = JSON.stringify([rule.protocol, rule.fromPort, rule.toPort]);
    groups.set(key, [...(groups.get(key) ?? []), rule]);
  }
  return [...groups.values()].map((same) => ({
    IpProtocol: same[0].protocol,
    FromPort: same[0].fromPort,
    ToPort: same[0].toPort,
    IpRanges: same.filter(({ cidr }) => cidr !== undefined).map(({ cidr, description }) => ({ CidrIp: cidr, Description: description })),
    Ipv6Ranges: same.filter(({ cidr6 }) => cidr6 !== undefined).map(({ cidr6, description }) => ({ CidrIpv6: cidr6, Description: description })),
    PrefixListIds: same.filter(({ prefixListId }) => prefixListId !== undefined)
      .map(({ prefixListId, description }) => ({ PrefixListId: prefixListId, Description: description })),
    UserIdGroupPairs: same.filter(({ peerGroupId }) => peerGroupId !== undefined)
      .map(({ peerGroupId, peerAccount, description }) => ({ GroupId: peerGroupId, UserId: peerAccount, Description: description })),
  }));
}
