import type { Report } from '../report/schema';
import { loadModel } from '../wire/model';
import type { Shape } from '../wire/model';

/** The states each kind of thing may have, as the service's model has them: service and shape. */
const STATES: Readonly<Record<string, readonly [service: string, operation: string, ...path: readonly string[]]>> = {
  cluster: ['cloudhsmv2', 'DescribeClusters', 'Clusters', 'State'],
  hsm: ['cloudhsmv2', 'DescribeClusters', 'Clusters', 'Hsms', 'State'],
  stack: ['cloudformation', 'DescribeStacks', 'Stacks', 'StackStatus'],
  keystore: ['kms', 'DescribeCustomKeyStores', 'CustomKeyStores', 'ConnectionState'],
};

/** @throws Error that says what a condition looks like, or which states there are */
export function checkedCondition(condition: string): string {
  const { kind, state } = parsed(condition);
  const states = statesIn(kind);
  if (!states.includes(state)) throw new Error(`[emulator] the state of a ${kind} is one of ${states.join(', ')}, got ${state}`);
  return condition;
}

function statesIn(kind: string): readonly string[] {
  const [service, operation, ...path] = STATES[kind];
  let shape: Shape | undefined = loadModel(service).operations.get(operation)?.output;
  for (const name of path) {
    if (shape?.type === 'list') shape = shape.member.shape;
    shape = shape?.type === 'structure' ? shape.members.get(name)?.shape : undefined;
  }
  return shape && 'enum' in shape && shape.enum || [];
}

/**
 * Whether a condition holds: `cluster=ACTIVE`, `stack=CREATE_COMPLETE`, `hsm=ACTIVE`, `keystore=CONNECTED`; of a named one with its name:
 * `cluster:cluster-abc=ACTIVE`. Without a name, all there are must have the state, and there must be one.
 */
export function reached(report: Report, condition: string): boolean {
  const { kind, name, state } = parsed(condition);
  const states = statesOf(report, kind).filter(([id]) => name === undefined || id === name).map(([, found]) => found);
  return states.length > 0 && states.every((found) => found === state);
}

function parsed(condition: string): { kind: string; name?: string; state: string } {
  const parts = /^(cluster|hsm|stack|keystore)(?::([^=]+))?=(\w+)$/.exec(condition);
  if (!parts) throw new Error(`[emulator] a condition is cluster, hsm, stack or keystore, perhaps :<name>, and =<state>, got ${condition}`);
  const [, kind, name, state] = parts;
  return { kind, name, state };
}

function statesOf(report: Report, kind: string): Array<[string, string]> {
  switch (kind) {
    case 'cluster': return report.clusters.map(({ clusterId, state }) => [clusterId, state]);
    case 'hsm': return report.clusters.flatMap(({ hsms }) => hsms.map(({ hsmId, state }): [string, string] => [hsmId, state]));
    case 'stack': return report.stacks.map(({ name, status }) => [name, status]);
    default: return report.keyStores.map(({ name, connectionState }) => [name, connectionState]);
  }
}
