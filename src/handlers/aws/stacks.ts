import { CloudFormationClient, DescribeStacksCommand } from '@aws-sdk/client-cloudformation';
import { SETTINGS } from './client-settings';

/** The stacks that requests come from. */
export interface StackApi {
  /** Such as `ROLLBACK_IN_PROGRESS`. */
  status(stackId: string): Promise<string>;
}

export function stackApi(): StackApi {
  const client = new CloudFormationClient(SETTINGS);
  return {
    status: async (stackId) => {
      const { Stacks: [stack] = [] } = await client.send(new DescribeStacksCommand({ StackName: stackId }));
      if (!stack) throw new Error(`CloudFormation does not show stack ${stackId}`);
      return stack.StackStatus!;
    },
  };
}
