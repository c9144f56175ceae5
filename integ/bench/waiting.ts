import { InvokeCommand, LambdaClient } from '@aws-sdk/client-lambda';
import { Duration, Stack } from 'aws-cdk-lib';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import { rounded } from './figure';
import type { Figure } from './figure';
import { quickStart } from '../apps/quick-start';
import { onAdminClient } from '../cases/_harness/admin-client';
import { deployDirectly } from '../cases/_harness/direct';
import { Offline } from '../cases/_harness/offline';

/** Host seconds for which an idle emulator is watched. */
const WATCHED_SECONDS = 30;

/** Before that, so long for what V8 still cleans up after the work: it is not what idling costs. */
const SETTLE_SECONDS = 10;

const POLLING = `exports.handler = async () => {
  const startedAt = Date.now();
  while (Date.now() - startedAt < 600000) await new Promise((resolve) => setTimeout(resolve, 5000));
  return Date.now() - startedAt;
};`;

/** What waiting costs the host: ten minutes in a handler and in a script, and an emulator that owes nothing, beside a cluster. */
export async function* waitingFigures(): AsyncGenerator<Figure> {
  const offline = await Offline.start({ region: 'eu-west-1' });
  try {
    await deployDirectly(offline, offline.synth(quickStart()));
    yield { figure: 'ten-minutes', ...await sleepers(offline), goalHostMilliseconds: 1_000 };
    const { cpuShare, ...watched } = await idle(offline);
    yield { figure: 'idle', ...watched, cpuShare: rounded(cpuShare, 5), goalCpuShare: 0.01 };
  } finally {
    await offline.stop();
  }
}

interface Slept {
  readonly hostMilliseconds: number;
  readonly emulatedSeconds: number;
}

/** Ten minutes of emulated time in a handler that polls and in a script that sleeps, by the host's clock. Each runs once before: starts are not what is measured. */
async function sleepers(offline: Offline): Promise<{ handler: Slept; script: Slept }> {
  await deployDirectly(offline, offline.synth((app) => new lambda.Function(new Stack(app, 'Polling'), 'Function', {
    functionName: 'polling', runtime: lambda.Runtime.NODEJS_22_X, handler: 'index.handler', code: lambda.Code.fromInline(POLLING), timeout: Duration.minutes(15),
  })));
  const client = new LambdaClient(offline.client);
  const handler = async (): Promise<unknown> => client.send(new InvokeCommand({ FunctionName: 'polling' }));
  const script = async (): Promise<unknown> => onAdminClient(offline, 'sleep 600');
  await handler();
  return { handler: await timed(offline, handler), script: await timed(offline, script) };
}

async function timed({ emulator }: Offline, work: () => Promise<unknown>): Promise<Slept> {
  const before = { host: performance.now(), emulated: emulator.kernel.now };
  await work();
  return { hostMilliseconds: Math.round(performance.now() - before.host), emulatedSeconds: (emulator.kernel.now - before.emulated) / 1000 };
}

/** What an emulator costs that owes nothing: the share of a core, and whether anything has moved. */
async function idle({ emulator: { kernel } }: Offline): Promise<{ watchedSeconds: number; cpuShare: number; unchanged: boolean }> {
  const wait = async (seconds: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, seconds * 1000));
  await wait(SETTLE_SECONDS);
  const startedAt = performance.now();
  const used = process.cpuUsage();
  await wait(WATCHED_SECONDS);
  const { user, system } = process.cpuUsage(used);
  const watchedSeconds = (performance.now() - startedAt) / 1000;
  // Not meanwhile: to write all of it down costs more than to idle.
  const state = (): string => JSON.stringify([kernel.now, kernel.store.dump()]);
  const before = state();
  await wait(SETTLE_SECONDS);
  return { watchedSeconds: Math.round(watchedSeconds), cpuShare: (user + system) / 1e6 / watchedSeconds, unchanged: state() === before };
}
