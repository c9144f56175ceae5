import { strays } from './conforms';
import { autoscaling } from '../../src/services/autoscaling/service';
import { ec2 } from '../../src/services/ec2/service';
import { iam } from '../../src/services/iam/service';
import type { Caller, Context, Service } from '../../src/wire/operation';
import { outside, World } from '../_helpers/world';
import type { WorldOptions } from '../_helpers/world';

/** Agents' comings and goings, as the ssm service would hear of them; and one public parameter. */
export class FakeAgents {
  public readonly heard: string[] = [];

  public get service(): Service {
    return {
      name: 'ssm',
      operations: {
        GetParameters: (context: Context, { Names: [Name] }: { Names: string[] }) => {
          const architecture = Name.endsWith('arm64') ? 'arm64' : 'x86_64';
          const { Images } = context.call<{ Images: Array<{ ImageId: string; CreationDate: string }> }>('ec2', 'DescribeImages', {
            Owners: ['amazon'],
            Filters: [{ Name: 'name', Values: ['al2023-ami-2023.*'] }, { Name: 'architecture', Values: [architecture] }],
          });
          const [newest] = Images.sort((a, b) => b.CreationDate.localeCompare(a.CreationDate));
          return { Parameters: [{ Name, Value: newest.ImageId }], InvalidParameters: [] };
        },
      },
      events: {
        'agent-started': (context: Context, { instanceId }: { instanceId: string }) => {
          this.heard.push(`${instanceId} started at ${context.now}`);
        },
        'agent-stopped': (context: Context, { instanceId }: { instanceId: string }) => {
          this.heard.push(`${instanceId} stopped at ${context.now}`);
        },
      },
    };
  }
}

/** A world with networks and instances in it, and short ways to make them. */
export class Network extends World {
  public readonly agents: FakeAgents;

  /** @param own EC2 with something added to it */
  public constructor(options: Partial<WorldOptions> = {}, own: Service = ec2) {
    const agents = new FakeAgents();
    super({ services: [own, iam, autoscaling, agents.service], ...options });
    this.agents = agents;
  }

  /** Every answer is held against its model. */
  public override call<O = Record<string, unknown>>(
    service: string, operation: string, input: object = {}, caller: Caller = outside(this.account),
  ): O {
    const output = super.call<O>(service, operation, input, caller);
    expect(strays(service, operation, output)).toEqual([]);
    return output;
  }

  public ec2<O = Record<string, unknown>>(operation: string, input: object = {}, caller: Caller = outside(this.account)): O {
    return this.call<O>('ec2', operation, input, caller);
  }

  public ec2Refusal(operation: string, input: object = {}, caller: Caller = outside(this.account)): { code: string; message: string } {
    const { code, message } = this.refusal('ec2', operation, input, caller);
    return { code, message };
  }

  public vpc(CidrBlock: string = '10.0.0.0/16'): string {
    return this.ec2<{ Vpc: { VpcId: string } }>('CreateVpc', { CidrBlock }).Vpc.VpcId;
  }

  public subnet(VpcId: string, CidrBlock: string, AvailabilityZone: string = `${this.region}a`): string {
    return this.ec2<{ Subnet: { SubnetId: string } }>('CreateSubnet', { VpcId, CidrBlock, AvailabilityZone }).Subnet.SubnetId;
  }

  public group(VpcId: string, GroupName: string): string {
    return this.ec2<{ GroupId: string }>('CreateSecurityGroup', { VpcId, GroupName, Description: `group ${GroupName}` }).GroupId;
  }

  public card(SubnetId: string, more: object = {}): { id: string; address: string } {
    const { NetworkInterface } = this.ec2<{ NetworkInterface: { NetworkInterfaceId: string; PrivateIpAddress: string } }>(
      'CreateNetworkInterface', { SubnetId, ...more });
    return { id: NetworkInterface.NetworkInterfaceId, address: NetworkInterface.PrivateIpAddress };
  }

  public image(architecture: string = 'x86_64'): string {
    return this.ec2<{ Images: Array<{ ImageId: string }> }>('DescribeImages', {
      Filters: [{ Name: 'name', Values: ['al2023-ami-2023.*'] }, { Name: 'architecture', Values: [architecture] }],
    }).Images[0].ImageId;
  }

  public run(SubnetId: string, more: object = {}): string {
    return this.ec2<{ Instances: Array<{ InstanceId: string }> }>('RunInstances', {
      ImageId: this.image(), InstanceType: 't3.micro', MinCount: 1, MaxCount: 1, SubnetId, ...more,
    }).Instances[0].InstanceId;
  }

  public instance<O = Record<string, unknown>>(id: string): O {
    return this.ec2<{ Reservations: Array<{ Instances: O[] }> }>('DescribeInstances', { InstanceIds: [id] }).Reservations[0].Instances[0];
  }

  public stateOf(id: string): string {
    return this.instance<{ State: { Name: string } }>(id).State.Name;
  }
}

/** CloudHSM in its own network, for somebody. */
export function byCloudHsm(world: World): Caller {
  return { principal: outside(world.account).principal, position: { kind: 'service', service: 'cloudhsm' } };
}

export const SECOND = 1000;
export const MINUTE = 60 * SECOND;
