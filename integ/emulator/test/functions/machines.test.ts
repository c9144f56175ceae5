import { Stage } from './stage';
import { stepfunctions } from '../../src/services/stepfunctions/service';

test('a machine polls a real function until it is done, and goes on when one is lost', async () => {
  const stage = await Stage.open({ services: [stepfunctions] });
  await stage.create('poll', `let count = 0; exports.handler = async (event) => {
    if (event.fail) { class NotYet extends Error {} const error = new NotYet('not yet'); error.name = 'NotYet'; throw error; }
    await new Promise((resolve) => setTimeout(resolve, 2_000));
    return { done: ++count >= 3, count };
  };`);
  stage.kernel.faults.add({ service: 'lambda', operation: 'invoke', kind: 'kill', nth: 2 });
  const definition = {
    StartAt: 'Poll',
    States: {
      Poll: {
        Type: 'Task', Resource: 'arn:aws:states:::lambda:invoke', Next: 'Done', ResultSelector: { 'done.$': '$.Payload.done', 'count.$': '$.Payload.count' },
        Parameters: { FunctionName: 'arn:aws:lambda:us-east-1:123456789012:function:poll', Payload: {} },
        Retry: [{ ErrorEquals: ['Runtime.ExitError'], IntervalSeconds: 5, MaxAttempts: 2 }],
      },
      Done: { Type: 'Choice', Choices: [{ Variable: '$.done', BooleanEquals: true, Next: 'End' }], Default: 'Wait' },
      Wait: { Type: 'Wait', Seconds: 300, Next: 'Poll' },
      End: {
        Type: 'Task', Resource: 'arn:aws:lambda:us-east-1:123456789012:function:poll', Parameters: { fail: true }, End: true,
        Catch: [{ ErrorEquals: ['NotYet'], Next: 'Caught' }],
      },
      Caught: { Type: 'Succeed' },
    },
  };
  const { stateMachineArn } = stage.call<{ stateMachineArn: string }>('stepfunctions', 'CreateStateMachine', {
    name: 'm', roleArn: 'arn:aws:iam::123456789012:role/r', definition: JSON.stringify(definition),
  });
  const from = stage.kernel.now;

  const { executionArn } = stage.call<{ executionArn: string }>('stepfunctions', 'StartExecution', { stateMachineArn });
  await stage.idle();

  const described = stage.call<{ status: string; output: string }>('stepfunctions', 'DescribeExecution', { executionArn });
  await stage.close();
  expect(described.status).toBe('SUCCEEDED');
  expect(JSON.parse(described.output)).toMatchObject({ Error: 'NotYet', Cause: expect.stringContaining('"errorMessage":"not yet"') as string });
  // Three polls of a new environment after the one that was killed, five minutes between them.
  expect(stage.kernel.now - from).toBeGreaterThan(900_000);
});
