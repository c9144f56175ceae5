import { CfnWaitCondition, CfnWaitConditionHandle } from 'aws-cdk-lib';
import type { Stack } from 'aws-cdk-lib';
import type { IDependable } from 'constructs';

/** A resource beside the cluster that fails after some time, counted from the start or from when others are made: a condition that nobody signals. */
export function failingSibling(seconds: number, ...after: IDependable[]): (stack: Stack) => void {
  return (stack) => {
    const handle = new CfnWaitConditionHandle(stack, 'SiblingHandle');
    new CfnWaitCondition(stack, 'Sibling', { handle: handle.ref, timeout: String(seconds), count: 1 }).node.addDependency(...after);
  };
}
