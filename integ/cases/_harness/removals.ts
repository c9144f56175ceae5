import { CustomKeyStore } from 'cdk-cloudhsm';
import { deployDirectly } from './direct';
import { failures } from './key-stores';
import type { Build, Offline } from './offline';
import { without } from './without';
import type { Permissions } from './without';
import { quickStart } from '../../apps/quick-start';
import type { Report } from 'cloudhsm-emulator';

/** What is asked of the quick start while a permission is missing. */
export const STEPS = {
  'an HSM more': quickStart({ hsmCount: 3 }),
  'an HSM less': quickStart({ hsmCount: 1 }),
  'one more user': quickStart({ users: ['app', 'late'] }),
  'a key store': quickStart({ and: (stack, cluster) => new CustomKeyStore(stack, 'Store', { cluster, customKeyStoreName: 'orders' }) }),
} satisfies Record<string, Build>;

export type Step = keyof typeof STEPS;

/** What came of a deploy that was short of permissions. */
export interface Removed {
  /** Of the stack. */
  readonly status: string;
  /** What its events say. */
  readonly why: string;
  /** Calls that were refused for want of the permissions. */
  readonly refusals: Report['denied'];
}

/**
 * Deploys a step on top of the quick start, from which permissions were taken away before: in a deploy of their own, because what they allowed goes on being
 * allowed for a while.
 */
export async function deployWithout(offline: Offline, step: Build, permissions: Permissions): Promise<Removed> {
  await deployDirectly(offline, offline.synth(without(quickStart(), [permissions])));
  const { stacks } = await deployDirectly(offline, offline.synth(without(step, [permissions])));
  const { status } = stacks.find(({ name }) => name === 'Hsm')!;
  const refusals = offline.report().denied.filter(({ principal, action = '' }) => principal.includes(`-${permissions.role}`) && permissions.actions.includes(action));
  return { status, why: await failures(offline, 'Hsm'), refusals };
}
