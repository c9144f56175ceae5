import type { Report } from '../report/schema';

/**
 * Whether a condition holds: `cluster=ACTIVE`, `stack=CREATE_COMPLETE`, `hsm=ACTIVE`, `keystore=CONNECTED`; of a named one with its name:
 * `cluster:cluster-abc=ACTIVE`. Without a name, all there are must have the state, and there must be one.
 */
export function reached(report: Report, condition: string): boolean {
  const parts = /^(cluster|hsm|stack|keystore)(?::([^=]+))?=(\w+)$/.exec(condition);
  if (!parts) throw new Error(`a condition is cluster, hsm, stack or keystore, perhaps :<name>, and =<state>, got ${condition}`);
  const [, kind, name, state] = parts;
  const states = statesOf(report, kind).filter(([id]) => name === undefined || id === name).map(([, found]) => found);
  return states.length > 0 && states.every((found) => found === state);
}

function statesOf(report: Report, kind: string): Array<[string, string]> {
  switch (kind) {
    case 'cluster': return report.clusters.map(({ clusterId, state }) => [clusterId, state]);
    case 'hsm': return report.clusters.flatMap(({ hsms }) => hsms.map(({ hsmId, state }): [string, string] => [hsmId, state]));
    case 'stack': return report.stacks.map(({ name, status }) => [name, status]);
    default: return report.keyStores.map(({ name, connectionState }) => [name, connectionState]);
  }
}
