import { clusterParameterName } from '../lifecycle/resource-contract';
import type { PARAMETER_NAMES } from '../lifecycle/resource-contract';
import type { ParameterApi } from './aws/parameters';

type RecordName = typeof PARAMETER_NAMES[keyof typeof PARAMETER_NAMES];

/** What is written down of a cluster, by one call: in the order of the names, `undefined` where there is nothing. */
export async function recordsOf(parameters: ParameterApi, clusterId: string, ...names: readonly RecordName[]): Promise<Array<string | undefined>> {
  const full = names.map((name) => clusterParameterName(clusterId, name));
  const found = await parameters.all(full);
  return full.map((name) => found.get(name));
}
