import type { Table } from '../../kernel';
import type { Context } from '../../wire/operation';

export interface Tag {
  readonly Key: string;
  readonly Value: string;
}

export interface Dimension {
  readonly Name: string;
  readonly Value: string;
}

export interface AlarmRecord {
  readonly name: string;
  readonly arn: string;
  readonly kind: 'metric' | 'composite';
  /** As it was put, without tags. */
  readonly input: { readonly [member: string]: unknown };
  readonly actionsEnabled: boolean;
  readonly state: string;
  readonly reason: string;
  readonly reasonData?: string;
  readonly changedAt: number;
  readonly stateAt: number;
  readonly tags: readonly Tag[];
}

export interface HistoryItem {
  readonly alarm: string;
  readonly kind: AlarmRecord['kind'];
  readonly at: number;
  readonly type: string;
  readonly summary: string;
  readonly data: string;
}

export interface DashboardRecord {
  readonly name: string;
  readonly arn: string;
  readonly body: string;
  readonly changedAt: number;
}

/** What came of a metric in one hour. */
export interface HourRecord {
  readonly namespace: string;
  readonly name: string;
  readonly dimensions: readonly Dimension[];
  readonly data: readonly DatumRecord[];
}

/** Values of a metric at one moment. */
export interface DatumRecord {
  readonly at: number;
  readonly unit: string;
  readonly count: number;
  readonly sum: number;
  readonly min: number;
  readonly max: number;
}

export function alarms(context: Context): Table<AlarmRecord> {
  return context.table('cloudwatch/alarms');
}

export function history(context: Context): Table<HistoryItem> {
  return context.table('cloudwatch/history');
}

export function dashboards(context: Context): Table<DashboardRecord> {
  return context.globalTable('cloudwatch/dashboards');
}

/** By metric and hour: see metric-data.ts. */
export function data(context: Context): Table<HourRecord> {
  return context.table('cloudwatch/data');
}

export function date(context: Context, at: number): Date {
  return new Date(context.kernel.hostTime(at));
}

/** The point of emulated time that a caller means. */
export function instant(context: Context, time: Date): number {
  return Math.round(time.getTime() - context.kernel.hostTime(0));
}
