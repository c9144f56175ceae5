import { Fn, Lazy, Stack } from 'aws-cdk-lib';
import type { CustomResource, IResolveContext } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import { ValidationError } from '../private/errors';

/** Addresses and interfaces of a fleet: paired, and usable only in the stack of the cluster. */
export class FleetAddresses {
  /** Of a fleet. */
  public static of(scope: Construct, fleet: CustomResource): FleetAddresses {
    return new FleetAddresses(localList(scope, fleet, 'HsmAddresses'), localList(scope, fleet, 'NetworkInterfaceIds'));
  }

  /** Of a cluster that is not activated. */
  public static none(): FleetAddresses {
    return new FleetAddresses([], []);
  }

  private constructor(public readonly hsmAddresses: string[], public readonly networkInterfaceIds: string[]) {}
}

/** An export that is in use cannot change: scaling the cluster would be blocked for ever. */
function localList(scope: Construct, fleet: CustomResource, attribute: string): string[] {
  return Lazy.uncachedList({
    produce: (context: IResolveContext) => {
      if (Stack.of(context.scope) !== Stack.of(scope)) {
        throw new ValidationError({
          code: 'AddressesAcrossStacks',
          text: `${attribute} of a cluster change when it is scaled and cannot be used in another stack (${context.scope.node.path}); look them up at run time by the `
            + 'cluster\'s id, as `configure-cli --cluster-id` does',
        }, scope);
      }
      return Fn.split(',', fleet.getAttString(attribute));
    },
  });
}
