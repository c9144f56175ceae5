import { refuse } from './refusals';
import type { Context } from '../../wire/operation';

export interface InstanceType {
  readonly architecture: string;
  readonly vcpus: number;
  readonly memoryMib: number;
  /** Interfaces, and addresses on each. */
  readonly interfaces: number;
  readonly addresses: number;
}

interface Family {
  readonly architecture: string;
  /** Size: vCPUs, GiB, interfaces, addresses on each. */
  readonly sizes: Readonly<Record<string, readonly [number, number, number, number]>>;
}

/** Every type the tables know, by name. */
export function instanceTypes(context: Context): Record<string, InstanceType> {
  const families = context.row<Readonly<Record<string, Family>>>('ec2/instance-types');
  return Object.fromEntries(Object.entries(families).flatMap(([family, { architecture, sizes }]) =>
    Object.entries(sizes).map(([size, [vcpus, gib, interfaces, addresses]]) =>
      [`${family}.${size}`, { architecture, vcpus, memoryMib: gib * 1024, interfaces, addresses }] as const)));
}

export function instanceType(context: Context, name: string): InstanceType {
  const type = instanceTypes(context)[name];
  if (!type) throw refuse(context, 'instance-type', name);
  return type;
}
