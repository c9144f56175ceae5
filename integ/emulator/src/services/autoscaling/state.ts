import type { Table } from '../../kernel';
import type { Context } from '../../wire/operation';

/** Records of the service; times are emulated milliseconds. */

export interface TemplateRef {
  readonly LaunchTemplateId?: string;
  readonly LaunchTemplateName?: string;
  readonly Version?: string;
}

export interface GroupTag {
  readonly key: string;
  readonly value: string;
  readonly propagate: boolean;
}

export interface Group {
  readonly name: string;
  readonly arn: string;
  readonly min: number;
  readonly max: number;
  readonly desired: number;
  readonly subnetIds: readonly string[];
  /** Without subnets: zones of the default VPC. */
  readonly zones: readonly string[];
  readonly template: TemplateRef;
  /** The policy as it was given; its template and first instance type are used. */
  readonly mixed?: { readonly [member: string]: unknown };
  readonly instanceType?: string;
  readonly healthCheckType: string;
  readonly healthCheckGraceSeconds: number;
  readonly cooldownSeconds: number;
  readonly terminationPolicies: readonly string[];
  readonly protectNew: boolean;
  readonly serviceLinkedRoleArn: string;
  readonly maxInstanceLifetime?: number;
  readonly capacityRebalance: boolean;
  readonly defaultWarmupSeconds?: number;
  readonly maintenancePolicy?: { readonly [member: string]: unknown };
  readonly targetGroupArns: readonly string[];
  readonly metrics: readonly string[];
  readonly tags: readonly GroupTag[];
  readonly suspended: readonly string[];
  readonly createdAt: number;
  readonly deleting: boolean;
}

export type MemberState = 'Pending' | 'Pending:Wait' | 'InService' | 'Standby' | 'Terminating' | 'Terminating:Wait';

export interface Member {
  readonly instanceId: string;
  readonly group: string;
  readonly zone: string;
  readonly type: string;
  readonly imageId: string;
  readonly template: { readonly id: string; readonly name: string; readonly version: number };
  readonly state: MemberState;
  readonly health: 'Healthy' | 'Unhealthy';
  readonly protectedFromScaleIn: boolean;
  readonly launchedAt: number;
  /** What is being done to it. */
  readonly activityId: string;
  /** While it waits: the token, and the hooks that have not answered. */
  readonly token?: string;
  readonly hooks: readonly string[];
}

export interface Activity {
  readonly id: string;
  readonly group: string;
  readonly groupArn: string;
  readonly description: string;
  readonly cause: string;
  readonly startedAt: number;
  readonly endedAt?: number;
  readonly status: string;
  readonly message?: string;
  readonly progress: number;
}

export interface Hook {
  readonly name: string;
  readonly group: string;
  readonly transition: string;
  readonly timeoutSeconds: number;
  readonly defaultResult: string;
  readonly targetArn?: string;
  readonly roleArn?: string;
  readonly metadata?: string;
}

/** What a topic wants to be told of a group. */
export interface Notification {
  readonly group: string;
  readonly topicArn: string;
  readonly types: readonly string[];
}

export interface Refresh {
  readonly id: string;
  readonly group: string;
  readonly status: 'Pending' | 'InProgress' | 'Successful' | 'Cancelled';
  readonly startedAt: number;
  readonly endedAt?: number;
  readonly total: number;
  /** Instances that are still to be replaced, in order. */
  readonly left: readonly string[];
  readonly preferences?: { readonly [member: string]: unknown };
}

/** A change of a group's sizes at a time to come. */
export interface ScheduledAction {
  readonly group: string;
  readonly name: string;
  readonly arn: string;
  readonly startAt: number;
  readonly endAt?: number;
  /** One that comes again and again: recorded only. */
  readonly recurrence?: string;
  readonly timeZone?: string;
  readonly min?: number;
  readonly max?: number;
  readonly desired?: number;
}

export const groups = (context: Context): Table<Group> => context.table('autoscaling/groups');
/** By instance id. */
export const members = (context: Context): Table<Member> => context.table('autoscaling/members');
export const activities = (context: Context): Table<Activity> => context.table('autoscaling/activities');
/** By `<group>/<name>`. */
export const hooks = (context: Context): Table<Hook> => context.table('autoscaling/hooks');
/** By `<group>/<topic's arn>`. */
export const notifications = (context: Context): Table<Notification> => context.table('autoscaling/notifications');
/** By `<group>/<name>`. */
export const scheduledActions = (context: Context): Table<ScheduledAction> => context.table('autoscaling/scheduled-actions');
export const refreshes = (context: Context): Table<Refresh> => context.table('autoscaling/refreshes');

export function membersOf(context: Context, group: string): Member[] {
  return members(context).values().filter((member) => member.group === group);
}

export function hooksOf(context: Context, group: string, transition?: string): Hook[] {
  return hooks(context).values().filter((hook) => hook.group === group && (transition === undefined || hook.transition === transition));
}

/** Members that count towards the desired capacity. */
export function isActive({ state }: Member): boolean {
  return state === 'Pending' || state === 'Pending:Wait' || state === 'InService';
}

export function isLeaving({ state }: Member): boolean {
  return state === 'Terminating' || state === 'Terminating:Wait';
}
