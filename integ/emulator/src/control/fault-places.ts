import type { FaultSpec } from '../kernel';
import { hasModel, loadModel, serviceNames } from '../wire/model';

/** Of every operation: refused, or carried out and not answered. */
const OF_OPERATIONS = ['error', 'lost-answer'];

/** Changes that one HSM of a cluster may miss. */
const HSM_CHANGES = [
  'activate', 'user-create', 'user-replicate', 'user-delete', 'user-change-password', 'user-change-quorum', 'quorum-set-value', 'cluster-mtls',
  'key-generate', 'key-delete', 'key-set-attribute', 'key-share', 'key-unshare',
];

/** Points that services pass beside their operations, and what may go wrong there. */
const POINTS: Readonly<Record<string, Readonly<Record<string, readonly string[]>>>> = {
  'cloudhsmv2': { 'hsm-created': ['never', 'late', 'degraded'], 'hsm-visible': ['lag'], 'backup-ready': ['never'], 'type-change': ['error'] },
  'cloudhsm-hsm': Object.fromEntries(HSM_CHANGES.map((change) => [`hsm-${change}`, ['error']])),
  'ec2': { boot: ['never-online'] },
  'kms': { 'key-store-network': ['error'], 'key-store-login': ['never', 'error'], 'key-store-disconnected': ['never'] },
  'lambda': { invoke: ['kill', 'throttle', 'timeout'] },
  'ssm': { command: ['fail-script', 'never'] },
};

/** What is wrong with a failure that was asked for, what may stand there, and nothing when it can come true: one that never fires would let every test pass. */
export function faultProblem({ service, operation, kind, nth = 1, times = 1 }: FaultSpec): string | undefined {
  const points = Object.hasOwn(POINTS, service) ? POINTS[service] : {};
  if (!hasModel(service) && Object.keys(points).length === 0) {
    return `the service of a fault is one of ${[...new Set([...serviceNames(), ...Object.keys(POINTS)])].sort().join(', ')}; got ${service}`;
  }
  const isOperation = hasModel(service) && loadModel(service).operations.has(operation);
  if (!isOperation && !Object.hasOwn(points, operation)) {
    const named = Object.keys(points);
    const allowed = [...(hasModel(service) ? ['one that the service has, as the API spells it'] : []), ...named].join(', or ');
    return `the operation of a fault of ${service} is ${allowed}; got ${operation}`;
  }
  const kinds = isOperation ? OF_OPERATIONS : points[operation];
  if (!kinds.includes(kind)) return `the kind of a fault of ${service} ${operation} is ${kinds.join(' or ')}; got ${kind}`;
  if (!Number.isInteger(nth) || nth < 1) return `nth of a fault is a whole number from 1, which is the first time; got ${nth}`;
  if (!Number.isInteger(times) || times < 0) return `times of a fault is a whole number from 0, which is every time from then on; got ${times}`;
  return undefined;
}

/** @throws Error for one that can never come true */
export function checkedFault(spec: FaultSpec): FaultSpec {
  const problem = faultProblem(spec);
  if (problem !== undefined) throw new Error(`[emulator] ${problem}`);
  return spec;
}
