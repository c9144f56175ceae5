import type { Json } from '../../../kernel';

/** A definition in the states language, as far as it is interpreted here. */
export interface Scope {
  readonly StartAt: string;
  readonly States: { readonly [name: string]: State };
  readonly TimeoutSeconds?: number;
  readonly ProcessorConfig?: { readonly Mode?: string };
}

export interface Retrier {
  readonly ErrorEquals: readonly string[];
  readonly IntervalSeconds?: number;
  readonly MaxAttempts?: number;
  readonly BackoffRate?: number;
  readonly MaxDelaySeconds?: number;
  readonly JitterStrategy?: string;
}

export interface Catcher {
  readonly ErrorEquals: readonly string[];
  readonly Next: string;
  readonly ResultPath?: string | null;
}

export interface State {
  readonly Type: 'Task' | 'Pass' | 'Choice' | 'Wait' | 'Succeed' | 'Fail' | 'Parallel' | 'Map';
  readonly Next?: string;
  readonly End?: boolean;
  readonly InputPath?: string | null;
  readonly OutputPath?: string | null;
  readonly ResultPath?: string | null;
  readonly Parameters?: Json;
  readonly ResultSelector?: Json;
  readonly Retry?: readonly Retrier[];
  readonly Catch?: readonly Catcher[];
  // Task
  readonly Resource?: string;
  readonly TimeoutSeconds?: number;
  readonly TimeoutSecondsPath?: string;
  readonly HeartbeatSeconds?: number;
  readonly HeartbeatSecondsPath?: string;
  readonly Credentials?: { readonly 'RoleArn'?: string; readonly 'RoleArn.$'?: string };
  // Pass
  readonly Result?: Json;
  // Choice
  readonly Choices?: readonly Rule[];
  readonly Default?: string;
  // Wait
  readonly Seconds?: number;
  readonly SecondsPath?: string;
  readonly Timestamp?: string;
  readonly TimestampPath?: string;
  // Fail
  readonly Error?: string;
  readonly ErrorPath?: string;
  readonly Cause?: string;
  readonly CausePath?: string;
  // Parallel
  readonly Branches?: readonly Scope[];
  // Map
  readonly ItemProcessor?: Scope;
  readonly Iterator?: Scope;
  readonly ItemsPath?: string;
  readonly ItemSelector?: Json;
  readonly MaxConcurrency?: number;
  readonly MaxConcurrencyPath?: string;
}

/** A rule of a Choice state: a comparison by one of many member names, or And, Or, Not over further rules. */
export interface Rule {
  readonly Next?: string;
  readonly Variable?: string;
  readonly And?: readonly Rule[];
  readonly Or?: readonly Rule[];
  readonly Not?: Rule;
  readonly [comparison: string]: unknown;
}
