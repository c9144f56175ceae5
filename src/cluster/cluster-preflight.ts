import { Annotations, Stack } from 'aws-cdk-lib';
import type { CfnResource } from 'aws-cdk-lib';
import type { IConstruct, IDependable } from 'constructs';

/** Set on the command line of `cdk import`, and nowhere else. */
const IMPORT_CONTEXT = 'cdk-cloudhsm:import';

/**
 * Lets a cluster wait for its pre-flight, so that nothing is made, and nothing replaced, that it refuses.
 *
 * Not while the cluster is imported: the CLI then sends CloudFormation what is deployed and the resources to import, as they are in the template.
 * A dependency on a custom resource that is not deployed is an error in there, and a custom resource cannot be imported. The deploy that follows has it.
 */
export function afterPreflight(scope: IConstruct, cluster: CfnResource, preflight: IDependable): void {
  const importing = scope.node.tryGetContext(IMPORT_CONTEXT) as unknown;
  if (importing === undefined || String(importing) === 'false') {
    cluster.node.addDependency(preflight);
    return;
  }
  const stack = Stack.of(scope);
  const logicalId = stack.resolve(cluster.logicalId) as string;
  Annotations.of(scope).addWarningV2('cdk-cloudhsm:import', `context ${IMPORT_CONTEXT} is set: the cluster does not wait for its pre-flight, so use it for cdk import only. `
    + `The resource to import is ${logicalId}, by its Arn: --resource-mapping-inline '{"${logicalId}":{"Arn":"arn:aws:cloudhsm:<region>:<account>:cluster/<cluster id>"}}'`);
}
