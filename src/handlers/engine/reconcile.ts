import type { Aws } from '../aws';
import type { Execution, Outcome } from './execution';
import { Failure, reasonOf } from './failure';
import { claimantOf, claimLease, isFarFromItsEnd } from './lease';
import type { Lifecycle } from './lifecycle';
import type { Memory } from './memory';
import { patient, waitingFor } from './patience';
import type { Step } from './step';
import { SOON } from './step';
import { isAccessDenied, isDenialName, PERMISSIONS_SETTLE_MS, refusalOf } from '../aws/errors';

/** Each execution stops acting so long before CloudFormation stops listening. */
const STOP_BEFORE_DEADLINE_MS = 2 * 60_000;

/** Observing, or an act, may fail for passing reasons so often in a row. What has a way back takes it after half a minute. */
const ATTEMPTS = 6;

/** A delete has no way back, nor has a clean-up. */
const LAST_ATTEMPTS = 20;

/**
 * One step: observe, plan, and say where the machine goes. Reads only, but for the lease.
 *
 * What the plan wants done goes out with its memory first and is carried out by the next state, so that an attempt is
 * written down before the call.
 */
export async function reconcile<O, A>(aws: Aws, lifecycle: Lifecycle<O, A>, execution: Execution, now: number): Promise<Execution> {
  const { request, startedAt } = execution;
  let state: Execution = {
    ...execution, error: undefined, waiting: undefined, acts: undefined, memoryBefore: undefined, isRepeatable: undefined,
    memory: memoryAfter(execution),
  };
  if (execution.error) state = { ...state, memory: { ...state.memory, actFailures: Number(state.memory.actFailures ?? 0) + 1 } };
  const refusal = lifecycle.refuse?.(request);
  if (refusal) return respond(state, failed(lifecycle, state, `${refusal.code}: ${refusal.message}`));
  if (now > request.deadline - STOP_BEFORE_DEADLINE_MS) return respond(state, failed(lifecycle, state, outOfTime(state)));

  const clusterId = lifecycle.clusterId(request);
  const claim = async () => claimLease(aws.parameters, claimantOf(clusterId!, execution), now);

  let step: Step<A>;
  try {
    throwIfNoActSucceeds(state, execution.error);
    throwIfTooLateForCleanUp(lifecycle, state, now);
    if (state.memory.lease && !isFarFromItsEnd(state.memory.lease, now)) state = { ...state, memory: { ...state.memory, lease: await claim() } };
    const observed = await lifecycle.observe(aws, request, state.memory, now);
    step = lifecycle.plan(request, observed, state.memory, now);
    if (step.kind === 'act' && lifecycle.needsLease && clusterId && !state.memory.lease) {
      log(request, step);
      const lease = await claim();
      // With or without the lease, the world is looked at again before anything is done.
      return { ...state, memory: { ...state.memory, observeAttempts: undefined, lease }, next: 'WAIT', seconds: lease ? 0 : SOON };
    }
  } catch (error) {
    if (!(error instanceof Failure)) {
      const attempts = Number(state.memory.observeAttempts ?? 0) + 1;
      const settling = isAccessDenied(error) && now - startedAt < PERMISSIONS_SETTLE_MS;
      console.log(JSON.stringify({ ...about(request), observe: reasonOf(error), attempts }));
      if (settling || attempts < attemptsFor(state)) {
        return { ...state, next: 'WAIT', seconds: SOON, memory: { ...state.memory, observeAttempts: attempts } };
      }
    }
    step = { kind: 'fail', ...(error instanceof Failure ? { code: error.code, message: error.message } : refusalOf(error)) };
  }
  if (step.kind === 'wait') {
    const waiting = waitingFor(step.because, execution.waiting, now);
    state = { ...state, waiting };
    step = { ...step, seconds: patient(step.seconds, waiting, now) };
  }
  log(request, step);
  const memory: Memory = { ...memoryOf(step, state.memory), observeAttempts: undefined };

  switch (step.kind) {
    case 'done':
      return respond({ ...state, memory }, settled(lifecycle, state, step));
    case 'fail':
      if (lifecycle.cleanUpMs && request.type !== 'Delete' && !memory.failure) {
        return { ...state, memory: { ...memory, actFailures: undefined, failure: { code: step.code, message: step.message } }, next: 'WAIT', seconds: 1 };
      }
      return respond({ ...state, memory }, failed(lifecycle, state, reasonFor(step, memory)));
    case 'wait':
      return { ...state, memory, next: 'WAIT', seconds: step.seconds };
    case 'act':
      return { ...state, memory, memoryBefore: state.memory, isRepeatable: step.isRepeatable, next: 'ACT', seconds: 0, acts: step.acts };
  }
}

/** What is known after the last state of the machine: of acts that failed it is not known whether they were done, unless they will be done again. */
function memoryAfter({ error, isRepeatable, memoryBefore, memory }: Execution): Memory {
  return error && isRepeatable && memoryBefore ? memoryBefore : memory;
}

function memoryOf<A>(step: Step<A>, memory: Memory): Memory {
  return ('memory' in step && step.memory) || memory;
}

/** A denial is final here: while a new role's policies settle, the act itself goes back to before. */
function throwIfNoActSucceeds(state: Execution, error: Execution['error']): void {
  if (!error || !(isDenialName(error.Error ?? '') || Number(state.memory.actFailures) >= attemptsFor(state))) return;
  throw new Failure(error.Error ?? 'Error', `${causeOf(error)}; see the function's log, then deploy again`);
}

function attemptsFor({ request, memory }: Execution): number {
  return request.type === 'Delete' || memory.failure ? LAST_ATTEMPTS : ATTEMPTS;
}

/** What Lambda says of an error that was thrown. */
function causeOf({ Cause = '' }: { readonly Cause?: string }): string {
  const said = /"errorMessage":("(?:[^"\\]|\\.)*")/.exec(Cause)?.[1];
  return refusalOf(new Error(said ? JSON.parse(said) as string : Cause || 'a step of the lifecycle machine failed')).message;
}

/** What was added is taken back within the time that is left. */
function throwIfTooLateForCleanUp<O, A>(lifecycle: Lifecycle<O, A>, { request, memory }: Execution, now: number): void {
  const needed = lifecycle.cleanUpMs?.(memory) ?? 0;
  if (needed === 0 || request.type === 'Delete' || memory.failure || now <= request.deadline - STOP_BEFORE_DEADLINE_MS - needed) return;
  throw new Failure('OutOfTime', `the ${request.type.toLowerCase()} was not finished in time; what it added is taken back: deploy again`);
}

/** The first failure is what the user has to deal with; a clean-up that failed as well comes after it. */
function reasonFor(step: { readonly code: string; readonly message: string }, { failure }: Memory): string {
  const own = `${step.code}: ${step.message}`;
  return failure && (failure.code !== step.code || failure.message !== step.message) ? `${failure.code}: ${failure.message}; then ${own}` : own;
}

function respond(state: Execution, outcome: Outcome): Execution {
  return { ...state, next: 'RESPOND', outcome };
}

function settled<O, A>(lifecycle: Lifecycle<O, A>, { request, memory }: Execution, { attributes, note }: Step<A> & { readonly kind: 'done' }): Outcome {
  if (memory.failure) return failed(lifecycle, { request, memory } as Execution, `${memory.failure.code}: ${memory.failure.message}`);
  return { status: 'SUCCESS', physicalId: lifecycle.physicalId(request), attributes, ...(note ? { note } : {}) };
}

function failed<O, A>(lifecycle: Lifecycle<O, A>, { request }: Execution, reason: string): Outcome {
  // A failed Update or Delete must keep the id that CloudFormation knows, or it takes the resource for replaced.
  return { status: 'FAILED', physicalId: request.type === 'Create' ? lifecycle.physicalId(request) : request.physicalId!, reason };
}

function outOfTime({ request, memory }: Execution): string {
  const { failure, remains } = memory;
  if (failure) {
    return `${failure.code}: ${failure.message}; the clean-up did not end in time, ${remains ? `first deal with what is left: ${remains}` : 'look for what is left in the CloudHSM console'}`;
  }
  if (remains) return `OutOfTime: the ${request.type.toLowerCase()} was not finished in time: ${remains}`;
  if (request.type === 'Update') {
    return 'OutOfTime: the change was not finished in time; what the service has begun goes on, deploy the same template again to finish it';
  }
  return `OutOfTime: the ${request.type.toLowerCase()} was not finished in time; see the function's log for what it waited for`;
}

function about({ type, logicalId, resourceType, requestId }: Execution['request']): Record<string, string> {
  return { type, logicalId, resourceType, requestId };
}

function log<A>(request: Execution['request'], step: Step<A>): void {
  const decision = step.kind === 'wait' || step.kind === 'act' ? { because: step.because } : step.kind === 'fail' ? { code: step.code } : step.note ? { note: step.note } : {};
  console.log(JSON.stringify({ ...about(request), decision: step.kind, ...decision, ...(step.kind === 'wait' ? { seconds: step.seconds } : {}) }));
}
