import { neededFor } from './path';
import type { Path, View } from './path';
import type { Kernel } from '../../../kernel';
import type { Context } from '../../../wire/operation';
import {
  addresses, endpoints, interfaces, internetGateways, natGateways, networkAcls, peerings, prefixLists, routeTables, securityGroupRules, subnets, vpcs,
} from '../state';

export interface Found {
  readonly path: Path;
  readonly needed: readonly string[];
}

interface Memory {
  readonly tables: ReadonlyArray<{ version(): number }>;
  version: number;
  found: Map<string, Found>;
}

const memories = new WeakMap<Kernel, Map<string, Memory>>();

const READ = [
  addresses, endpoints, interfaces, internetGateways, natGateways, networkAcls, peerings, prefixLists, routeTables, securityGroupRules, subnets, vpcs,
] as const;

/** A way that was found before holds until one of the records that ways are made of is written. */
export function remembered(context: Context, key: string, find: (view: View) => Path): Found {
  const { found } = memoryOf(context);
  const known = found.get(key) ?? neededFor(context, find);
  found.set(key, known);
  return known;
}

function memoryOf(context: Context): Memory {
  const places = memories.get(context.kernel) ?? new Map<string, Memory>();
  memories.set(context.kernel, places);
  const place = `${context.account}/${context.region}`;
  const memory = places.get(place) ?? { tables: READ.map((table) => table(context)), version: -1, found: new Map<string, Found>() };
  places.set(place, memory);
  const version = memory.tables.reduce((sum, table) => sum + table.version(), 0);
  if (memory.version !== version) Object.assign(memory, { version, found: new Map<string, Found>() });
  return memory;
}
