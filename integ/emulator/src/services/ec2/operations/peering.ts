import type { Context, Output } from '../../../wire/operation';
import { overlap } from '../addresses';
import { find } from '../find';
import { newId } from '../ids';
import { list } from '../listing';
import type { ListInput } from '../listing';
import { refuse } from '../refusals';
import { peerings, vpcs } from '../state';
import type { PeeringConnection } from '../state';
import { checkTagTypes, tagNew, tagsOf } from '../tags';
import type { WithTags } from '../tags';
import { blocksOf } from '../vpc-blocks';
import { vpcOf } from '../vpc-of';

interface CreateInput extends WithTags {
  readonly VpcId: string;
  readonly PeerVpcId?: string;
  readonly PeerOwnerId?: string;
  readonly PeerRegion?: string;
}

export function createVpcPeeringConnection(context: Context, input: CreateInput): Output {
  checkTagTypes(context, input, 'vpc-peering-connection');
  const vpc = vpcOf(context, input.VpcId);
  if (input.PeerVpcId === undefined) throw refuse(context, 'missing-parameter', 'peerVpcId');
  const place = { account: input.PeerOwnerId ?? context.account, region: input.PeerRegion ?? context.region };
  const peer = vpcs(context.at(place)).get(input.PeerVpcId);
  if (!peer) throw refuse(context, 'vpc', input.PeerVpcId);
  if (blocksOf(vpc).some((block) => blocksOf(peer).some((other) => overlap(block, other)))) throw refuse(context, 'peering-overlap');
  const id = newId(context, 'pcx');
  const peering = peerings(context).put(id, {
    id,
    requester: { vpcId: vpc.id, account: context.account, region: context.region },
    accepter: { vpcId: peer.id, ...place },
    status: 'pending-acceptance',
    requesterDns: false,
    accepterDns: false,
  });
  tagNew(context, input, 'vpc-peering-connection', id);
  return { VpcPeeringConnection: view(context, peering) };
}

export function acceptVpcPeeringConnection(context: Context, { VpcPeeringConnectionId }: { VpcPeeringConnectionId: string }): Output {
  const peering = move(context, VpcPeeringConnectionId, 'pending-acceptance', 'active');
  return { VpcPeeringConnection: view(context, peering) };
}

export function rejectVpcPeeringConnection(context: Context, { VpcPeeringConnectionId }: { VpcPeeringConnectionId: string }): Output {
  move(context, VpcPeeringConnectionId, 'pending-acceptance', 'rejected');
  return { Return: true };
}

export function deleteVpcPeeringConnection(context: Context, { VpcPeeringConnectionId }: { VpcPeeringConnectionId: string }): Output {
  const peering = peeringOf(context, VpcPeeringConnectionId);
  if (peering.status === 'deleted') throw refuse(context, 'peering-state', peering.id);
  peerings(context).put(peering.id, { ...peering, status: 'deleted' });
  return { Return: true };
}

function move(context: Context, id: string, from: PeeringConnection['status'], to: PeeringConnection['status']): PeeringConnection {
  const peering = peeringOf(context, id);
  const mine = peering.accepter.account === context.account && peering.accepter.region === context.region;
  if (!mine) throw refuse(context, 'peering-not-yours', context.account, id);
  if (peering.status !== from) throw refuse(context, 'peering-state', id);
  return peerings(context).put(id, { ...peering, status: to });
}

interface OptionsInput {
  readonly VpcPeeringConnectionId: string;
  readonly RequesterPeeringConnectionOptions?: { readonly AllowDnsResolutionFromRemoteVpc?: boolean };
  readonly AccepterPeeringConnectionOptions?: { readonly AllowDnsResolutionFromRemoteVpc?: boolean };
}

export function modifyVpcPeeringConnectionOptions(context: Context, input: OptionsInput): Output {
  const peering = peeringOf(context, input.VpcPeeringConnectionId);
  if (peering.status !== 'active') throw refuse(context, 'peering-state', peering.id);
  const next = peerings(context).put(peering.id, {
    ...peering,
    requesterDns: input.RequesterPeeringConnectionOptions?.AllowDnsResolutionFromRemoteVpc ?? peering.requesterDns,
    accepterDns: input.AccepterPeeringConnectionOptions?.AllowDnsResolutionFromRemoteVpc ?? peering.accepterDns,
  });
  return {
    RequesterPeeringConnectionOptions: { AllowDnsResolutionFromRemoteVpc: next.requesterDns },
    AccepterPeeringConnectionOptions: { AllowDnsResolutionFromRemoteVpc: next.accepterDns },
  };
}

export function describeVpcPeeringConnections(context: Context, input: ListInput & { VpcPeeringConnectionIds?: string[] }): Output {
  const mine = peerings(context).values().filter(({ requester, accepter }) =>
    [requester, accepter].some(({ account, region }) => account === context.account && region === context.region));
  const { page, NextToken } = list(context, input, {
    records: mine,
    idOf: (peering) => peering.id,
    ids: input.VpcPeeringConnectionIds,
    missing: 'peering',
    filters: {
      'vpc-peering-connection-id': (peering) => peering.id,
      'status-code': (peering) => peering.status,
      'requester-vpc-info.vpc-id': (peering) => peering.requester.vpcId,
      'requester-vpc-info.owner-id': (peering) => peering.requester.account,
      'accepter-vpc-info.vpc-id': (peering) => peering.accepter.vpcId,
      'accepter-vpc-info.owner-id': (peering) => peering.accepter.account,
    },
  });
  return { VpcPeeringConnections: page.map((peering) => view(context, peering)), NextToken };
}

function peeringOf(context: Context, id: string): PeeringConnection {
  return find(context, peerings(context), 'pcx', 'peering', id);
}

function side(context: Context, { vpcId, account, region }: PeeringConnection['requester'], dns: boolean): Output {
  const vpc = vpcs(context.at({ account, region })).get(vpcId);
  return {
    VpcId: vpcId,
    OwnerId: account,
    Region: region,
    CidrBlock: vpc?.cidrs[0].cidr,
    CidrBlockSet: vpc?.cidrs.map(({ cidr }) => ({ CidrBlock: cidr })),
    PeeringOptions: { AllowDnsResolutionFromRemoteVpc: dns },
  };
}

const MESSAGES: Readonly<Record<PeeringConnection['status'], string>> = {
  'pending-acceptance': 'Pending Acceptance',
  'active': 'Active',
  'rejected': 'Rejected',
  'deleted': 'Deleted',
};

function view(context: Context, peering: PeeringConnection): Output {
  return {
    VpcPeeringConnectionId: peering.id,
    RequesterVpcInfo: side(context, peering.requester, peering.requesterDns),
    AccepterVpcInfo: side(context, peering.accepter, peering.accepterDns),
    Status: { Code: peering.status, Message: MESSAGES[peering.status] },
    Tags: tagsOf(context, peering.id),
  };
}
