/** What a Task's Resource asks for. */
export interface Integration {
  /** Name of the service here. */
  readonly service: string;
  readonly operation: string;
  /** Both names as the history says them; absent for the ARN of a function. */
  readonly resourceType?: string;
  readonly resource?: string;
  /** The ARN of a function that is the Resource itself. */
  readonly functionArn?: string;
  /** How errors of the service are called here. */
  readonly prefix: string;
  readonly waitsForToken: boolean;
  /** `.sync` gives the output of a nested execution as text, `.sync:2` as JSON. */
  readonly sync?: 1 | 2;
}

interface Known {
  readonly service: string;
  readonly prefix: string;
}

/** Services by their names in `aws-sdk` integrations, which are those of the Java SDK. */
const SERVICES: { readonly [name: string]: Known } = {
  autoscaling: { service: 'autoscaling', prefix: 'AutoScaling' },
  cloudformation: { service: 'cloudformation', prefix: 'CloudFormation' },
  cloudhsmv2: { service: 'cloudhsmv2', prefix: 'CloudHsmV2' },
  cloudwatch: { service: 'cloudwatch', prefix: 'CloudWatch' },
  cloudwatchlogs: { service: 'logs', prefix: 'CloudWatchLogs' },
  ec2: { service: 'ec2', prefix: 'Ec2' },
  eventbridge: { service: 'events', prefix: 'EventBridge' },
  iam: { service: 'iam', prefix: 'Iam' },
  kms: { service: 'kms', prefix: 'Kms' },
  lambda: { service: 'lambda', prefix: 'Lambda' },
  s3: { service: 's3', prefix: 'S3' },
  secretsmanager: { service: 'secretsmanager', prefix: 'SecretsManager' },
  servicequotas: { service: 'servicequotas', prefix: 'ServiceQuotas' },
  sfn: { service: 'stepfunctions', prefix: 'Sfn' },
  sns: { service: 'sns', prefix: 'Sns' },
  sqs: { service: 'sqs', prefix: 'Sqs' },
  ssm: { service: 'ssm', prefix: 'Ssm' },
  sts: { service: 'sts', prefix: 'Sts' },
};

/** Integrations with a shape of their own. */
const OPTIMIZED: { readonly [name: string]: Known & { readonly sync?: boolean } } = {
  'lambda:invoke': { service: 'lambda', prefix: 'Lambda' },
  'sns:publish': { service: 'sns', prefix: 'SNS' },
  'sqs:sendMessage': { service: 'sqs', prefix: 'SQS' },
  'events:putEvents': { service: 'events', prefix: 'EventBridge' },
  'states:startExecution': { service: 'stepfunctions', prefix: 'StepFunctions', sync: true },
};

/** @returns undefined for what is not emulated */
export function integrationOf(resource: string): Integration | undefined {
  if (/^arn:[^:]+:lambda:[^:]+:\d{12}:function:/.test(resource)) {
    return { service: 'lambda', operation: 'Invoke', functionArn: resource, prefix: 'Lambda', waitsForToken: false };
  }
  const [, name, suffix = ''] = /^arn:[^:]+:states:[^:]*:[^:]*:([^.]+)(\..*)?$/.exec(resource) ?? [];
  if (!name || !['', '.waitForTaskToken', '.sync', '.sync:2'].includes(suffix)) return undefined;
  const waitsForToken = suffix === '.waitForTaskToken';
  const [type, ...rest] = name.split(':');
  if (type === 'aws-sdk' && rest.length === 2 && !suffix.startsWith('.sync')) {
    const known = SERVICES[rest[0]];
    const operation = rest[1][0].toUpperCase() + rest[1].slice(1);
    return known && { ...known, operation, resourceType: `aws-sdk:${rest[0]}`, resource: `${rest[1]}${suffix}`, waitsForToken };
  }
  const known = OPTIMIZED[name];
  if (!known || (suffix.startsWith('.sync') && !known.sync)) return undefined;
  const operation = rest[0][0].toUpperCase() + rest[0].slice(1);
  const sync = suffix === '.sync' ? 1 : suffix === '.sync:2' ? 2 : undefined;
  return { ...known, operation, resourceType: type, resource: `${rest[0]}${suffix}`, waitsForToken, sync };
}
