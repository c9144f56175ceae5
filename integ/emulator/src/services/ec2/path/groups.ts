import { hasBlock, parseBlock } from '../addresses';
import { cidrsOf, covers, listOf } from './blocks';
import { blocked, supported } from './path';
import type { Flow, Path, View } from './path';
import type { Context } from '../../../wire/operation';
import { securityGroupRules } from '../state';
import type { SecurityGroupRule } from '../state';

/** Whom a rule is held against. */
export interface Peer {
  readonly address?: string;
  /** Where the address may be, when it is not known. */
  readonly cidr?: string;
  readonly groupIds: readonly string[];
}

/** The rules of any of the groups decide; there is no rule that denies. */
export function allowedByGroups({ context, without }: View, groupIds: readonly string[], egress: boolean, flow: Flow, peer: Peer): Path {
  const rules = securityGroupRules(context).values()
    .filter((rule) => rule.egress === egress && groupIds.includes(rule.groupId) && rule.id !== without);
  const rule = rules.find((candidate) => isFor(candidate, flow) && isAbout(context, candidate, peer));
  const way = egress ? 'egress' : 'ingress';
  if (rule) return supported(`${rule.groupId} ${way} ${rule.id}`, rule.id);
  const list = peer.address === undefined ? undefined : listOf(context, peer.address);
  const whom = peer.groupIds.length > 0 && peer.address === undefined ? peer.groupIds.join(', ') : peer.address ?? peer.cidr ?? 'anywhere';
  const what = `${flow.protocol} ${flow.port} ${egress ? 'to' : 'from'}`;
  const named = peer.groupIds.length > 0 ? `${peer.groupIds.join(' or ')}, or ${whom}` : list ?? whom;
  return blocked(
    `no ${way} rule of ${groupIds.join(', ') || 'any security group'} allows ${what} ${list ?? whom}`,
    `add an ${way} rule for ${what} ${named} to ${groupIds.join(' or ') || 'a security group'}`,
  );
}

function isFor(rule: SecurityGroupRule, { protocol, port }: Flow): boolean {
  if (rule.protocol === '-1') return true;
  return rule.protocol === protocol && (rule.fromPort ?? 0) <= port && port <= (rule.toPort ?? 65_535);
}

function isAbout(context: Context, rule: SecurityGroupRule, peer: Peer): boolean {
  if (rule.peerGroupId !== undefined) return peer.groupIds.includes(rule.peerGroupId);
  if (rule.prefixListId !== undefined) return cidrsOf(context, rule.prefixListId).some((cidr) => isIn(cidr, peer));
  return isIn(rule.cidr ?? rule.cidr6 ?? '', peer);
}

function isIn(cidr: string, peer: Peer): boolean {
  if (peer.address !== undefined) return covers(cidr, peer.address);
  const [outer, inner] = [parseBlock(cidr), parseBlock(peer.cidr ?? '')];
  return outer !== undefined && inner !== undefined && hasBlock(outer, inner);
}
