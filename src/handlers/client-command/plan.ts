import { lastJsonLine, refusedVersionsIn, scriptError } from './output';
import type { AdminClientState, CommandResult } from '../aws/commands';
import type { Memory } from '../engine/memory';
import type { Request } from '../engine/request';
import { LATER, SOON } from '../engine/step';
import type { Step } from '../engine/step';

/** A script to be run once on the admin client. */
export interface ClientCommand {
  /** Distinguishes the commands of one request. */
  readonly name: string;
  readonly documentName: string;
  readonly parameters: Readonly<Record<string, string>>;
}

export interface ObservedCommand {
  readonly groupName: string;
  readonly client: AdminClientState;
  /** The command that was sent, if it is known to the service. */
  readonly commandId?: string;
  readonly result?: CommandResult;
  /** Versions of secrets whose login the HSM has refused before: five refusals lock a user, so none is tried twice. */
  readonly refusedVersions: readonly string[];
}

export interface CommandMemory extends Memory {
  readonly clientAwaitedSince?: number;
  readonly command?: {
    readonly name: string;
    /** Goes out as the command's comment, so that a command whose answer was lost is found again. */
    readonly token: string;
    readonly instanceId: string;
    readonly at: number;
    readonly attempt: number;
    readonly commandId?: string;
    readonly refused?: { readonly code: string; readonly message: string };
    /** When it was seen to have failed for a reason that may pass. */
    readonly failedAt?: number;
  };
}

export interface SendCommandAct {
  readonly kind: 'send-command';
  readonly command: ClientCommand;
  readonly instanceId: string;
  readonly token: string;
}

/** Remembers beyond this request that a secret's version does not log in. */
export interface RecordRefusalAct {
  readonly kind: 'record-refusal';
  readonly versions: readonly string[];
}

export type CommandAct = SendCommandAct | RecordRefusalAct;

type CommandRequest = Pick<Request, 'requestId'> & Partial<Pick<Request, 'type'>>;

export type CommandStep =
  | { readonly kind: 'finished'; readonly output: Readonly<Record<string, unknown>>; readonly memory: CommandMemory }
  | { readonly kind: 'unfinished'; readonly step: Step<CommandAct> };

/** The agent's first contact takes a few minutes after the instance starts; the client is made in parallel with the cluster. */
const CLIENT_LIMIT_MS = 12 * 60_000;

/** The list of commands shows a new one within seconds; one that is not there by then was not accepted. */
const FIND_LIMIT_MS = 60_000;

/** A script takes a minute or two; it has limits of its own. */
export const COMMAND_TIMEOUT_SECONDS = 600;
const COMMAND_LIMIT_MS = (COMMAND_TIMEOUT_SECONDS + 300) * 1000;

/** A script is over within half a minute as a rule. */
const SCRIPT_SECONDS = 2;

/** So often a script is sent. What has a way back takes it after some minutes; a delete has none. */
const SEND_ATTEMPTS = { Create: 3, Update: 3, Delete: 12 };

/**
 * Failures of a script that could not look something up, whatever the AWS CLI repeated by itself: a service that throttles or has an error of its own,
 * permissions that are not obeyed yet. Every script may be run again after them.
 */
const PASSING_FAILURES: readonly string[] = ['ClusterUnreadable', 'SecretUnreadable', 'TrustAnchorUnreadable'];

/** Until a script that failed so is sent again: longer each time, up to a minute. */
const RESEND_MS = 20_000;
const LONGEST_RESEND_MS = 60_000;

const REMEMBERED_REFUSALS = 20;

/** Which part of a command comes next, until it has ended well. What nobody deletes is like an update. */
export function planCommand(
  command: ClientCommand, request: CommandRequest, observed: ObservedCommand, memory: CommandMemory, now: number,
): CommandStep {
  const unfinished = (step: Step<CommandAct>): CommandStep => ({ kind: 'unfinished', step });
  const attempts = SEND_ATTEMPTS[request.type ?? 'Update'];
  const sent = memory.command?.name === command.name ? memory.command : undefined;
  if (!sent) return unfinished(send(command, request, observed, memory, now, 1));
  if (sent.refused) return unfinished({ kind: 'fail', code: 'CommandRefused', message: `Run Command refused the script: ${sent.refused.message} (${sent.refused.code})` });
  if (!observed.commandId) {
    if (now - sent.at < FIND_LIMIT_MS) return unfinished({ kind: 'wait', seconds: SOON, because: 'looking for the command that was sent', memory });
    if (sent.attempt >= attempts) {
      return unfinished({ kind: 'fail', code: 'CommandLost', message: `the script was sent ${attempts} times and never arrived; deploy again` });
    }
    return unfinished(send(command, request, observed, memory, now, sent.attempt + 1));
  }
  const known: CommandMemory = { ...memory, command: { ...sent, commandId: observed.commandId } };
  const next = follow(observed, known, now);
  if (!isPassing(next) || sent.attempt >= attempts) return next;
  const failedAt = sent.failedAt ?? now;
  if (now - failedAt >= Math.min(RESEND_MS * sent.attempt, LONGEST_RESEND_MS)) {
    return unfinished(send(command, request, observed, memory, now, sent.attempt + 1));
  }
  return unfinished({
    kind: 'wait', seconds: SOON, because: `script ${command.name} could not look something up and is sent again`, memory: { ...known, command: { ...known.command!, failedAt } },
  });
}

function isPassing(next: CommandStep): boolean {
  return next.kind === 'unfinished' && next.step.kind === 'fail' && PASSING_FAILURES.includes(next.step.code);
}

function send(
  command: ClientCommand, request: CommandRequest, observed: ObservedCommand, memory: CommandMemory, now: number, attempt: number,
): Step<CommandAct> {
  const { client, groupName } = observed;
  if (client.agentStatus !== 'Online') {
    const since = memory.clientAwaitedSince ?? now;
    if (now - since > CLIENT_LIMIT_MS) return clientMissing(groupName, client, now - since);
    return { kind: 'wait', seconds: SOON, because: `the admin client is ${client.agentStatus ?? 'not online yet'}`, memory: { ...memory, clientAwaitedSince: since } };
  }
  const token = `${request.requestId.slice(0, 36)}/${command.name}/${attempt}`;
  return {
    kind: 'act',
    acts: [{ kind: 'send-command', command: withRefusals(command, observed), instanceId: client.instanceId!, token }],
    memory: { ...memory, command: { name: command.name, token, instanceId: client.instanceId!, at: now, attempt } },
    because: `script ${command.name}`,
  };
}

function withRefusals(command: ClientCommand, { refusedVersions }: ObservedCommand): ClientCommand {
  return { ...command, parameters: { ...command.parameters, RefusedVersions: refusedVersions.join(',') || 'none' } };
}

function clientMissing(groupName: string, { instanceId, agentStatus }: AdminClientState, waitedMs: number): Step<CommandAct> {
  const where = instanceId ? `instance ${instanceId} of Auto Scaling group ${groupName}` : `Auto Scaling group ${groupName}, which has no instance in service,`;
  return {
    kind: 'fail',
    code: 'AdminClientOffline',
    message: `${where} was not online in Systems Manager after ${Math.round(waitedMs / 60_000)} minutes (agent status: ${agentStatus ?? 'never heard of'}); `
      + 'check that the SSM agent runs, that the instance role allows AmazonSSMManagedInstanceCore, and that ssm, ssmmessages and ec2messages '
      + 'can be reached from its subnet through NAT or interface endpoints',
  };
}

function follow({ result, refusedVersions }: ObservedCommand, memory: CommandMemory, now: number): CommandStep {
  const sent = memory.command!;
  if (isRunning(result) && now - sent.at <= COMMAND_LIMIT_MS) {
    return { kind: 'unfinished', step: { kind: 'wait', seconds: now - sent.at < 120_000 ? SCRIPT_SECONDS : LATER, because: `script ${sent.name} is running`, memory } };
  }
  // A script may have got on with another secret: what was refused is remembered all the same.
  const refused = refusedVersionsIn(result?.errorOutput ?? '').filter((version) => !refusedVersions.includes(version));
  if (refused.length > 0) {
    const versions = [...new Set([...refusedVersions, ...refused])].slice(-REMEMBERED_REFUSALS);
    return { kind: 'unfinished', step: { kind: 'act', acts: [{ kind: 'record-refusal', versions }], memory, because: 'this login is never tried again' } };
  }
  if (result?.status === 'Success') return { kind: 'finished', output: lastJsonLine(result.output), memory };
  const failure = scriptError(result?.errorOutput ?? '');
  return {
    kind: 'unfinished',
    step: {
      kind: 'fail',
      code: failure?.code ?? 'ScriptFailed',
      message: failure?.message
        ?? `script ${sent.name} ended as ${result?.status ?? 'unknown'} on ${sent.instanceId}; read the output of command ${sent.commandId} in Systems Manager`,
    },
  };
}

function isRunning(result: CommandResult | undefined): boolean {
  return !result || ['Pending', 'InProgress', 'Delayed', 'Cancelling'].includes(result.status);
}
