import * as autoscaling from '@aws-sdk/client-auto-scaling';
import * as cloudformation from '@aws-sdk/client-cloudformation';
import * as cloudhsm from '@aws-sdk/client-cloudhsm-v2';
import * as ec2 from '@aws-sdk/client-ec2';
import * as iam from '@aws-sdk/client-iam';
import * as kms from '@aws-sdk/client-kms';
import * as lambda from '@aws-sdk/client-lambda';
import * as s3 from '@aws-sdk/client-s3';
import * as sfn from '@aws-sdk/client-sfn';
import * as ssm from '@aws-sdk/client-ssm';
import * as fc from 'fast-check';
import { arbitraryOf } from './arbitrary';
import { outcome, useLoopback } from './loopback';
import { loadModel } from '../../src/wire/model';
import type { StructureShape } from '../../src/wire/model';

/** Whatever a service may answer, the SDK reads exactly that. */
const loopback = useLoopback();

/** Operations whose answers are as old as the installed clients: a member newer than a client is one it drops. */
type Send = () => Promise<{ $metadata: unknown }>;

const OPERATIONS: readonly (readonly [string, string, () => Send])[] = [
  ['cloudformation', 'DescribeStacks', () => {
    const client = new cloudformation.CloudFormationClient(loopback.client);
    return () => client.send(new cloudformation.DescribeStacksCommand({}));
  }],
  ['cloudformation', 'DescribeChangeSet', () => {
    const client = new cloudformation.CloudFormationClient(loopback.client);
    return () => client.send(new cloudformation.DescribeChangeSetCommand({ ChangeSetName: 'c' }));
  }],
  ['iam', 'GetRole', () => {
    const client = new iam.IAMClient(loopback.client);
    return () => client.send(new iam.GetRoleCommand({ RoleName: 'r' }));
  }],
  ['autoscaling', 'DescribeAutoScalingGroups', () => {
    const client = new autoscaling.AutoScalingClient(loopback.client);
    return () => client.send(new autoscaling.DescribeAutoScalingGroupsCommand({}));
  }],
  ['ec2', 'DescribeSecurityGroups', () => {
    const client = new ec2.EC2Client(loopback.client);
    return () => client.send(new ec2.DescribeSecurityGroupsCommand({}));
  }],
  ['ec2', 'DescribeNetworkInterfaces', () => {
    const client = new ec2.EC2Client(loopback.client);
    return () => client.send(new ec2.DescribeNetworkInterfacesCommand({}));
  }],
  ['cloudhsmv2', 'ListTags', () => {
    const client = new cloudhsm.CloudHSMV2Client(loopback.client);
    return () => client.send(new cloudhsm.ListTagsCommand({ ResourceId: 'cluster-igklspoyj5v' }));
  }],
  ['kms', 'DescribeKey', () => {
    const client = new kms.KMSClient(loopback.client);
    return () => client.send(new kms.DescribeKeyCommand({ KeyId: 'k' }));
  }],
  ['ssm', 'GetCommandInvocation', () => {
    const client = new ssm.SSMClient(loopback.client);
    return () => client.send(new ssm.GetCommandInvocationCommand({ CommandId: 'c', InstanceId: 'i' }));
  }],
  ['stepfunctions', 'DescribeStateMachine', () => {
    const client = new sfn.SFNClient(loopback.client);
    return () => client.send(new sfn.DescribeStateMachineCommand({ stateMachineArn: 'a' }));
  }],
  ['lambda', 'ListAliases', () => {
    const client = new lambda.LambdaClient(loopback.client);
    return () => client.send(new lambda.ListAliasesCommand({ FunctionName: 'f' }));
  }],
  ['s3', 'ListObjectVersions', () => {
    const client = new s3.S3Client(loopback.client);
    return () => client.send(new s3.ListObjectVersionsCommand({ Bucket: 'b' }));
  }],
  ['s3', 'GetBucketLifecycleConfiguration', () => {
    const client = new s3.S3Client(loopback.client);
    return () => client.send(new s3.GetBucketLifecycleConfigurationCommand({ Bucket: 'b' }));
  }],
];

test.each(OPERATIONS)('%s %s', async (service, operation, open) => {
  const shape = loadModel(service).operations.get(operation)?.output as StructureShape;
  const send = open();
  await fc.assert(fc.asyncProperty(arbitraryOf(shape), async (output) => {
    loopback.answer = () => output;
    expect(normal(await outcome(send()))).toEqual(normal(output));
  }), { numRuns: 40 });
});

/** Bytes compare as bytes, whichever class holds them. */
function normal(value: unknown): unknown {
  if (value instanceof Uint8Array) return Buffer.from(value).toString('base64');
  if (value instanceof Date || typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) return value.map(normal);
  return Object.fromEntries(Object.entries(value).filter(([, entry]) => entry !== undefined).map(([key, entry]) => [key, normal(entry)]));
}
