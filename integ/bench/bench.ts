/**
 * Figures as JSON lines, ratios of things measured in one run: absolute times of a machine that others share say little.
 *
 * Run: npm run bench [-- --seeds 25]
 */
import { execFileSync } from 'node:child_process';
import { readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { App, CfnResource, Stack } from 'aws-cdk-lib';
import * as sns from 'aws-cdk-lib/aws-sns';
import { idle, sleepers } from './waiting';
import { quickStart } from '../apps/quick-start';
import { deployDirectly } from '../cases/_harness/direct';
import { Offline } from '../cases/_harness/offline';
import type { Build } from '../cases/_harness/offline';

process.env.CDK_VALIDATION ??= 'false';

const BUNDLE = join(__dirname, '..', '..', 'assets', 'handlers', 'lifecycle', 'index.js');
const FLEETS = [2, 3, 6, 28];

function say(figure: string, values: object): void {
  console.log(JSON.stringify({ figure, ...values }));
}

function median(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)];
}

function round(value: number): number {
  return Math.round(value * 1000) / 1000;
}

/** Synth of the quick start over synth of the same resources as L1s. */
function synth(): void {
  const assembly = new App({ analyticsReporting: false });
  quickStart()(assembly);
  const templates = assembly.synth().stacks.map((stack) => stack.template as { Resources: Record<string, { Type: string; Properties?: object }> });
  const asL1: Build = (app) => templates.forEach(({ Resources }, index) => {
    const stack = new Stack(app, `L1${index}`);
    Object.entries(Resources).forEach(([id, { Type, Properties }]) => new CfnResource(stack, id, { type: Type, properties: Properties }));
  });
  const once = (build: Build) => {
    const startedAt = performance.now();
    const app = new App({ analyticsReporting: false });
    build(app);
    app.synth();
    return performance.now() - startedAt;
  };
  const pairs = Array.from({ length: 15 }, () => [once(quickStart()), once(asL1)]);
  const [ours, plain] = [0, 1].map((index) => median(pairs.map((pair) => pair[index])));
  say('synth', { milliseconds: round(ours), l1Milliseconds: round(plain), ratio: round(ours / plain), goal: 1.1 });
}

/** Size of the function's code, and how long it takes to load over an empty module. */
function bundle(): void {
  const load = (file: string) => Number(execFileSync(process.execPath, ['-e',
    `const t=process.hrtime.bigint();require(${JSON.stringify(file)});process.stdout.write(String(Number(process.hrtime.bigint()-t)/1e6))`]));
  const requireMilliseconds = median(Array.from({ length: 9 }, () => load(BUNDLE)));
  const baseline = median(Array.from({ length: 9 }, () => load('https')));
  say('bundle', {
    bytes: statSync(BUNDLE).size, goalBytes: 1_300_000, requireMilliseconds: round(requireMilliseconds), goalMilliseconds: 200,
    ratioToHttps: round(requireMilliseconds / baseline),
  });
}

/** Host time from ExecuteChangeSet to the terminal state, over that of a stack of one topic; then what waiting costs beside the cluster. */
async function deployTime(): Promise<void> {
  const offline = await Offline.start({ region: 'eu-west-1' });
  try {
    const topic = await deployDirectly(offline, offline.synth((app) => new sns.Topic(new Stack(app, 'Topic'), 'Topic')));
    const { stacks } = await deployDirectly(offline, offline.synth(quickStart()));
    const invocations = offline.report().timeline.filter(({ service, event }) => service === 'lambda' && /start/i.test(event)).length;
    const cluster = stacks[stacks.length - 1];
    say('deploy', {
      status: cluster.status, hostMilliseconds: cluster.hostMilliseconds, topicMilliseconds: topic.stacks[0].hostMilliseconds,
      ratio: round(cluster.hostMilliseconds / Math.max(1, topic.stacks[0].hostMilliseconds)), childStarts: invocations,
    });
    say('ten-minutes', { ...await sleepers(offline), goalHostMilliseconds: 1000 });
    const { cpuShare, ...watched } = await idle(offline);
    say('idle', { ...watched, cpuShare: Math.round(cpuShare * 1e5) / 1e5, goalCpuShare: 0.01 });
  } finally {
    await offline.stop();
  }
}

/** Overhead over the service's own times, for several fleets and many seeds. */
async function criticalPath(seeds: number): Promise<void> {
  for (const hsmCount of FLEETS) {
    const overheads: number[] = [];
    for (let seed = 1; seed <= seeds; seed++) {
      const offline = await Offline.start({ region: 'eu-west-1', seed, quotas: { hsms: 28 } });
      try {
        const { stacks } = await deployDirectly(offline, offline.synth(quickStart({ hsmCount })));
        const failed = stacks.find(({ status }) => status !== 'CREATE_COMPLETE');
        if (failed) throw new Error(`seed ${seed}, ${hsmCount} HSMs: ${failed.name} is ${failed.status}: ${failed.reason ?? ''}`);
        overheads.push(offline.report().criticalPath.overhead);
      } finally {
        await offline.stop();
      }
    }
    say('critical-path', { hsmCount, seeds, medianOverFloor: round(1 + median(overheads)), worstOverFloor: round(1 + Math.max(...overheads)), goals: [1.03, 1.05] });
  }
}

async function main(args: readonly string[]): Promise<void> {
  const seeds = Number(args[args.indexOf('--seeds') + 1] || 25);
  say('machine', { node: process.version, library: (JSON.parse(readFileSync(join(__dirname, '..', '..', 'package.json'), 'utf8')) as { version: string }).version });
  synth();
  bundle();
  await deployTime();
  await criticalPath(args.includes('--seeds') ? seeds : 25);
}

void main(process.argv.slice(2));
