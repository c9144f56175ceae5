import { join } from 'node:path';
import { Aws, CfnOutput, CfnParameter, CustomResource, Duration, Fn, NestedStack, RemovalPolicy, SecretValue, Stack } from 'aws-cdk-lib';
import type { App } from 'aws-cdk-lib';
import * as autoscaling from 'aws-cdk-lib/aws-autoscaling';
import * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import * as ec2 from 'aws-cdk-lib/aws-ec2';
import * as events from 'aws-cdk-lib/aws-events';
import * as targets from 'aws-cdk-lib/aws-events-targets';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as kms from 'aws-cdk-lib/aws-kms';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import * as sources from 'aws-cdk-lib/aws-lambda-event-sources';
import * as logs from 'aws-cdk-lib/aws-logs';
import * as s3 from 'aws-cdk-lib/aws-s3';
import * as secretsmanager from 'aws-cdk-lib/aws-secretsmanager';
import * as sns from 'aws-cdk-lib/aws-sns';
import * as subscriptions from 'aws-cdk-lib/aws-sns-subscriptions';
import * as sqs from 'aws-cdk-lib/aws-sqs';
import * as ssm from 'aws-cdk-lib/aws-ssm';
import * as sfn from 'aws-cdk-lib/aws-stepfunctions';
import * as tasks from 'aws-cdk-lib/aws-stepfunctions-tasks';
import * as cr from 'aws-cdk-lib/custom-resources';

/** What an update changes: the number of the release, which stands in something of every stack. */
export interface Release {
  readonly number: number;
}

/** Fills a stack with ordinary constructs. */
type Fill = (stack: Stack, release: Release) => void;

function fn(stack: Stack, id: string, code: string, props: Partial<lambda.FunctionProps> = {}): lambda.Function {
  return new lambda.Function(stack, id, { runtime: lambda.Runtime.NODEJS_22_X, handler: 'index.handler', code: lambda.Code.fromInline(code), ...props });
}

/** By the name of the stack. */
export const ORDINARY: Readonly<Record<string, Fill>> = {
  BucketNotifications: (stack, { number }) => {
    const bucket = new s3.Bucket(stack, 'Bucket', { versioned: true, removalPolicy: RemovalPolicy.DESTROY, lifecycleRules: [{ expiration: Duration.days(number) }] });
    const uploads = new sqs.Queue(stack, 'Uploads');
    uploads.grantSendMessages(new iam.ServicePrincipal('s3.amazonaws.com'));
    // The L2 way runs a function in Python, and only Node.js is emulated.
    const resource = bucket.node.defaultChild as s3.CfnBucket;
    resource.notificationConfiguration = { queueConfigurations: [{ event: 's3:ObjectCreated:*', queue: uploads.queueArn }] };
    resource.node.addDependency(uploads.node.findChild('Policy'));
  },

  QueueWorker: (stack, { number }) => {
    const queue = new sqs.Queue(stack, 'Queue', { visibilityTimeout: Duration.seconds(60), deadLetterQueue: { queue: new sqs.Queue(stack, 'Dead'), maxReceiveCount: number + 2 } });
    const worker = fn(stack, 'Worker', `exports.handler = async ({ Records }) => console.log('release ${number}', Records.length);`);
    worker.addEventSource(new sources.SqsEventSource(queue, { batchSize: 5 }));
    new CfnOutput(stack, 'QueueUrl', { value: queue.queueUrl });
  },

  TopicFanOut: (stack, { number }) => {
    const topic = new sns.Topic(stack, 'Topic', { displayName: `release ${number}` });
    ['One', 'Two'].forEach((id) => topic.addSubscription(new subscriptions.SqsSubscription(new sqs.Queue(stack, id), { rawMessageDelivery: id === 'Two' })));
    topic.addSubscription(new subscriptions.LambdaSubscription(fn(stack, 'Listener', 'exports.handler = async () => undefined;')));
  },

  FunctionAlias: (stack, { number }) => {
    const handler = fn(stack, 'Function', `exports.handler = async () => ({ release: ${number} });`, {
      environment: { RELEASE: String(number) }, logGroup: new logs.LogGroup(stack, 'Logs', { retention: logs.RetentionDays.ONE_WEEK, removalPolicy: RemovalPolicy.DESTROY }),
    });
    const alias = new lambda.Alias(stack, 'Live', { aliasName: 'live', version: handler.currentVersion });
    new CfnOutput(stack, 'AliasArn', { value: alias.functionArn });
  },

  Workflow: (stack, { number }) => {
    const step = new tasks.LambdaInvoke(stack, 'Step', { lambdaFunction: fn(stack, 'Function', 'exports.handler = async ({ n }) => ({ n: n + 1 });'), outputPath: '$.Payload' });
    const done = new sfn.Choice(stack, 'Enough?').when(sfn.Condition.numberGreaterThanEquals('$.n', number + 1), new sfn.Succeed(stack, 'Done')).otherwise(step);
    const machine = new sfn.StateMachine(stack, 'Machine', {
      definitionBody: sfn.DefinitionBody.fromChainable(new sfn.Wait(stack, 'Wait', { time: sfn.WaitTime.duration(Duration.seconds(10)) }).next(step).next(done)),
    });
    new CfnOutput(stack, 'MachineArn', { value: machine.stateMachineArn });
  },

  RulesAndSchedules: (stack, { number }) => {
    const queue = new sqs.Queue(stack, 'Queue');
    new events.Rule(stack, 'Rule', { eventPattern: { source: ['aws.ec2'], detailType: ['EC2 Instance State-change Notification'] }, targets: [new targets.SqsQueue(queue)] });
    new events.Rule(stack, 'Schedule', {
      schedule: events.Schedule.rate(Duration.hours(number)), targets: [new targets.LambdaFunction(fn(stack, 'Function', 'exports.handler = async () => undefined;'))],
    });
  },

  NetworkAndGroup: (stack, { number }) => {
    const vpc = new ec2.Vpc(stack, 'Vpc', { maxAzs: 2, natGateways: 1, gatewayEndpoints: { S3: { service: ec2.GatewayVpcEndpointAwsService.S3 } } });
    vpc.addInterfaceEndpoint('Ssm', { service: ec2.InterfaceVpcEndpointAwsService.SSM });
    new autoscaling.AutoScalingGroup(stack, 'Group', {
      vpc, minCapacity: 1, maxCapacity: number + 1, instanceType: new ec2.InstanceType('t3.micro'), machineImage: ec2.MachineImage.latestAmazonLinux2023(),
    });
  },

  KeysAndSecrets: (stack, { number }) => {
    const encryptionKey = new kms.Key(stack, 'Key', { enableKeyRotation: true, removalPolicy: RemovalPolicy.DESTROY, description: `release ${number}` });
    encryptionKey.addAlias('alias/ordinary');
    const secret = new secretsmanager.Secret(stack, 'Secret', { encryptionKey, generateSecretString: { secretStringTemplate: '{"username":"u"}', generateStringKey: 'password' } });
    new secretsmanager.Secret(stack, 'Plain', { secretStringValue: SecretValue.unsafePlainText('plain') });
    secret.addRotationSchedule('Rotation', { rotationLambda: fn(stack, 'Rotator', 'exports.handler = async () => undefined;'), automaticallyAfter: Duration.days(30), rotateImmediatelyOnUpdate: false });
  },

  DocumentsAndParameters: (stack, { number }) => {
    new ssm.CfnDocument(stack, 'Document', {
      documentType: 'Command', updateMethod: 'NewVersion',
      content: { schemaVersion: '2.2', mainSteps: [{ action: 'aws:runShellScript', name: 'say', inputs: { runCommand: [`echo release ${number}`] } }] },
    });
    const parameter = new ssm.StringParameter(stack, 'Parameter', { stringValue: `release ${number}` });
    const image = new CfnParameter(stack, 'Image', {
      type: 'AWS::SSM::Parameter::Value<AWS::EC2::Image::Id>', default: '/aws/service/ami-amazon-linux-latest/al2023-ami-kernel-default-x86_64',
    });
    new CfnOutput(stack, 'ImageId', { value: image.valueAsString });
    new CfnOutput(stack, 'ParameterName', { value: parameter.parameterName });
  },

  AlarmsAndDashboard: (stack, { number }) => {
    const topic = new sns.Topic(stack, 'Topic');
    const metric = new cloudwatch.Metric({ namespace: 'Ordinary', metricName: 'Errors', statistic: 'Sum' });
    const alarm = metric.createAlarm(stack, 'Alarm', { threshold: number, evaluationPeriods: 2 });
    alarm.addAlarmAction({ bind: () => ({ alarmActionArn: topic.topicArn }) });
    new cloudwatch.CompositeAlarm(stack, 'All', { alarmRule: cloudwatch.AlarmRule.fromAlarm(alarm, cloudwatch.AlarmState.ALARM) });
    new cloudwatch.Dashboard(stack, 'Dashboard', { widgets: [[new cloudwatch.GraphWidget({ left: [metric], title: `release ${number}` })]] });
  },

  NestedAndExports: (stack, { number }) => {
    const inner = new NestedStack(stack, 'Inner');
    const topic = new sns.Topic(inner, 'Topic', { displayName: `release ${number}` });
    new CfnOutput(stack, 'TopicArn', { value: topic.topicArn, exportName: `${Aws.STACK_NAME}-topic` });
  },

  ImportsIt: (stack, { number }) => {
    new ssm.StringParameter(stack, 'TopicArn', { stringValue: Fn.importValue('NestedAndExports-topic'), description: `release ${number}` });
  },

  ProviderFramework: (stack, { number }) => {
    const code = `exports.onEvent = async ({ RequestType, ResourceProperties, PhysicalResourceId }) =>
      ({ PhysicalResourceId: PhysicalResourceId ?? 'made', Data: { Said: RequestType + ' ' + ResourceProperties.Release } });
      let asked = 0; exports.isComplete = async () => ({ IsComplete: ++asked > 2 });`;
    const provider = new cr.Provider(stack, 'Provider', {
      onEventHandler: fn(stack, 'OnEvent', code, { handler: 'index.onEvent' }), isCompleteHandler: fn(stack, 'IsComplete', code, { handler: 'index.isComplete' }),
      queryInterval: Duration.seconds(10),
    });
    const resource = new CustomResource(stack, 'Resource', { serviceToken: provider.serviceToken, resourceType: 'Custom::Thing', properties: { Release: number } });
    new CfnOutput(stack, 'Said', { value: resource.getAttString('Said') });
  },

  AssetFunction: (stack, { number }) => {
    fn(stack, 'Function', 'unused', { code: lambda.Code.fromAsset(join(__dirname, 'function')), environment: { RELEASE: String(number) }, functionName: 'asset-function' });
  },
};

/** All of them in one app. */
export function ordinary(release: Release, names: readonly string[] = Object.keys(ORDINARY)): (app: App) => void {
  return (app) => {
    // As `cdk init` has it: launch configurations are gone.
    app.node.setContext('@aws-cdk/aws-autoscaling:generateLaunchTemplateInsteadOfLaunchConfig', true);
    const made = new Map(names.map((name): [string, Stack] => {
      const stack = new Stack(app, name);
      ORDINARY[name](stack, release);
      return [name, stack];
    }));
    const [importer, exporter] = [made.get('ImportsIt'), made.get('NestedAndExports')];
    if (importer && exporter) importer.addStackDependency(exporter);
  };
}
