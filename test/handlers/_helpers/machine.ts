import { lostAnswer } from './aws';
import { newExecution, SECOND } from './request';
import type { World } from './world';
import { ATTEMPT_COUNTS_MS } from '../../../src/handlers/attempts';
import { act } from '../../../src/handlers/engine/act';
import type { Execution } from '../../../src/handlers/engine/execution';
import { claimantOf, releaseLease } from '../../../src/handlers/engine/lease';
import type { AnyLifecycle } from '../../../src/handlers/engine/lifecycle';
import { reconcile } from '../../../src/handlers/engine/reconcile';
import type { Request } from '../../../src/handlers/engine/request';

/** What goes wrong with the steps of an execution, in their order; then nothing does. */
export type StepFate = 'well' | 'repeated' | 'killed before' | 'killed after';

export interface RunOptions {
  readonly steps?: readonly StepFate[];
  /** The execution is stopped after this many milliseconds. */
  readonly stopAfter?: number;
  /** An act that is under way when the execution is stopped is carried out so many milliseconds later. */
  readonly actsOnFor?: number;
  readonly delay?: number;
}

export interface Run {
  readonly execution: Execution;
  readonly stopped: boolean;
  readonly rounds: number;
  readonly acts: number;
  /** The largest JSON that went from state to state. */
  readonly bytes: number;
}

/** What the machine needs of a world. */
export type RunnableWorld = Pick<World, 'now' | 'pass' | 'aws' | 'parameters'>;

/** Seconds that the stopped one's successor waits: as in `start`. */
export const FENCE_SECONDS = 60 + ATTEMPT_COUNTS_MS / SECOND;

/**
 * The state machine of `src/lifecycle/machine-definition.ts` over the real steps, in the time of a world.
 *
 * Between two steps everything goes through JSON, as it does there.
 */
export async function run(world: RunnableWorld, lifecycle: AnyLifecycle, request: Request, options: RunOptions = {}): Promise<Run> {
  const { steps = [], stopAfter = Infinity, actsOnFor = 0, delay = 0 } = options;
  const fates = [...steps];
  const began = world.now;
  const isOver = () => world.now - began >= stopAfter;
  let execution = newExecution(request, { startedAt: world.now });
  let rounds = 0;
  let acts = 0;
  let bytes = 0;
  const stop = (): Run => ({ execution, stopped: true, rounds, acts, bytes });
  const through = (state: Execution): Execution => {
    const json = JSON.stringify(state);
    bytes = Math.max(bytes, json.length);
    return JSON.parse(json) as Execution;
  };
  world.pass(delay);
  for (;;) {
    if (isOver()) return stop();
    rounds += 1;
    const fate = fates.shift() ?? 'well';
    world.pass(SECOND);
    if (fate === 'repeated') {
      await reconcile(world.aws, lifecycle, execution, world.now);
      world.pass(2 * SECOND);
    }
    execution = through(await reconcile(world.aws, lifecycle, execution, world.now));
    if (isOver()) return stop();
    if (execution.next === 'RESPOND') {
      const clusterId = lifecycle.clusterId(request);
      if (clusterId) await releaseLease(world.parameters, claimantOf(clusterId, execution));
      return { execution, stopped: false, rounds, acts, bytes };
    }
    if (execution.next === 'ACT') {
      acts += 1;
      world.pass(SECOND);
      if (isOver() && actsOnFor > 0) {
        world.pass(actsOnFor);
        await act(world.aws, lifecycle, execution, world.now - actsOnFor).catch(() => {});
        return stop();
      }
      execution = through(await actOnce(world, lifecycle, execution, fates.shift() ?? 'well'));
    }
    world.pass(execution.seconds * SECOND);
  }
}

async function actOnce(world: RunnableWorld, lifecycle: AnyLifecycle, execution: Execution, fate: StepFate): Promise<Execution> {
  try {
    if (fate === 'killed before') throw lostAnswer();
    const after = await act(world.aws, lifecycle, execution, world.now);
    if (fate === 'killed after') throw lostAnswer();
    return after;
  } catch (error) {
    const { name, message } = error as Error;
    // The machine's own state `ObserveAgain`.
    return { ...execution, error: { Error: name, Cause: JSON.stringify({ errorType: name, errorMessage: message }) }, seconds: 5 };
  }
}
