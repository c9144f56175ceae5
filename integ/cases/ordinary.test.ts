import { CloudFormationClient, DescribeStacksCommand } from '@aws-sdk/client-cloudformation';
import { GetFunctionConfigurationCommand, InvokeCommand, LambdaClient } from '@aws-sdk/client-lambda';
import { DescribeExecutionCommand, SFNClient, StartExecutionCommand } from '@aws-sdk/client-sfn';
import { GetParameterCommand, SSMClient } from '@aws-sdk/client-ssm';
import { Stack } from 'aws-cdk-lib';
import type { App } from 'aws-cdk-lib';
import * as sns from 'aws-cdk-lib/aws-sns';
import * as ssm from 'aws-cdk-lib/aws-ssm';
import { Offline } from './_harness/offline';
import { ORDINARY, ordinary } from '../apps/ordinary/stacks';

let offline: Offline;

beforeEach(async () => {
  offline = await Offline.start({ region: 'us-east-1' });
});
afterEach(() => offline.stop());

async function output(stackName: string, name: string): Promise<string> {
  const { Stacks = [] } = await new CloudFormationClient(offline.client).send(new DescribeStacksCommand({ StackName: stackName }));
  return Stacks[0].Outputs!.find(({ OutputKey }) => OutputKey === name)!.OutputValue!;
}

const statuses = () => Object.fromEntries(offline.report().stacks.filter(({ name }) => name in ORDINARY).map(({ name, status }) => [name, status]));

const all = (status: string) => Object.fromEntries(Object.keys(ORDINARY).map((name) => [name, status]));

test('stacks of ordinary constructs deploy, do what they are for, update and go', async () => {
  const [lambda, machines, parameters] = [new LambdaClient(offline.client), new SFNClient(offline.client), new SSMClient(offline.client)];

  await offline.mustDeploy(ordinary({ number: 1 }), '--concurrency', '4');
  expect(statuses()).toEqual(all('CREATE_COMPLETE'));
  expect(await output('DocumentsAndParameters', 'ImageId')).toMatch(/^ami-[0-9a-f]{17}$/);
  expect(await output('ProviderFramework', 'Said')).toBe('Create 1');

  await offline.mustDeploy(ordinary({ number: 2 }), '--concurrency', '4');
  expect(statuses()).toEqual(all('UPDATE_COMPLETE'));
  expect(await output('ProviderFramework', 'Said')).toBe('Update 2');
  const { Payload } = await lambda.send(new InvokeCommand({ FunctionName: await output('FunctionAlias', 'AliasArn') }));
  expect(JSON.parse(Buffer.from(Payload!).toString())).toEqual({ release: 2 });
  const { Parameter } = await parameters.send(new GetParameterCommand({ Name: await output('DocumentsAndParameters', 'ParameterName') }));
  expect(Parameter!.Value).toBe('release 2');
  const { executionArn } = await machines.send(new StartExecutionCommand({ stateMachineArn: await output('Workflow', 'MachineArn'), input: '{"n":0}' }));
  await offline.emulator.idle();
  const execution = await machines.send(new DescribeExecutionCommand({ executionArn }));
  expect([execution.status, execution.output]).toEqual(['SUCCEEDED', '{"n":3}']);

  const { exitCode } = await offline.destroy(ordinary({ number: 2 }));
  expect(exitCode).toBe(0);
  expect(statuses()).toEqual({});
  // What is deployed and not emulated is said.
  expect(offline.report().notBuilt).toEqual([
    'AWS::Lambda::EventSourceMapping: [emulator] lambda CreateEventSourceMapping is not built yet', 'AWS::Lambda::EventSourceMapping: recorded only',
  ]);
});

test('a function is swapped without an update of its stack', async () => {
  const lambda = new LambdaClient(offline.client);
  await offline.mustDeploy(ordinary({ number: 1 }, ['AssetFunction']));

  const { exitCode, output: said } = await offline.deploy(ordinary({ number: 2 }, ['AssetFunction']), '--hotswap');

  expect([exitCode, said]).toEqual([0, expect.stringMatching(/hotswapped/)]);
  expect((await lambda.send(new GetFunctionConfigurationCommand({ FunctionName: 'asset-function' }))).Environment!.Variables).toEqual({ RELEASE: '2' });
  expect(statuses().AssetFunction).toBe('CREATE_COMPLETE');
});

test('a deploy that failed and was left so is rolled back by its own command', async () => {
  const app = (broken: boolean) => (it: App) => {
    const stack = new Stack(it, 'Later');
    const topic = new sns.Topic(stack, 'Topic', { displayName: broken ? 'after' : 'before' });
    if (broken) {
      const bad = new ssm.CfnParameter(stack, 'Bad', { type: 'String', value: 'no number', allowedPattern: '^\\d+$' });
      bad.node.addDependency(topic);
    }
  };
  await offline.mustDeploy(app(false));

  const failed = await offline.deploy(app(true), '--no-rollback');
  const left = offline.report().stacks[0].status;
  const rolledBack = await offline.cdk(app(true), ['rollback', 'Later']);

  expect([failed.exitCode, left]).toEqual([1, 'UPDATE_FAILED']);
  expect([rolledBack.exitCode, offline.report().stacks[0].status]).toEqual([0, 'UPDATE_ROLLBACK_COMPLETE']);
});
