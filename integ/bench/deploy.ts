import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import { Stack } from 'aws-cdk-lib';
import * as sns from 'aws-cdk-lib/aws-sns';
import { median, rounded } from './figure';
import type { Figure } from './figure';
import { quickStart } from '../apps/quick-start';
import { deployDirectly } from '../cases/_harness/direct';
import type { DirectDeploy } from '../cases/_harness/direct';
import { Offline } from '../cases/_harness/offline';
import type { Build } from '../cases/_harness/offline';

const REPETITIONS = 3;

const topic: Build = (app) => new sns.Topic(new Stack(app, 'Topic'), 'Topic');

/** Host time from ExecuteChangeSet until the emulator is at rest, of the cluster's stack over a stack of one topic. */
export async function* deployFigures(): AsyncGenerator<Figure> {
  const turns: Turn[] = [];
  for (let turn = 0; turn < REPETITIONS; turn++) turns.push(await measure());
  const of = (name: keyof Turn) => median(turns.map((turn) => turn[name]));
  yield {
    figure: 'deploy',
    clusterMilliseconds: of('cluster'),
    topicMilliseconds: of('topic'),
    ratio: rounded(of('cluster') / of('topic'), 1),
    childStarts: of('childStarts'),
    functionStarts: of('functionStarts'),
    functionInvocations: of('functionInvocations'),
    millisecondsPerInvocation: rounded(of('cluster') / of('functionInvocations'), 1),
  };
}

/** Milliseconds of the host, and counts. */
interface Turn {
  readonly topic: number;
  readonly cluster: number;
  readonly childStarts: number;
  readonly functionStarts: number;
  readonly functionInvocations: number;
}

async function measure(): Promise<Turn> {
  const offline = await Offline.start({ region: 'eu-west-1' });
  try {
    const plain = await deployDirectly(offline, offline.synth(topic));
    const { result, childStarts } = await countingChildren(() => deployDirectly(offline, offline.synth(quickStart())));
    const begins = offline.report().timeline.filter(({ service, event }) => service === 'lambda' && event.startsWith('invocation begins'));
    return {
      topic: hostMilliseconds(plain),
      cluster: hostMilliseconds(result),
      childStarts,
      functionStarts: begins.filter(({ event }) => event.endsWith('cold')).length,
      functionInvocations: begins.length,
    };
  } finally {
    await offline.stop();
  }
}

/** Of the last stack; that the others succeeded is asked, too. */
function hostMilliseconds({ stacks }: DirectDeploy): number {
  const failed = stacks.find(({ status }) => status !== 'CREATE_COMPLETE');
  if (failed) throw new Error(`${failed.name} is ${failed.status}: ${failed.reason ?? ''}`);
  return stacks[stacks.length - 1].hostMilliseconds;
}

/** Processes that Node starts for functions and scripts; what a script starts by itself is not among them. */
async function countingChildren<T>(work: () => Promise<T>): Promise<{ result: T; childStarts: number }> {
  let childStarts = 0;
  const count = () => {
    childStarts += 1;
  };
  subscribe('child_process', count);
  try {
    const result = await work();
    return { result, childStarts };
  } finally {
    unsubscribe('child_process', count);
  }
}
