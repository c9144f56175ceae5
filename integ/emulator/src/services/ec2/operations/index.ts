import { allocateAddress, releaseAddress, associateAddress, disassociateAddress, describeAddresses, describeAddressesAttribute } from './addresses';
import { createDefaultVpc } from './default-vpc';
import { createDhcpOptions, deleteDhcpOptions, describeDhcpOptions } from './dhcp-options';
import { emulatedGuard } from './emulated-access';
import { describeVpcEndpointServices } from './endpoint-services';
import {
  createVpcEndpoint, deleteVpcEndpoints, emulatedEndpoint, modifyVpcEndpoint, describeVpcEndpoints, describeVpcEndpointConnections,
} from './endpoints';
import { createFlowLogs, deleteFlowLogs, describeFlowLogs } from './flow-logs';
import {
  createInternetGateway, attachInternetGateway, detachInternetGateway, describeVpnGateways, deleteInternetGateway, describeInternetGateways,
  createEgressOnlyInternetGateway, deleteEgressOnlyInternetGateway, describeEgressOnlyInternetGateways,
} from './gateways';
import { describeImages } from './images';
import { describeInstanceTypes, describeInstanceTypeOfferings } from './instance-types';
import {
  terminateInstances, stopInstances, startInstances, rebootInstances, describeInstances, describeInstanceStatus, describeInstanceAttribute,
  modifyInstanceAttribute, modifyInstanceMetadataOptions, monitorInstances, unmonitorInstances, modifyInstanceMaintenanceOptions,
  describeInstanceCreditSpecifications, modifyInstanceCreditSpecification,
} from './instances';
import { importKeyPair, deleteKeyPair, describeKeyPairs } from './key-pairs';
import {
  createLaunchTemplate, createLaunchTemplateVersion, modifyLaunchTemplate, deleteLaunchTemplate, deleteLaunchTemplateVersions,
  describeLaunchTemplates, describeLaunchTemplateVersions,
} from './launch-templates';
import { createNatGateway, deleteNatGateway, describeNatGateways } from './nat-gateways';
import {
  createNetworkAcl, deleteNetworkAcl, createNetworkAclEntry, replaceNetworkAclEntry, deleteNetworkAclEntry, replaceNetworkAclAssociation,
  describeNetworkAcls,
} from './network-acls';
import {
  createNetworkInterface, deleteNetworkInterface, describeNetworkInterfaces, describeNetworkInterfaceAttribute,
  modifyNetworkInterfaceAttribute, attachNetworkInterface, detachNetworkInterface, resetNetworkInterfaceAttribute, assignPrivateIpAddresses,
  unassignPrivateIpAddresses, assignIpv6Addresses, unassignIpv6Addresses,
} from './network-interfaces';
import { emulatedNetworkDecisions, emulatedNetworkPath, emulatedServicePath } from './network-path';
import {
  createVpcPeeringConnection, acceptVpcPeeringConnection, rejectVpcPeeringConnection, deleteVpcPeeringConnection,
  modifyVpcPeeringConnectionOptions, describeVpcPeeringConnections,
} from './peering';
import {
  describePrefixLists, createManagedPrefixList, modifyManagedPrefixList, deleteManagedPrefixList, describeManagedPrefixLists,
  getManagedPrefixListEntries,
} from './prefix-lists';
import {
  associateIamInstanceProfile, replaceIamInstanceProfileAssociation, disassociateIamInstanceProfile, describeIamInstanceProfileAssociations,
} from './profile-associations';
import {
  createRouteTable, deleteRouteTable, associateRouteTable, disassociateRouteTable, replaceRouteTableAssociation, createRoute, replaceRoute,
  deleteRoute, describeRouteTables,
} from './route-tables';
import { runInstances } from './run-instances';
import {
  createSecurityGroup, deleteSecurityGroup, authorizeSecurityGroupIngress, authorizeSecurityGroupEgress, revokeSecurityGroupIngress,
  revokeSecurityGroupEgress, modifySecurityGroupRules, updateSecurityGroupRuleDescriptionsIngress, updateSecurityGroupRuleDescriptionsEgress,
  describeSecurityGroups, describeSecurityGroupRules, describeSecurityGroupReferences, getSecurityGroupsForVpc,
} from './security-groups';
import { createSubnet, deleteSubnet, describeSubnets, modifySubnetAttribute, associateSubnetCidrBlock, disassociateSubnetCidrBlock } from './subnets';
import { createTags, deleteTags, describeTags } from './tags';
import { createVolume, deleteVolume, attachVolume, detachVolume, describeVolumes, getEbsEncryptionByDefault, getEbsDefaultKmsKeyId } from './volumes';
import {
  createVpc, deleteVpc, describeVpcs, describeVpcAttribute, modifyVpcAttribute, associateVpcCidrBlock, disassociateVpcCidrBlock,
  associateDhcpOptions,
} from './vpcs';
import { describeAvailabilityZones, describeRegions, describeAccountAttributes } from './zones';
import type { Context, Operation, Output } from '../../../wire/operation';
import { ServiceError } from '../../../wire/operation';

const built: Readonly<Record<string, Operation>> = {
  AcceptVpcPeeringConnection: acceptVpcPeeringConnection,
  AllocateAddress: allocateAddress,
  AssignIpv6Addresses: assignIpv6Addresses,
  AssignPrivateIpAddresses: assignPrivateIpAddresses,
  AssociateAddress: associateAddress,
  AssociateDhcpOptions: associateDhcpOptions,
  AssociateIamInstanceProfile: associateIamInstanceProfile,
  AssociateRouteTable: associateRouteTable,
  AssociateSubnetCidrBlock: associateSubnetCidrBlock,
  AssociateVpcCidrBlock: associateVpcCidrBlock,
  AttachInternetGateway: attachInternetGateway,
  AttachNetworkInterface: attachNetworkInterface,
  AttachVolume: attachVolume,
  AuthorizeSecurityGroupEgress: authorizeSecurityGroupEgress,
  AuthorizeSecurityGroupIngress: authorizeSecurityGroupIngress,
  CreateDefaultVpc: createDefaultVpc,
  CreateDhcpOptions: createDhcpOptions,
  CreateEgressOnlyInternetGateway: createEgressOnlyInternetGateway,
  CreateFlowLogs: createFlowLogs,
  CreateInternetGateway: createInternetGateway,
  CreateLaunchTemplate: createLaunchTemplate,
  CreateLaunchTemplateVersion: createLaunchTemplateVersion,
  CreateManagedPrefixList: createManagedPrefixList,
  CreateNatGateway: createNatGateway,
  CreateNetworkAcl: createNetworkAcl,
  CreateNetworkAclEntry: createNetworkAclEntry,
  CreateNetworkInterface: createNetworkInterface,
  CreateRoute: createRoute,
  CreateRouteTable: createRouteTable,
  CreateSecurityGroup: createSecurityGroup,
  CreateSubnet: createSubnet,
  CreateTags: createTags,
  CreateVolume: createVolume,
  CreateVpc: createVpc,
  CreateVpcEndpoint: createVpcEndpoint,
  CreateVpcPeeringConnection: createVpcPeeringConnection,
  DeleteDhcpOptions: deleteDhcpOptions,
  DeleteEgressOnlyInternetGateway: deleteEgressOnlyInternetGateway,
  DeleteFlowLogs: deleteFlowLogs,
  DeleteInternetGateway: deleteInternetGateway,
  DeleteKeyPair: deleteKeyPair,
  DeleteLaunchTemplate: deleteLaunchTemplate,
  DeleteLaunchTemplateVersions: deleteLaunchTemplateVersions,
  DeleteManagedPrefixList: deleteManagedPrefixList,
  DeleteNatGateway: deleteNatGateway,
  DeleteNetworkAcl: deleteNetworkAcl,
  DeleteNetworkAclEntry: deleteNetworkAclEntry,
  DeleteNetworkInterface: deleteNetworkInterface,
  DeleteRoute: deleteRoute,
  DeleteRouteTable: deleteRouteTable,
  DeleteSecurityGroup: deleteSecurityGroup,
  DeleteSubnet: deleteSubnet,
  DeleteTags: deleteTags,
  DeleteVolume: deleteVolume,
  DeleteVpc: deleteVpc,
  DeleteVpcEndpoints: deleteVpcEndpoints,
  DeleteVpcPeeringConnection: deleteVpcPeeringConnection,
  DescribeAccountAttributes: describeAccountAttributes,
  DescribeAddresses: describeAddresses,
  DescribeAddressesAttribute: describeAddressesAttribute,
  DescribeAvailabilityZones: describeAvailabilityZones,
  DescribeDhcpOptions: describeDhcpOptions,
  DescribeEgressOnlyInternetGateways: describeEgressOnlyInternetGateways,
  DescribeFlowLogs: describeFlowLogs,
  DescribeIamInstanceProfileAssociations: describeIamInstanceProfileAssociations,
  DescribeImages: describeImages,
  DescribeInstanceAttribute: describeInstanceAttribute,
  DescribeInstanceCreditSpecifications: describeInstanceCreditSpecifications,
  DescribeInstanceStatus: describeInstanceStatus,
  DescribeInstanceTypeOfferings: describeInstanceTypeOfferings,
  DescribeInstanceTypes: describeInstanceTypes,
  DescribeInstances: describeInstances,
  DescribeInternetGateways: describeInternetGateways,
  DescribeKeyPairs: describeKeyPairs,
  DescribeLaunchTemplateVersions: describeLaunchTemplateVersions,
  DescribeLaunchTemplates: describeLaunchTemplates,
  DescribeManagedPrefixLists: describeManagedPrefixLists,
  DescribeNatGateways: describeNatGateways,
  DescribeNetworkAcls: describeNetworkAcls,
  DescribeNetworkInterfaceAttribute: describeNetworkInterfaceAttribute,
  DescribeNetworkInterfaces: describeNetworkInterfaces,
  DescribePrefixLists: describePrefixLists,
  DescribeRegions: describeRegions,
  DescribeRouteTables: describeRouteTables,
  DescribeSecurityGroupReferences: describeSecurityGroupReferences,
  DescribeSecurityGroupRules: describeSecurityGroupRules,
  DescribeSecurityGroups: describeSecurityGroups,
  DescribeSubnets: describeSubnets,
  DescribeTags: describeTags,
  DescribeVolumes: describeVolumes,
  DescribeVpcAttribute: describeVpcAttribute,
  DescribeVpcEndpointConnections: describeVpcEndpointConnections,
  DescribeVpcEndpointServices: describeVpcEndpointServices,
  DescribeVpcEndpoints: describeVpcEndpoints,
  DescribeVpcPeeringConnections: describeVpcPeeringConnections,
  DescribeVpcs: describeVpcs,
  DescribeVpnGateways: describeVpnGateways,
  DetachInternetGateway: detachInternetGateway,
  DetachNetworkInterface: detachNetworkInterface,
  DetachVolume: detachVolume,
  DisassociateAddress: disassociateAddress,
  DisassociateIamInstanceProfile: disassociateIamInstanceProfile,
  DisassociateRouteTable: disassociateRouteTable,
  DisassociateSubnetCidrBlock: disassociateSubnetCidrBlock,
  DisassociateVpcCidrBlock: disassociateVpcCidrBlock,
  GetEbsDefaultKmsKeyId: getEbsDefaultKmsKeyId,
  GetEbsEncryptionByDefault: getEbsEncryptionByDefault,
  GetManagedPrefixListEntries: getManagedPrefixListEntries,
  GetSecurityGroupsForVpc: getSecurityGroupsForVpc,
  ImportKeyPair: importKeyPair,
  ModifyInstanceAttribute: modifyInstanceAttribute,
  ModifyInstanceCreditSpecification: modifyInstanceCreditSpecification,
  ModifyInstanceMaintenanceOptions: modifyInstanceMaintenanceOptions,
  ModifyInstanceMetadataOptions: modifyInstanceMetadataOptions,
  ModifyLaunchTemplate: modifyLaunchTemplate,
  ModifyManagedPrefixList: modifyManagedPrefixList,
  ModifyNetworkInterfaceAttribute: modifyNetworkInterfaceAttribute,
  ModifySecurityGroupRules: modifySecurityGroupRules,
  ModifySubnetAttribute: modifySubnetAttribute,
  ModifyVpcAttribute: modifyVpcAttribute,
  ModifyVpcEndpoint: modifyVpcEndpoint,
  ModifyVpcPeeringConnectionOptions: modifyVpcPeeringConnectionOptions,
  MonitorInstances: monitorInstances,
  RebootInstances: rebootInstances,
  RejectVpcPeeringConnection: rejectVpcPeeringConnection,
  ReleaseAddress: releaseAddress,
  ReplaceIamInstanceProfileAssociation: replaceIamInstanceProfileAssociation,
  ReplaceNetworkAclAssociation: replaceNetworkAclAssociation,
  ReplaceNetworkAclEntry: replaceNetworkAclEntry,
  ReplaceRoute: replaceRoute,
  ReplaceRouteTableAssociation: replaceRouteTableAssociation,
  ResetNetworkInterfaceAttribute: resetNetworkInterfaceAttribute,
  RevokeSecurityGroupEgress: revokeSecurityGroupEgress,
  RevokeSecurityGroupIngress: revokeSecurityGroupIngress,
  RunInstances: runInstances,
  StartInstances: startInstances,
  StopInstances: stopInstances,
  TerminateInstances: terminateInstances,
  UnassignIpv6Addresses: unassignIpv6Addresses,
  UnassignPrivateIpAddresses: unassignPrivateIpAddresses,
  UnmonitorInstances: unmonitorInstances,
  UpdateSecurityGroupRuleDescriptionsEgress: updateSecurityGroupRuleDescriptionsEgress,
  UpdateSecurityGroupRuleDescriptionsIngress: updateSecurityGroupRuleDescriptionsIngress,
};

interface DryRun {
  readonly DryRun?: boolean;
}

/** With DryRun everything is checked and nothing happens: the refusal at the end undoes it. */
function withDryRun(operation: Operation): Operation {
  return (context: Context, input: DryRun): ReturnType<Operation> => {
    const output = operation(context, input as never);
    if (input.DryRun) throw new ServiceError('DryRunOperation', 'Request would have succeeded, but DryRun flag is set.', { status: 412 });
    return output as Output;
  };
}

export const operations: Readonly<Record<string, Operation>> = {
  ...Object.fromEntries(Object.entries(built).map(([name, operation]) => [name, withDryRun(operation)])),
  // Not AWS's: how other parts of the emulator ask what reaches what.
  EmulatedEndpoint: emulatedEndpoint,
  EmulatedNetworkDecisions: emulatedNetworkDecisions,
  EmulatedNetworkPath: emulatedNetworkPath,
  EmulatedServicePath: emulatedServicePath,

  // Not AWS's: what decides about access to a thing.
  EmulatedGuard: emulatedGuard,
};
