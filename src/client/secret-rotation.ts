import { Stack } from 'aws-cdk-lib';
import * as secretsmanager from 'aws-cdk-lib/aws-secretsmanager';
import * as ssm from 'aws-cdk-lib/aws-ssm';
import { Construct } from 'constructs';
import type { IDependable } from 'constructs';
import type { PasswordRotationConfig } from './password-rotation';
import { PasswordRotator } from './password-rotator';
import type { ICluster } from '../cluster/cluster-ref';
import type { RotationSettings } from '../lifecycle/rotation-contract';
import { throwFirst } from '../private/errors';
import { rotatedSecretProblem, rotatorStackProblem } from '../private/rotation-validation';

export interface SecretRotationProps {
  readonly cluster: ICluster;
  readonly rotation: PasswordRotationConfig;
  readonly rotator?: PasswordRotator;
  readonly secret: secretsmanager.ISecret;
  readonly userName: string;
  readonly role: RotationSettings['Role'];
  /** What must be there before the first rotation: the user, with the password of the secret. */
  readonly after: IDependable[];
}

/** A secret whose password is rotated: what the function is told of it, and the schedule. */
export class SecretRotation extends Construct {
  constructor(scope: Construct, id: string, props: SecretRotationProps) {
    super(scope, id);
    const { cluster, secret, userName, rotator = PasswordRotator.forStack(this) } = props;
    const { adminClient } = cluster;
    const { scheduleExpression, windowDuration, alternateUserName } = props.rotation;
    const rotateDocumentName = alternateUserName === undefined ? adminClient.rotatePasswordDocumentName : adminClient.rotateAlternateDocumentName;
    throwFirst(this, [
      rotatedSecretProblem(secret.secretFullArn !== undefined),
      rotatorStackProblem(Stack.of(rotator).node.path, Stack.of(this).node.path),
    ]);
    rotator._rotate(secret, secret.encryptionKey, adminClient, [rotateDocumentName, adminClient.testPasswordDocumentName]);
    if (props.role === 'admin') rotator._keepPasswords(secret);
    const settings: RotationSettings = {
      SecretArn: secret.secretArn,
      ClusterId: cluster.clusterId,
      UserName: userName,
      Role: props.role,
      ...alternateUserName === undefined ? {} : { AlternateUserName: alternateUserName, AdminSecretArn: cluster.adminSecret.secretArn },
      AdminClientGroupName: adminClient.autoScalingGroupName,
      TrustAnchorParameterName: cluster.trustAnchor.parameterName,
      RotateDocumentName: rotateDocumentName,
      TestDocumentName: adminClient.testPasswordDocumentName,
    };
    const parameter = new ssm.CfnParameter(this, 'Settings', {
      name: `${rotator._settingsPath}/${this.node.addr}`,
      type: 'String',
      value: Stack.of(this).toJsonString(settings),
      description: `How the password of CloudHSM user ${userName} is rotated`,
    });
    const schedule = new secretsmanager.CfnRotationSchedule(this, 'Schedule', {
      secretId: secret.secretArn,
      rotationLambdaArn: rotator.handler.functionArn,
      rotationRules: { scheduleExpression, duration: windowDuration },
      // A window is when nobody else is logged in: a deploy is none.
      rotateImmediatelyOnUpdate: false,
    });
    schedule.node.addDependency(rotator, parameter, ...props.after);
  }
}
