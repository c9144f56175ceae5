import { Stack, Token } from 'aws-cdk-lib';
import * as ec2 from 'aws-cdk-lib/aws-ec2';
import { Construct } from 'constructs';
import { restrictInterface, restrictS3 } from './endpoint-policies';
import { EndpointUse, S3, servicesFor } from './endpoint-use';
import { throwFirst } from '../private/errors';
import type { Problem } from '../private/errors';

/** Properties of `IsolatedEndpoints`. */
export interface IsolatedEndpointsProps {
  /** The VPC without a way to the internet. */
  readonly vpc: ec2.IVpc;

  /**
   * Subnets whose hosts use the endpoints. Interfaces are in one subnet of each zone.
   *
   * @default - isolated subnets
   */
  readonly vpcSubnets?: ec2.SubnetSelection;

  /**
   * Who uses the endpoints, which decides the services.
   *
   * @default [EndpointUse.CLIENTS]
   */
  readonly uses?: EndpointUse[];

  /**
   * Who may connect to the interfaces.
   *
   * @default - the first IPv4 block of the VPC
   */
  readonly peers?: ec2.IPeer[];

  /**
   * Services that the VPC has an endpoint for already, by the last part of their names, for instance `kms` or `s3`.
   *
   * @default - none
   */
  readonly except?: string[];
}

/**
 * The VPC endpoints that a cluster, its clients and, if it is in the VPC, its lifecycle function need where neither a NAT nor an internet gateway is.
 *
 * Every endpoint lets principals of the stack's own account pass and nobody else, but for what services of AWS keep in buckets of theirs: packages of
 * Amazon Linux and of the CloudHSM client to be read, CloudFormation's answers to be written. Each interface endpoint is billed by hour and zone.
 *
 * What is deployed into the VPC waits for the endpoints of its own stack and of the VPC's.
 *
 * @throws where `except` names a service that is not needed
 * @see https://docs.aws.amazon.com/cloudhsm/latest/userguide/cloudhsm-vpc-endpoint.html
 */
export class IsolatedEndpoints extends Construct implements ec2.IConnectable {
  /** Security group of the interfaces. It lets HTTPS in. */
  public readonly securityGroup: ec2.ISecurityGroup;

  /** Connections of the interfaces. */
  public readonly connections: ec2.Connections;

  /** The interface endpoints, by the last part of the service's name. */
  public readonly interfaceEndpoints: { [service: string]: ec2.InterfaceVpcEndpoint } = {};

  /** The gateway endpoint of Amazon S3, unless the VPC has one already. */
  public readonly s3Endpoint?: ec2.GatewayVpcEndpoint;

  constructor(scope: Construct, id: string, props: IsolatedEndpointsProps) {
    super(scope, id);
    const { vpc, vpcSubnets = { subnetType: ec2.SubnetType.PRIVATE_ISOLATED }, uses = [EndpointUse.CLIENTS], except = [] } = props;
    const needed = servicesFor(uses);
    throwFirst(this, except.map((service) => unneeded(service, needed)));

    this.securityGroup = new ec2.SecurityGroup(this, 'SecurityGroup', { vpc, description: 'Endpoints of CloudHSM clusters and their clients', allowAllOutbound: false });
    for (const peer of props.peers ?? [ec2.Peer.ipv4(vpc.vpcCidrBlock)]) this.securityGroup.addIngressRule(peer, ec2.Port.HTTPS, 'Who uses the endpoints');
    this.connections = new ec2.Connections({ securityGroups: [this.securityGroup], defaultPort: ec2.Port.HTTPS });

    for (const service of needed) {
      if (except.includes(service)) continue;
      if (service === S3) this.s3Endpoint = this.gateway(vpc, vpcSubnets, uses);
      else this.interfaceEndpoints[service] = this.interface(service, vpc, vpcSubnets);
    }
  }

  private interface(service: string, vpc: ec2.IVpc, subnets: ec2.SubnetSelection): ec2.InterfaceVpcEndpoint {
    const endpoint = new ec2.InterfaceVpcEndpoint(this, service, {
      vpc,
      subnets: { onePerAz: true, ...subnets },
      service: new ec2.InterfaceVpcEndpointAwsService(service),
      securityGroups: [this.securityGroup],
      open: false,
      // CloudHSM's is not in every zone. Which ones can be looked up only when account and Region are known.
      lookupSupportedAzs: service === 'cloudhsmv2' && !Token.isUnresolved(Stack.of(this).region) && !Token.isUnresolved(Stack.of(this).account),
    });
    restrictInterface(endpoint);
    return endpoint;
  }

  private gateway(vpc: ec2.IVpc, subnets: ec2.SubnetSelection, uses: readonly EndpointUse[]): ec2.GatewayVpcEndpoint {
    const endpoint = new ec2.GatewayVpcEndpoint(this, S3, { vpc, subnets: [subnets], service: ec2.GatewayVpcEndpointAwsService.S3 });
    restrictS3(endpoint, uses);
    return endpoint;
  }
}

function unneeded(service: string, needed: readonly string[]): Problem | undefined {
  if (needed.includes(service)) return undefined;
  return { code: 'UnneededEndpoint', text: `except names '${service}', but what is made is ${needed.join(', ')}; name one of these, or leave it out` };
}
