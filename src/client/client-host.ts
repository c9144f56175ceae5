import * as autoscaling from 'aws-cdk-lib/aws-autoscaling';
import * as ec2 from 'aws-cdk-lib/aws-ec2';
import type * as iam from 'aws-cdk-lib/aws-iam';
import type { Construct, IConstruct } from 'constructs';
import { ValidationError } from '../private/errors';

/** What is needed of a host to install the client on it. */
export interface ClientHostConfig {
  /** What the host does when it first boots. */
  readonly userData: ec2.UserData;

  /** Role of the host. */
  readonly role: iam.IRole;

  /** Security groups of the host. */
  readonly connections: ec2.Connections;

  /** Kind of operating system. */
  readonly operatingSystemType: ec2.OperatingSystemType;

  /** The resources that launch instances: what the client needs must be there before them. */
  readonly launchers: IConstruct[];
}

/**
 * A host of yours that the client is installed on when it first boots. Extend it for constructs that make hosts in ways of their own.
 */
export abstract class ClientHost {
  /**
   * An instance. One that is there already does not boot anew for it: let it be replaced by `userDataCausesReplacement`.
   */
  public static instance(instance: ec2.Instance): ClientHost {
    return new Host((scope) => ({
      userData: instance.userData,
      role: instance.role,
      connections: instance.connections,
      operatingSystemType: instance.osType,
      launchers: launchersOf(scope, instance, ec2.CfnInstance),
    }));
  }

  /**
   * Instances that are launched from a template, by whatever launches them. It needs user data, a role and a security group of its own.
   */
  public static launchTemplate(template: ec2.LaunchTemplate): ClientHost {
    return new Host((scope) => ({
      userData: known(scope, template, 'userData', () => template.userData),
      role: known(scope, template, 'role', () => template.role),
      connections: known(scope, template, 'securityGroup', () => template.connections),
      operatingSystemType: template.osType ?? ec2.OperatingSystemType.UNKNOWN,
      launchers: launchersOf(scope, template, ec2.CfnLaunchTemplate),
    }));
  }

  /**
   * Instances of an Auto Scaling group, or of its launch template, which then needs user data, a role and a security group of its own. Instances that are
   * there already stay as they are unless the group has an `updatePolicy`.
   */
  public static autoScalingGroup(group: autoscaling.AutoScalingGroup): ClientHost {
    return new Host((scope) => ({
      userData: known(scope, group, 'userData', () => group.userData),
      role: known(scope, group, 'role', () => group.role),
      connections: known(scope, group, 'securityGroup', () => group.connections),
      operatingSystemType: group.osType,
      launchers: launchersOf(scope, group, autoscaling.CfnAutoScalingGroup),
    }));
  }

  /** Called when the client is installed. */
  public abstract bind(scope: Construct): ClientHostConfig;
}

/** The hosts behind the factories. */
class Host extends ClientHost {
  constructor(private readonly configOf: (scope: Construct) => ClientHostConfig) {
    super();
  }

  public bind(scope: Construct): ClientHostConfig {
    return this.configOf(scope);
  }
}

/** What a construct was given. Some getters of core have nothing to say then, others throw without a way out. */
function known<T>(scope: Construct, host: IConstruct, name: string, read: () => T | undefined): T {
  let value: T | undefined;
  try {
    value = read();
  } catch {
    value = undefined;
  }
  if (value !== undefined) return value;
  throw new ValidationError({
    code: 'ClientHostIncomplete',
    text: `${host.node.path} was made without ${name}, which the CloudHSM client needs; give its launch template userData, role and securityGroup, `
      + 'and pass the template itself, not one that was imported',
  }, scope);
}

/** Only these: role and security group may lie in the same construct, and what the client needs comes after them. */
function launchersOf(scope: Construct, host: IConstruct, type: new (...args: never[]) => IConstruct): IConstruct[] {
  const launchers = host.node.findAll().filter((child) => child instanceof type);
  if (launchers.length > 0) return launchers;
  throw new ValidationError({
    code: 'ClientHostImported', text: `${host.node.path} is not made in this app, so nothing can be installed on it; pass a host that is`,
  }, scope);
}
