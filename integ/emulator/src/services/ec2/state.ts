import type { Table } from '../../kernel';
import type { Context } from '../../wire/operation';

/** Records of the service; times are emulated milliseconds. What a view derives is not kept. */

export interface CidrAssociation {
  readonly id: string;
  readonly cidr: string;
}

export interface Vpc {
  readonly id: string;
  readonly cidrs: readonly CidrAssociation[];
  readonly ipv6: readonly CidrAssociation[];
  readonly isDefault: boolean;
  readonly tenancy: string;
  readonly dnsSupport: boolean;
  readonly dnsHostnames: boolean;
  readonly dhcpOptionsId: string;
}

export interface Subnet {
  readonly id: string;
  readonly vpcId: string;
  readonly cidr: string;
  readonly ipv6: readonly CidrAssociation[];
  readonly zone: string;
  readonly isDefault: boolean;
  readonly mapPublicIp: boolean;
  readonly assignIpv6: boolean;
  readonly dns64: boolean;
  readonly hostnameType: string;
  readonly resourceNameA: boolean;
  readonly resourceNameAaaa: boolean;
}

export interface Route {
  /** An IPv4 block, an IPv6 block or a prefix list. */
  readonly destination: string;
  /** `local`, or the id of a gateway, NAT gateway, interface, instance, endpoint or peering connection. */
  readonly target: string;
  readonly origin: 'CreateRouteTable' | 'CreateRoute';
}

export interface RouteTableAssociation {
  readonly id: string;
  readonly main: boolean;
  readonly subnetId?: string;
  readonly gatewayId?: string;
}

export interface RouteTable {
  readonly id: string;
  readonly vpcId: string;
  readonly routes: readonly Route[];
  readonly associations: readonly RouteTableAssociation[];
}

export interface InternetGateway {
  readonly id: string;
  readonly vpcId?: string;
}

export interface EgressOnlyGateway {
  readonly id: string;
  readonly vpcId: string;
}

export interface NatGateway {
  readonly id: string;
  readonly vpcId: string;
  readonly subnetId: string;
  readonly state: 'pending' | 'available' | 'deleting' | 'deleted' | 'failed';
  readonly connectivity: string;
  readonly interfaceId: string;
  readonly privateIp: string;
  readonly allocationId?: string;
  readonly publicIp?: string;
  readonly createdAt: number;
  readonly deletedAt?: number;
}

export interface Address {
  readonly id: string;
  readonly publicIp: string;
  readonly associationId?: string;
  readonly interfaceId?: string;
  readonly privateIp?: string;
  readonly instanceId?: string;
}

export interface SecurityGroup {
  readonly id: string;
  readonly vpcId: string;
  readonly name: string;
  readonly description: string;
}

export interface SecurityGroupRule {
  readonly id: string;
  readonly groupId: string;
  readonly egress: boolean;
  /** `-1`, `tcp`, `udp`, `icmp`, `icmpv6` or a protocol number. */
  readonly protocol: string;
  readonly fromPort?: number;
  readonly toPort?: number;
  readonly cidr?: string;
  readonly cidr6?: string;
  readonly prefixListId?: string;
  readonly peerGroupId?: string;
  readonly peerAccount?: string;
  readonly description?: string;
}

export interface Attachment {
  readonly id: string;
  readonly instanceId?: string;
  readonly owner: string;
  readonly deviceIndex: number;
  readonly deleteOnTermination: boolean;
  readonly attachedAt: number;
}

export interface NetworkInterface {
  readonly id: string;
  readonly vpcId: string;
  readonly subnetId: string;
  readonly zone: string;
  readonly description: string;
  readonly groupIds: readonly string[];
  /** The first is the primary one. */
  readonly addresses: readonly string[];
  readonly addresses6: readonly string[];
  readonly interfaceType: string;
  readonly mac: string;
  readonly requesterId?: string;
  readonly requesterManaged: boolean;
  readonly sourceDestCheck: boolean;
  readonly attachment?: Attachment;
  /** A public address that is not an Elastic IP: lives and goes with a running instance. */
  readonly publicIp?: string;
}

export interface Endpoint {
  readonly id: string;
  readonly type: 'Gateway' | 'Interface';
  readonly vpcId: string;
  readonly serviceName: string;
  readonly state: 'pending' | 'available' | 'deleting' | 'deleted';
  readonly policy: string;
  readonly routeTableIds: readonly string[];
  readonly subnetIds: readonly string[];
  readonly groupIds: readonly string[];
  readonly interfaceIds: readonly string[];
  readonly privateDns: boolean;
  readonly ipAddressType: string;
  readonly createdAt: number;
}

export interface AclEntry {
  readonly number: number;
  readonly egress: boolean;
  readonly protocol: string;
  readonly action: 'allow' | 'deny';
  readonly cidr?: string;
  readonly cidr6?: string;
  readonly fromPort?: number;
  readonly toPort?: number;
  readonly icmp?: { readonly type: number; readonly code: number };
}

export interface NetworkAcl {
  readonly id: string;
  readonly vpcId: string;
  readonly isDefault: boolean;
  readonly entries: readonly AclEntry[];
  readonly associations: readonly { readonly id: string; readonly subnetId: string }[];
}

export interface DhcpOptions {
  readonly id: string;
  readonly configurations: readonly { readonly key: string; readonly values: readonly string[] }[];
}

export interface PeeringConnection {
  readonly id: string;
  readonly requester: { readonly vpcId: string; readonly account: string; readonly region: string };
  readonly accepter: { readonly vpcId: string; readonly account: string; readonly region: string };
  readonly status: 'pending-acceptance' | 'active' | 'rejected' | 'deleted';
  readonly requesterDns: boolean;
  readonly accepterDns: boolean;
}

export interface PrefixList {
  readonly id: string;
  readonly name: string;
  readonly family: string;
  readonly maxEntries: number;
  readonly version: number;
  readonly entries: readonly { readonly cidr: string; readonly description?: string }[];
}

export interface FlowLog {
  readonly id: string;
  readonly resourceId: string;
  readonly trafficType: string;
  readonly destinationType: string;
  readonly destination: string;
  readonly logGroupName?: string;
  readonly roleArn?: string;
  readonly format: string;
  readonly interval: number;
  readonly createdAt: number;
}

export interface LaunchTemplateVersion {
  readonly number: number;
  readonly description?: string;
  readonly data: { readonly [member: string]: unknown };
  readonly createdAt: number;
  readonly createdBy: string;
}

export interface LaunchTemplate {
  readonly id: string;
  readonly name: string;
  readonly defaultVersion: number;
  readonly latestVersion: number;
  readonly versions: readonly LaunchTemplateVersion[];
  readonly createdAt: number;
  readonly createdBy: string;
}

export type InstanceState = 'pending' | 'running' | 'shutting-down' | 'terminated' | 'stopping' | 'stopped';

export interface BlockDevice {
  readonly device: string;
  readonly volumeId: string;
  readonly deleteOnTermination: boolean;
  readonly attachedAt: number;
}

export interface MetadataOptions {
  readonly tokens: string;
  readonly hopLimit: number;
  readonly endpoint: string;
  readonly ipv6: string;
  readonly tags: string;
}

export interface Instance {
  readonly id: string;
  readonly reservationId: string;
  readonly requester: string;
  readonly index: number;
  readonly imageId: string;
  readonly type: string;
  readonly architecture: string;
  readonly state: InstanceState;
  /** Counts starts: an event of an earlier one is void. */
  readonly generation: number;
  readonly launchedAt: number;
  readonly transitionReason: string;
  readonly transitionAt: number;
  readonly stateReason?: { readonly code: string; readonly message: string };
  readonly vpcId: string;
  readonly subnetId: string;
  readonly zone: string;
  readonly tenancy: string;
  readonly interfaceIds: readonly string[];
  /** It was launched with a public address, and gets a new one at every start. */
  readonly publicAddress: boolean;
  readonly keyName?: string;
  readonly profile?: { readonly arn: string; readonly id: string; readonly associationId: string };
  readonly monitoring: boolean;
  readonly ebsOptimized: boolean;
  readonly metadata: MetadataOptions;
  /** Base64, as it was given. */
  readonly userData?: string;
  readonly disableApiTermination: boolean;
  readonly disableApiStop: boolean;
  readonly shutdownBehavior: string;
  readonly rootDevice: string;
  readonly devices: readonly BlockDevice[];
  readonly clientToken: string;
  readonly cpuCredits?: string;
  readonly autoRecovery: string;
  /** User data runs on the first boot only. */
  readonly booted: boolean;
  /** Blobs of the boot scripts that are still to run. */
  readonly bootScripts: readonly string[];
  /** The status checks have passed since it was started. */
  readonly checked: boolean;
}

export interface Volume {
  readonly id: string;
  readonly zone: string;
  readonly size: number;
  readonly type: string;
  readonly iops?: number;
  readonly throughput?: number;
  readonly encrypted: boolean;
  readonly kmsKeyId?: string;
  readonly snapshotId?: string;
  readonly createdAt: number;
  readonly attachment?: { readonly instanceId: string; readonly device: string; readonly deleteOnTermination: boolean; readonly attachedAt: number };
}

export interface KeyPair {
  readonly id: string;
  readonly name: string;
  readonly type: string;
  readonly fingerprint: string;
  readonly publicKey: string;
  readonly createdAt: number;
}

export interface Tagged {
  readonly resourceId: string;
  readonly tags: Readonly<Record<string, string>>;
}

export const vpcs = (context: Context): Table<Vpc> => context.table('ec2/vpcs');
export const subnets = (context: Context): Table<Subnet> => context.table('ec2/subnets');
export const routeTables = (context: Context): Table<RouteTable> => context.table('ec2/route-tables');
export const internetGateways = (context: Context): Table<InternetGateway> => context.table('ec2/internet-gateways');
export const egressOnlyGateways = (context: Context): Table<EgressOnlyGateway> => context.table('ec2/egress-only-gateways');
export const natGateways = (context: Context): Table<NatGateway> => context.table('ec2/nat-gateways');
export const addresses = (context: Context): Table<Address> => context.table('ec2/addresses');
export const securityGroups = (context: Context): Table<SecurityGroup> => context.table('ec2/security-groups');
export const securityGroupRules = (context: Context): Table<SecurityGroupRule> => context.table('ec2/security-group-rules');
export const interfaces = (context: Context): Table<NetworkInterface> => context.table('ec2/network-interfaces');
export const endpoints = (context: Context): Table<Endpoint> => context.table('ec2/vpc-endpoints');
export const networkAcls = (context: Context): Table<NetworkAcl> => context.table('ec2/network-acls');
export const dhcpOptions = (context: Context): Table<DhcpOptions> => context.table('ec2/dhcp-options');
/** Of both sides, by the id alone: a connection may join two accounts or regions. */
export const peerings = (context: Context): Table<PeeringConnection> => context.kernel.store.table('ec2/peering-connections');
export const prefixLists = (context: Context): Table<PrefixList> => context.table('ec2/prefix-lists');
export const flowLogs = (context: Context): Table<FlowLog> => context.table('ec2/flow-logs');
export const launchTemplates = (context: Context): Table<LaunchTemplate> => context.table('ec2/launch-templates');
export const instances = (context: Context): Table<Instance> => context.table('ec2/instances');
export const volumes = (context: Context): Table<Volume> => context.table('ec2/volumes');
export const keyPairs = (context: Context): Table<KeyPair> => context.table('ec2/key-pairs');
export const tagged = (context: Context): Table<Tagged> => context.table('ec2/tags');
/** Reservations by the client token that asked for them. */
export const clientTokens = (context: Context): Table<readonly string[]> => context.table('ec2/client-tokens');
