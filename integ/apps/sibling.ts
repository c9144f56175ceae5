import { CfnWaitCondition, CfnWaitConditionHandle } from 'aws-cdk-lib';
import type { Stack } from 'aws-cdk-lib';

/** A resource beside the cluster that fails after some time: a condition that nobody signals. */
export function failingSibling(seconds: number): (stack: Stack) => void {
  return (stack) => {
    const handle = new CfnWaitConditionHandle(stack, 'SiblingHandle');
    new CfnWaitCondition(stack, 'Sibling', { handle: handle.ref, timeout: String(seconds), count: 1 });
  };
}
