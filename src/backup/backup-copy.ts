import { Duration, Stack } from 'aws-cdk-lib';
import * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import type * as ec2 from 'aws-cdk-lib/aws-ec2';
import * as events from 'aws-cdk-lib/aws-events';
import * as targets from 'aws-cdk-lib/aws-events-targets';
import * as iam from 'aws-cdk-lib/aws-iam';
import type * as kms from 'aws-cdk-lib/aws-kms';
import type * as lambda from 'aws-cdk-lib/aws-lambda';
import type * as logs from 'aws-cdk-lib/aws-logs';
import type * as sns from 'aws-cdk-lib/aws-sns';
import { Construct } from 'constructs';
import { choicesOf, DEFAULT_RETENTION_DAYS, notActivatedProblem } from '../cluster/cluster-choices';
import type { ICluster } from '../cluster/cluster-ref';
import { CARRIED_PARAMETERS, COPY_DIMENSION, COPY_METRICS, COPY_TAG } from '../lifecycle/backup-copy-contract';
import type { BackupCopyOrder } from '../lifecycle/backup-copy-contract';
import { HandlerFunction } from '../lifecycle/handler-function';
import { PROBE_NAMESPACE } from '../lifecycle/probe-contract';
import { clusterParameterName } from '../lifecycle/resource-contract';
import { letAlarmsIn, ring } from '../monitoring/alarm-topic';
import { backupCopyProblems } from '../private/backup-copy-validation';
import { throwFirst } from '../private/errors';
import { knownDays, knownHours, knownList, knownText } from '../private/known';
import {
  BACKUP_COPY_ACTIONS, BACKUP_COPY_DELETE_ACTIONS, BACKUP_COPY_LOOK_ACTIONS, BACKUP_COPY_PARAMETER_ACTIONS, BACKUP_COPY_TAG_ACTIONS,
  READ_PARAMETER_ACTIONS,
} from '../private/permissions';

/** Properties of a `BackupCopy`. */
export interface BackupCopyProps {
  /** The cluster whose backups are copied. */
  readonly cluster: ICluster;

  /**
   * Where copies go: Regions of the same partition that have CloudHSM, for instance `eu-central-1`.
   *
   * @see https://docs.aws.amazon.com/general/latest/gr/cloudhsm.html
   */
  readonly regions: string[];

  /**
   * How long a copy is kept, counted from when its original was made: 7 to 379 whole days. CloudHSM itself never deletes copies. The newest one stays whatever its age,
   * and so does one that `NeverExpires`. Not longer than `backupRetention` of a cluster whose admin's password is rotated: its passwords are kept as long as its own
   * backups need them.
   *
   * @default - `backupRetention` of the cluster; 90 days if that is not known
   */
  readonly retention?: Duration;

  /**
   * How often to look whether there is a newer backup: 1 to 24 whole hours. What came between two looks is in the newest. Until the first look the alarm rings.
   *
   * @default Duration.hours(1)
   */
  readonly interval?: Duration;

  /**
   * How old the newest copy may be, in any of the Regions: more than a day and two intervals.
   *
   * @default - a day and three intervals
   */
  readonly maxAge?: Duration;

  /**
   * Who is told when the newest copy is too old, or nothing looks any more, and when that is over.
   *
   * @default - nobody; `ageAlarm` rings all the same
   */
  readonly topic?: sns.ITopic;

  /**
   * The VPC the function is attached to.
   *
   * Its subnets need a way to CloudHSM and Systems Manager in the other Regions as well, which no interface endpoint is.
   *
   * @default - the function is not attached to a VPC
   */
  readonly vpc?: ec2.IVpc;

  /**
   * Where in the VPC the function's interfaces are.
   *
   * @default - private subnets
   */
  readonly vpcSubnets?: ec2.SubnetSelection;

  /**
   * Security groups of the function.
   *
   * @default - a new one, when there is a VPC
   */
  readonly securityGroups?: ec2.ISecurityGroup[];

  /**
   * Permissions boundary of the role that is made.
   *
   * @default - none
   */
  readonly permissionsBoundary?: iam.IManagedPolicy;

  /**
   * Key that encrypts the log.
   *
   * @default - a key of its own, rotated every year
   */
  readonly encryptionKey?: kms.IKey;

  /**
   * How long the log is kept.
   *
   * @default logs.RetentionDays.ONE_YEAR
   */
  readonly logRetention?: logs.RetentionDays;

  /**
   * Node.js runtime of the function.
   *
   * @default - the newest one that the Region offers
   */
  readonly runtime?: lambda.Runtime;

  /**
   * Instruction set of the function.
   *
   * @default lambda.Architecture.ARM_64
   */
  readonly architecture?: lambda.Architecture;
}

const DEFAULT_INTERVAL = Duration.hours(1);

/** A few calls for each Region, with the SDK's own retries. */
const TIMEOUT = Duration.minutes(2);

/**
 * Keeps copies of a cluster's backups in other Regions, and deletes those that are too old: the service never does.
 *
 * A function looks every hour: the newest READY backup is copied if it is not there yet, with the parameters that a restore over there needs, trust anchor and cluster
 * certificate. A copy is encrypted by the service, as its original is, and holds users, passwords and keys of its day: who may create clusters in those Regions may
 * restore it, and needs an admin's password to get in. When the construct goes, copies stay.
 *
 * @see https://docs.aws.amazon.com/cloudhsm/latest/userguide/copy-backup-to-region.html
 * @resource AWS::Lambda::Function
 */
export class BackupCopy extends Construct {
  /** Rings when the newest copy is too old in any of the Regions, and when nothing looks any more. */
  public readonly ageAlarm: cloudwatch.Alarm;

  /** The function. */
  public readonly handler: lambda.IFunction;

  /** Role of the function. */
  public readonly role: iam.IRole;

  private readonly cluster: ICluster;
  private readonly interval: Duration;

  constructor(scope: Construct, id: string, props: BackupCopyProps) {
    super(scope, id);
    const { cluster, regions, interval = DEFAULT_INTERVAL, topic } = props;
    const { backupRetentionDays, rotatesAdmin = false } = choicesOf(cluster) ?? {};
    const retention = props.retention ?? Duration.days(backupRetentionDays ?? DEFAULT_RETENTION_DAYS);
    const maxAge = props.maxAge ?? Duration.hours(24 + 3 * Math.ceil(knownHours(interval) ?? 1));
    throwFirst(this, [notActivatedProblem('a copy of backups', this, cluster), ...backupCopyProblems({
      regions: (knownList(regions) ?? []).flatMap((region) => knownText(region) ?? []),
      regionCount: knownList(regions)?.length,
      ownRegion: knownText(Stack.of(this).region),
      retentionDays: knownDays(retention),
      intervalHours: knownHours(interval),
      maxAgeHours: props.maxAge && knownHours(props.maxAge),
      clusterRegion: knownText(cluster.env.region),
      backupRetentionDays,
      rotatesAdmin,
    })]);
    this.cluster = cluster;
    this.interval = interval;
    const made = new HandlerFunction(this, {
      bundle: 'backup-copy',
      description: 'Copies backups of a CloudHSM cluster to other Regions',
      subject: 'Copies of CloudHSM backups',
      keyDescription: 'Encrypts the log of what copies CloudHSM backups',
      timeout: TIMEOUT,
    }, props);
    this.handler = made.handler;
    this.role = made.role;
    made.unscoped.addStatements(new iam.PolicyStatement({ actions: BACKUP_COPY_LOOK_ACTIONS, resources: ['*'] }));
    made.policy.addStatements(...this.statements(regions));

    const order: BackupCopyOrder = { ClusterId: cluster.clusterId, Regions: regions, RetentionDays: retention.toDays() };
    new events.Rule(this, 'Schedule', {
      description: 'Has backups of a CloudHSM cluster copied to other Regions',
      schedule: events.Schedule.rate(interval),
      targets: [new targets.LambdaFunction(made.handler, { event: events.RuleTargetInput.fromObject(order) })],
    }).node.addDependency(cluster.ready);

    this.ageAlarm = new cloudwatch.Alarm(this, 'Age', {
      alarmDescription: 'The newest copy of a CloudHSM backup in another Region is too old: the log of the function says why. What was made since is in one Region only.',
      metric: this.metricAge(),
      threshold: maxAge.toSeconds(),
      evaluationPeriods: 1,
      comparisonOperator: cloudwatch.ComparisonOperator.GREATER_THAN_THRESHOLD,
      treatMissingData: cloudwatch.TreatMissingData.BREACHING,
    });
    if (!topic) return;
    letAlarmsIn(this, topic);
    ring(this.ageAlarm, topic);
  }

  /** Seconds for which changes may be in no copy, in the Region where that is longest; maximum over the interval. 0 while the cluster has no HSM and all is copied. */
  public metricAge(options: cloudwatch.MetricOptions = {}): cloudwatch.Metric {
    return new cloudwatch.Metric({
      namespace: PROBE_NAMESPACE,
      metricName: COPY_METRICS.age,
      dimensionsMap: { [COPY_DIMENSION]: this.cluster.clusterId },
      statistic: cloudwatch.Stats.MAXIMUM,
      period: this.interval,
      ...options,
    });
  }

  private statements(regions: string[]): iam.PolicyStatement[] {
    const stack = Stack.of(this);
    const { clusterId } = this.cluster;
    const tagged = { [`aws:ResourceTag/${COPY_TAG}`]: clusterId };
    const backupsIn = (region: string) => stack.formatArn({ service: 'cloudhsm', region, resource: 'backup', resourceName: '*' });
    const parametersIn = (region: string) => CARRIED_PARAMETERS.map((name) =>
      stack.formatArn({ service: 'ssm', region, resource: 'parameter', resourceName: clusterParameterName(clusterId, name).slice(1) }));
    return [
      new iam.PolicyStatement({ actions: BACKUP_COPY_ACTIONS, resources: [backupsIn(stack.region)] }),
      // The copy is tagged as it is made.
      new iam.PolicyStatement({
        actions: BACKUP_COPY_TAG_ACTIONS, resources: [backupsIn(stack.region), ...regions.map(backupsIn)], conditions: { StringEquals: { [`aws:RequestTag/${COPY_TAG}`]: clusterId } },
      }),
      new iam.PolicyStatement({ actions: BACKUP_COPY_DELETE_ACTIONS, resources: regions.map(backupsIn), conditions: { StringEquals: tagged } }),
      new iam.PolicyStatement({ actions: READ_PARAMETER_ACTIONS, resources: parametersIn(stack.region) }),
      new iam.PolicyStatement({ actions: BACKUP_COPY_PARAMETER_ACTIONS, resources: regions.flatMap(parametersIn) }),
    ];
  }
}
