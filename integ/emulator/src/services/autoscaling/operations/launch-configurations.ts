import type { Context, Output } from '../../../wire/operation';
import { refuse } from '../refusals';

/** Accounts opened since 2023 have none and can make none. */
export function createLaunchConfiguration(context: Context): Output {
  throw refuse(context, 'launch-configurations-closed');
}

export function describeLaunchConfigurations(): Output {
  return { LaunchConfigurations: [] };
}

export function describeAccountLimits(context: Context): Output {
  return {
    MaxNumberOfAutoScalingGroups: context.row<number>('groups-per-region'),
    MaxNumberOfLaunchConfigurations: 0,
    NumberOfAutoScalingGroups: context.table('autoscaling/groups').size(),
    NumberOfLaunchConfigurations: 0,
  };
}
