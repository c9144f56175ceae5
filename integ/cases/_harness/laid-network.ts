import { DescribeRouteTablesCommand, DescribeSecurityGroupRulesCommand, DescribeSecurityGroupsCommand, DescribeVpcEndpointsCommand, EC2Client } from '@aws-sdk/client-ec2';
import type { Route, RouteTable, SecurityGroupRule, VpcEndpoint } from '@aws-sdk/client-ec2';
import type { Offline } from './offline';

/** A security-group rule, a route or an endpoint that templates have made, under the name by which a report calls it. */
export interface Laid {
  readonly support: string;
  readonly rule?: SecurityGroupRule;
  readonly route?: Route;
  readonly table?: RouteTable;
  readonly endpoint?: VpcEndpoint;
  /** For readers of a failure. */
  readonly says: string;
}

/** What lies in the VPCs of the account by the templates' doing: not what a VPC or a group has of itself, nor what a service has made for itself. */
export async function laidNetwork(offline: Offline): Promise<Laid[]> {
  const ec2 = new EC2Client(offline.client);
  const { SecurityGroups = [] } = await ec2.send(new DescribeSecurityGroupsCommand({}));
  const groups = new Map(SecurityGroups.map(({ GroupId, GroupName }) => [GroupId, GroupName]));
  const { SecurityGroupRules = [] } = await ec2.send(new DescribeSecurityGroupRulesCommand({}));
  const { RouteTables = [] } = await ec2.send(new DescribeRouteTablesCommand({}));
  const { VpcEndpoints = [] } = await ec2.send(new DescribeVpcEndpointsCommand({}));
  const rules = SecurityGroupRules
    .filter(({ GroupId, ReferencedGroupInfo }) => groups.get(GroupId) !== 'default' && ReferencedGroupInfo?.GroupId !== GroupId)
    .map((rule) => ({
      support: rule.SecurityGroupRuleId!,
      rule,
      says: `${groups.get(rule.GroupId)} ${rule.IsEgress ? 'out' : 'in'} ${rule.IpProtocol} ${rule.FromPort}-${rule.ToPort} ${rule.CidrIpv4 ?? rule.ReferencedGroupInfo?.GroupId ?? ''}`,
    }));
  const routes = RouteTables.flatMap((table) => (table.Routes ?? []).filter(({ Origin }) => Origin === 'CreateRoute').map((route) => {
    const support = `${table.RouteTableId} ${route.DestinationCidrBlock ?? route.DestinationPrefixListId ?? ''}`;
    return { support, route, table, says: `${support} to ${route.NatGatewayId ?? route.GatewayId ?? ''}` };
  }));
  const endpoints = VpcEndpoints.map((endpoint) => ({ support: endpoint.VpcEndpointId!, endpoint, says: `endpoint ${endpoint.ServiceName}` }));
  return [...rules, ...routes, ...endpoints];
}
