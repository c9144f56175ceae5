import type { FleetProperties } from './fleet-contract';

/** What a schedule wants of the HSMs. */
export type ScheduledAction = 'PAUSE' | 'RESUME' | 'RECONCILE';

/** What a rule says to the function: a change of a cluster's HSMs that no template asks for. */
export interface ScheduledChange {
  readonly Scheduled: ScheduledAction;
  /** The event's id: one that is delivered twice is carried out once. */
  readonly RequestId: string;
  readonly StackId: string;
  /** Changes that are not to run side by side share it. A resource of the template has another one: CloudFormation must get its answer. */
  readonly ScheduleId: string;
  /** Of the custom resource, as the template has them. */
  readonly ResourceProperties: FleetProperties;
}

/** Dimension and metrics of the changes. */
export const SCHEDULE_DIMENSION = 'ClusterId';

export const SCHEDULE_METRICS = {
  /** 1 if a scheduled change was not carried out, else 0. */
  changeFailed: 'ScheduledChangeFailed',
} as const;

/** Source and type of the event that asks for a reconciliation; its detail has a `clusterId`. */
export const RECONCILE_EVENT = { source: 'cdk-cloudhsm', detailType: 'Reconcile' } as const;
