import type { RotationAws } from './aws';
import { LEAVE_BEFORE_END_MS } from './clock';
import type { Clock } from './clock';
import { LeftRunning } from './under-lease';
import type { HeldLease } from './under-lease';
import type { RotationSettings } from '../../lifecycle/rotation-contract';
import { isAccessDenied, isRefusal } from '../aws/errors';
import { actOnCommand, observeCommand } from '../client-command/command';
import { planCommand } from '../client-command/plan';
import type { ClientCommand, CommandAct, CommandMemory } from '../client-command/plan';
import { Failure, reasonOf } from '../engine/failure';

/** Runs a script on the admin client to its end. What it prints holds no secret, and is not needed: it has ended well, or this throws. */
export async function runScript(
  aws: RotationAws, { ClusterId, AdminClientGroupName }: RotationSettings, command: ClientCommand, token: string, clock: Clock, lease?: HeldLease,
): Promise<void> {
  let memory: CommandMemory = {};
  for (;;) {
    const observed = await observeCommand(aws, ClusterId, AdminClientGroupName, memory);
    const next = planCommand(command, { requestId: token }, observed, memory, clock.now());
    if (next.kind === 'finished') return;
    const { step } = next;
    switch (step.kind) {
      case 'fail':
        throw new Failure(step.code, step.message);
      case 'act':
        if (lease && !await lease.isHeld()) throw new Failure('LeaseLost', `another change of cluster ${ClusterId} has begun; rotate again when it is over`);
        memory = await actOnce(aws, ClusterId, step.acts[0], step.memory);
        break;
      case 'wait':
        memory = step.memory ?? memory;
        if (clock.end - clock.now() < LEAVE_BEFORE_END_MS + step.seconds * 1000) throw outOfTime(memory, step.because);
        await clock.sleep(step.seconds);
        await lease?.renew();
        break;
      case 'done':
        return;
    }
  }
}

/** A command whose answer was lost is looked for. */
async function actOnce(aws: RotationAws, clusterId: string, act: CommandAct, memory: CommandMemory): Promise<CommandMemory> {
  try {
    return await actOnCommand(aws, clusterId, act, memory);
  } catch (error) {
    if (isRefusal(error) || isAccessDenied(error)) throw error;
    console.log(JSON.stringify({ act: reasonOf(error) }));
    return memory;
  }
}

function outOfTime({ command }: CommandMemory, because: string): Failure {
  const text = `the rotation was not finished in time: ${because}; it is tried again in its window, or rotate again`;
  return command ? new LeftRunning('OutOfTime', text) : new Failure('OutOfTime', text);
}
