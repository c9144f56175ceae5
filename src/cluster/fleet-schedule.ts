import { Duration, Stack } from 'aws-cdk-lib';
import * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import * as events from 'aws-cdk-lib/aws-events';
import * as targets from 'aws-cdk-lib/aws-events-targets';
import type * as sns from 'aws-cdk-lib/aws-sns';
import { Construct } from 'constructs';
import type { Cluster } from './cluster';
import { choicesOf } from './cluster-choices';
import { CustomKeyStore } from '../key-store/custom-key-store';
import { PROBE_NAMESPACE } from '../lifecycle/probe-contract';
import { RECONCILE_EVENT, SCHEDULE_DIMENSION, SCHEDULE_METRICS } from '../lifecycle/schedule-contract';
import type { ScheduledAction, ScheduledChange } from '../lifecycle/schedule-contract';
import { letAlarmsIn, ring } from '../monitoring/alarm-topic';
import { throwFirst } from '../private/errors';
import { pausedStoreProblem, scheduleProblems } from '../private/schedule-validation';

/** Properties of a `FleetSchedule`. */
export interface FleetScheduleProps {
  /** The cluster: one that is made, adopted or restored in the same stack, and ACTIVE after the deploy. */
  readonly cluster: Cluster;

  /**
   * When all HSMs go, in UTC. As with `hsmCount: 0` the last one goes when a READY backup holds what it holds; key stores are disconnected first, for which
   * the cluster needs `pauseKeyStores`.
   *
   * @default - never
   */
  readonly pause?: events.Schedule;

  /**
   * When they come back, in UTC: as many as the cluster has by its `hsmCount` or `placement`. It takes up to 50 minutes.
   *
   * @default - never; the next deploy that changes the HSMs brings them back
   */
  readonly resume?: events.Schedule;

  /**
   * When HSMs are brought back to what the template says, in UTC: those that are missing are added, those beyond it go, key stores are left alone. A cluster
   * without any HSM is paused, and stays so.
   *
   * @default - when an event asks for it, see `reconcileEventPattern`
   */
  readonly reconcile?: events.Schedule;

  /**
   * Who is told when a change was not carried out, and when one is again.
   *
   * @default - nobody; `failedAlarm` rings all the same
   */
  readonly topic?: sns.ITopic;
}

/** A pause that comes later would come into the next morning. By itself EventBridge goes on for a day. */
const LATEST = Duration.minutes(15);
const RETRIES = 10;

/** A change is reported once, whenever it ends. */
const PERIOD = Duration.minutes(5);

/**
 * Pauses and resumes the HSMs of a cluster by the clock, and brings them back to what the template says.
 *
 * Carried out by the lifecycle provider as a deploy would, under the same lease: it waits for what else changes the cluster, and a deploy waits for it. A
 * deploy that changes the HSMs ends a pause; any other leaves it. Nothing of it is done while the stack is being deleted.
 *
 * An event asks for a reconciliation at any time: source `cdk-cloudhsm`, detail type `Reconcile`, with the `clusterId` as detail.
 *
 * @see https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-scheduled-rule-pattern.html
 * @resource AWS::Events::Rule
 */
export class FleetSchedule extends Construct {
  /** Rings when a change was not carried out, until one is. */
  public readonly failedAlarm: cloudwatch.Alarm;

  /** The events that ask for a reconciliation. */
  public readonly reconcileEventPattern: events.EventPattern;

  private readonly cluster: Cluster;

  constructor(scope: Construct, id: string, props: FleetScheduleProps) {
    super(scope, id);
    const { cluster, pause, resume, reconcile, topic } = props;
    const { hsmCount, notActivated, pauseKeyStores = false } = choicesOf(cluster) ?? {};
    throwFirst(this, scheduleProblems({
      hsmCount, notActivated, pauses: pause !== undefined, resumes: resume !== undefined, isInStack: Stack.of(this) === Stack.of(cluster),
    }));
    // A store may be made after the schedule.
    this.node.addValidation({
      validate: () => {
        const store = pause && !pauseKeyStores ? CustomKeyStore._on(cluster) : undefined;
        return store ? [pausedStoreProblem(store.node.path)].map(({ code, text }) => `${code}: ${text}`) : [];
      },
    });
    this.cluster = cluster;
    if (pause) this.rule('Pause', 'PAUSE', { schedule: pause });
    if (resume) this.rule('Resume', 'RESUME', { schedule: resume });
    if (reconcile) this.rule('Reconcile', 'RECONCILE', { schedule: reconcile });
    const { source, detailType } = RECONCILE_EVENT;
    this.reconcileEventPattern = { source: [source], detailType: [detailType], detail: { clusterId: [cluster.clusterId] } };
    this.rule('ReconcileOnDemand', 'RECONCILE', { eventPattern: this.reconcileEventPattern });

    this.failedAlarm = new cloudwatch.Alarm(this, 'Failed', {
      alarmDescription: 'A scheduled change of the HSMs of a CloudHSM cluster was not carried out: the log of the lifecycle function says why.',
      metric: this.metricFailed(),
      threshold: 1,
      evaluationPeriods: 1,
      comparisonOperator: cloudwatch.ComparisonOperator.GREATER_THAN_OR_EQUAL_TO_THRESHOLD,
      treatMissingData: cloudwatch.TreatMissingData.IGNORE,
    });
    if (!topic) return;
    letAlarmsIn(this, topic);
    ring(this.failedAlarm, topic);
  }

  /** 1 for a change that was not carried out, 0 for one that was; maximum over five minutes. */
  public metricFailed(options: cloudwatch.MetricOptions = {}): cloudwatch.Metric {
    return new cloudwatch.Metric({
      namespace: PROBE_NAMESPACE,
      metricName: SCHEDULE_METRICS.changeFailed,
      dimensionsMap: { [SCHEDULE_DIMENSION]: this.cluster.clusterId },
      statistic: cloudwatch.Stats.MAXIMUM,
      period: PERIOD,
      ...options,
    });
  }

  /** What the rule says holds the fleet's properties as they are deployed: its tokens are resolved with it. */
  private rule(id: string, action: ScheduledAction, when: Pick<events.RuleProps, 'schedule' | 'eventPattern'>): void {
    const { cluster } = this;
    const fleet = cluster._fleet!;
    const change: ScheduledChange = {
      Scheduled: action,
      RequestId: events.EventField.eventId,
      StackId: Stack.of(this).stackId,
      ScheduleId: `${this.node.addr}/${action === 'RECONCILE' ? 'Reconcile' : 'Pause'}`,
      ResourceProperties: fleet.sent,
    };
    const rule = new events.Rule(this, id, {
      description: `${DESCRIPTIONS[action]} the HSMs of a CloudHSM cluster`,
      ...when,
      targets: [new targets.LambdaFunction(cluster.lifecycleProvider.handler, {
        event: events.RuleTargetInput.fromObject(change), maxEventAge: LATEST, retryAttempts: RETRIES,
      })],
    });
    rule.node.addDependency(fleet);
  }
}

const DESCRIPTIONS: Readonly<Record<ScheduledAction, string>> = { PAUSE: 'Takes away', RESUME: 'Brings back', RECONCILE: 'Reconciles' };
