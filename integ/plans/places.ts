import type { Deed } from './plan';
import type { Offline } from '../cases/_harness/offline';

/** An operation that a role of the stack calls in the course of a deed in which nothing goes wrong. */
export interface Place {
  readonly during: Deed;
  readonly service: string;
  readonly operation: string;
  /** Part of the ARN of whoever calls: his role, without what CloudFormation adds to its name. */
  readonly caller: string;
  /** How often. */
  readonly calls: number;
}

type Record = Offline['emulator']['calls']['records'][number];

/** Where calls were made: what Lambda does for a function, and what a service does on a caller's behalf, is theirs. */
export function placesIn(during: Deed, records: readonly Record[]): Place[] {
  const places = new Map<string, Place>();
  for (const { service, operation, principal, position } of records) {
    const caller = /role\/(Hsm-[^/]*)-[^-/]+\//.exec(principal)?.[1];
    const isOwn = ['lambda', 'vpc'].includes(position) || (service === 'lambda' && operation === 'Invoke');
    if (caller === undefined || !isOwn || /^Emulated/.test(operation) || service === 'logs' || service === 'cloudhsm-client') continue;
    const key = `${service} ${operation} ${caller}`;
    places.set(key, { during, service, operation, caller: `role/${caller}-`, calls: (places.get(key)?.calls ?? 0) + 1 });
  }
  return [...places.values()];
}

/** How a service says that it was asked too often: code and status. */
const THROTTLED: Readonly<{ [service: string]: { readonly code: string; readonly status: number } }> = {
  autoscaling: { code: 'Throttling', status: 400 },
  ec2: { code: 'RequestLimitExceeded', status: 503 },
  lambda: { code: 'TooManyRequestsException', status: 429 },
  s3: { code: 'SlowDown', status: 503 },
  servicequotas: { code: 'TooManyRequestsException', status: 429 },
};

export function throttled(service: string): { readonly code: string; readonly status: number } {
  return THROTTLED[service] ?? { code: 'ThrottlingException', status: 400 };
}

/** How it says that it had an error of its own. */
export function failed(service: string): { readonly code: string; readonly status: number } {
  return { code: service === 'lambda' ? 'ServiceException' : 'InternalFailure', status: 500 };
}

/** Points that services pass, with what can go wrong there; in which deeds they are passed, and how often at most. */
export interface Point {
  readonly service: string;
  readonly operation: string;
  readonly kinds: ReadonlyArray<{ readonly kind: string; readonly params?: Readonly<{ [name: string]: string | number }> }>;
  readonly during: readonly Deed[];
  readonly passed: number;
}

const CONNECTION_ERRORS = [
  'INTERNAL_ERROR', 'NETWORK_ERRORS', 'INSUFFICIENT_FREE_ADDRESSES_IN_SUBNET', 'USER_LOGGED_IN', 'USER_LOCKED_OUT', 'INVALID_CREDENTIALS',
].map((code) => ({ kind: 'error', params: { code } }));

export const POINTS: readonly Point[] = [
  {
    service: 'cloudhsmv2',
    operation: 'hsm-created',
    kinds: [{ kind: 'never' }, { kind: 'late', params: { seconds: 1_800 } }, { kind: 'degraded', params: { replaceSeconds: 600 } }],
    during: ['deploy', 'grow'],
    passed: 2,
  },
  { service: 'cloudhsmv2', operation: 'hsm-visible', kinds: [{ kind: 'lag', params: { seconds: 90 } }], during: ['deploy', 'grow'], passed: 2 },
  { service: 'ssm', operation: 'command', kinds: [{ kind: 'fail-script' }, { kind: 'never' }], during: ['deploy'], passed: 3 },
  { service: 'ec2', operation: 'boot', kinds: [{ kind: 'never-online' }], during: ['deploy'], passed: 1 },
  { service: 'kms', operation: 'key-store-network', kinds: CONNECTION_ERRORS.slice(0, 3), during: ['deploy'], passed: 1 },
  { service: 'kms', operation: 'key-store-login', kinds: [{ kind: 'never' }, ...CONNECTION_ERRORS.slice(3)], during: ['deploy'], passed: 1 },
  { service: 'cloudhsm-hsm', operation: 'hsm-user-create', kinds: [{ kind: 'error' }], during: ['deploy'], passed: 3 },
  { service: 'cloudhsm-hsm', operation: 'hsm-user-change-password', kinds: [{ kind: 'error' }], during: ['deploy'], passed: 3 },
  {
    service: 'lambda',
    operation: 'invoke',
    kinds: [
      { kind: 'kill' }, { kind: 'kill', params: { afterCalls: 1 } }, { kind: 'kill', params: { afterCalls: 3 } }, { kind: 'timeout' }, { kind: 'throttle' },
    ],
    during: ['deploy', 'grow', 'shrink', 'destroy'],
    passed: 120,
  },
];
