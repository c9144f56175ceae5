import { Duration } from 'aws-cdk-lib';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import * as sfn from 'aws-cdk-lib/aws-stepfunctions';
import * as tasks from 'aws-cdk-lib/aws-stepfunctions-tasks';
import type { Construct } from 'constructs';

/**
 * The machine that carries one request through.
 *
 *   Settle ─▶ Reconcile ─▶ Decide ─┬─▶ Act ──▶ Wait ─▶ Reconcile
 *                                  ├─▶ Wait ─▶ Reconcile
 *                                  └─▶ Respond
 *
 * Reconcile only reads and may be repeated. Act is never repeated: whatever becomes of it, the machine goes back to observing,
 * because no CloudHSM operation has an idempotency token. Every state catches into Respond, so that CloudFormation is answered.
 */
export function machineDefinition(scope: Construct, handler: lambda.IFunction): sfn.IChainable {
  const call = (id: string, action: string, outputs: boolean) => new tasks.LambdaInvoke(scope, id, {
    lambdaFunction: handler,
    payload: sfn.TaskInput.fromObject(payloadOf(action)),
    retryOnServiceExceptions: false,
    ...(outputs ? { outputPath: '$.Payload' } : {}),
  });
  const reconcile = call('Reconcile', 'reconcile', true);
  const act = call('Act', 'act', true);
  const respond = call('Respond', 'respond', false);
  const wait = new sfn.Wait(scope, 'Wait', { time: sfn.WaitTime.secondsPath('$.seconds') });
  const settle = new sfn.Wait(scope, 'Settle', { time: sfn.WaitTime.secondsPath('$.delay') });
  const observeAgain = new sfn.Pass(scope, 'ObserveAgain', { result: sfn.Result.fromNumber(OBSERVE_AGAIN_SECONDS), resultPath: '$.seconds' });

  // Lambda may have no room or trouble of its own for a while. Longer than this would go beyond what an execution leaves free before its deadline.
  reconcile.addRetry({ errors: LAMBDA_TROUBLE, interval: Duration.seconds(2), backoffRate: 2, maxDelay: Duration.seconds(15), maxAttempts: 8 });
  reconcile.addRetry({ errors: ['States.ALL'], interval: Duration.seconds(2), backoffRate: 2, maxAttempts: 4 });
  reconcile.addCatch(respond, { resultPath: '$.error' });
  act.addCatch(observeAgain.next(wait), { resultPath: '$.error' });
  respond.addRetry({ errors: ['States.ALL'], interval: Duration.seconds(2), backoffRate: 2, maxAttempts: 6 });
  wait.next(reconcile);

  return settle.next(reconcile).next(new sfn.Choice(scope, 'Decide')
    .when(sfn.Condition.stringEquals('$.next', 'ACT'), act.next(wait))
    .when(sfn.Condition.stringEquals('$.next', 'WAIT'), wait)
    .otherwise(respond));
}

/** What passes by itself, and says nothing of the function. */
const LAMBDA_TROUBLE = ['Lambda.TooManyRequestsException', 'Lambda.ServiceException', 'Lambda.AWSLambdaException', 'Lambda.SdkClientException'];

/** After an act of unknown outcome, the world is looked at again so soon. */
const OBSERVE_AGAIN_SECONDS = 5;

/** The whole execution, with the action in front, and the machine's own times: how long the execution has gone on is theirs to say. */
function payloadOf(action: string): Record<string, unknown> {
  return {
    action,
    execution: sfn.JsonPath.entirePayload,
    startedAt: sfn.JsonPath.stringAt('$$.Execution.StartTime'),
    enteredAt: sfn.JsonPath.stringAt('$$.State.EnteredTime'),
    retries: sfn.JsonPath.numberAt('$$.State.RetryCount'),
  };
}
