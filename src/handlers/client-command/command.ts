import { clusterParameterName, PARAMETER_NAMES } from '../../lifecycle/resource-contract';
import type { Aws } from '../aws';
import { COMMAND_TIMEOUT_SECONDS } from './plan';
import type { CommandAct, CommandMemory, ObservedCommand, SendCommandAct } from './plan';
import { isAccessDenied, isRefusal, refusalOf } from '../aws/errors';

/** What commands on the admin client need of AWS. */
export type CommandAws = Pick<Aws, 'commands' | 'parameters'>;

export async function observeCommand(aws: CommandAws, clusterId: string, groupName: string, memory: CommandMemory): Promise<ObservedCommand> {
  const [client, refused] = await Promise.all([aws.commands.adminClient(groupName), aws.parameters.get(refusalsName(clusterId))]);
  const refusedVersions = refused?.split(',') ?? [];
  const sent = memory.command;
  if (!sent) return { groupName, client, refusedVersions };
  const commandId = sent.commandId ?? await aws.commands.find(sent.instanceId, sent.token);
  const result = commandId ? await aws.commands.result(commandId, sent.instanceId) : undefined;
  return { groupName, client, commandId, result, refusedVersions };
}

export async function actOnCommand(aws: CommandAws, clusterId: string, act: CommandAct, memory: CommandMemory): Promise<CommandMemory> {
  if (act.kind === 'send-command') return send(aws, act, memory);
  await aws.parameters.overwrite(refusalsName(clusterId), act.versions.join(','));
  return memory;
}

/** A version that is set now is not refused any more. */
export async function forgetRefusal(aws: CommandAws, clusterId: string, version: string): Promise<void> {
  const refused = (await aws.parameters.get(refusalsName(clusterId)))?.split(',') ?? [];
  if (!refused.includes(version)) return;
  const left = refused.filter((other) => other !== version);
  if (left.length > 0) await aws.parameters.overwrite(refusalsName(clusterId), left.join(','));
  else await aws.parameters.delete([refusalsName(clusterId)]);
}

function refusalsName(clusterId: string): string {
  return clusterParameterName(clusterId, PARAMETER_NAMES.refusedLogins);
}

async function send(aws: CommandAws, act: SendCommandAct, memory: CommandMemory): Promise<CommandMemory> {
  const sent = memory.command!;
  try {
    const commandId = await aws.commands.send({
      instanceId: act.instanceId,
      documentName: act.command.documentName,
      parameters: act.command.parameters,
      token: act.token,
      timeoutSeconds: COMMAND_TIMEOUT_SECONDS,
    });
    return { ...memory, command: { ...sent, commandId } };
  } catch (error) {
    if (!isRefusal(error) || isAccessDenied(error)) throw error;
    return { ...memory, command: { ...sent, refused: refusalOf(error) } };
  }
}
