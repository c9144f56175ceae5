import { tables } from './state';
import type { Configuration, EnvironmentRecord } from './state';
import { idFormat } from '../../kernel';
import type { Caller, Context } from '../../wire/operation';

/** An idle environment with this very code, the one used last; or a new one. */
export function takeEnvironment(context: Context, configuration: Configuration, version: string, invocationId: string):
{ environment: EnvironmentRecord; cold: boolean } {
  const environments = tables.environments(context);
  const fits = (one: EnvironmentRecord): boolean => one.functionName === configuration.FunctionName
    && one.version === version && one.revision === configuration.RevisionId && one.invocationId === undefined;
  const warm = environments.values().filter(fits).at(-1);
  if (warm) {
    context.cancel(idleEvent(warm.id));
    return { environment: environments.put(warm.id, { ...warm, invocationId, ordinal: warm.ordinal + 1 }), cold: false };
  }
  const bytes = context.id('environment', configuration.FunctionName);
  const id = idFormat.hex(bytes, 32);
  const day = new Date(context.kernel.hostTime()).toISOString().slice(0, 10).replaceAll('-', '/');
  const subnets = configuration.VpcConfig?.SubnetIds;
  return {
    cold: true,
    environment: environments.put(id, {
      id,
      functionName: configuration.FunctionName,
      version,
      revision: configuration.RevisionId,
      invocationId,
      ordinal: 1,
      logStream: `${day}/[${version}]${id}`,
      subnetId: subnets?.[bytes.readUInt16BE(30) % subnets.length],
    }),
  };
}

/** Idle again: the last to be put back is the first to be taken. */
export function giveBack(context: Context, environment: EnvironmentRecord): void {
  const environments = tables.environments(context);
  environments.delete(environment.id);
  environments.put(environment.id, { ...environment, invocationId: undefined });
  context.after(context.delay('environment-idle', environment.id), {
    kind: 'environment-idle', id: idleEvent(environment.id), args: { environmentId: environment.id }, daemon: true,
  });
  const idle = environments.values().filter(({ invocationId }) => invocationId === undefined);
  const excess = idle.length - context.row<number>('idle-environments');
  for (const oldest of idle.slice(0, Math.max(0, excess))) drop(context, oldest.id);
}

/** The environment is no more; its process is told to go. */
export function drop(context: Context, id: string): void {
  tables.environments(context).delete(id);
  context.cancel(idleEvent(id));
  context.kernel.signal('function-environment-ended', id);
}

/** Idle environments with code of before. Those at work go when they are done. */
export function dropOutdated(context: Context, functionName: string, version: string, revision: string | undefined): void {
  for (const environment of tables.environments(context).values()) {
    const other = environment.functionName === functionName && environment.version === version && environment.revision !== revision;
    if (other && environment.invocationId === undefined) drop(context, environment.id);
  }
}

/** The session of a function's code: its role, from where its network interface is. */
export function sessionOf(context: Context, configuration: Configuration, subnetId?: string): Caller {
  const { FunctionName, Role, VpcConfig } = configuration;
  const [, , , , account] = Role.split(':');
  const role = Role.split('/').at(-1)!;
  const functionArn = context.arn('lambda', `function:${FunctionName}`);
  return {
    principal: {
      kind: 'role',
      account,
      arn: `arn:${context.partition}:sts::${account}:assumed-role/${role}/${FunctionName}`,
      roleArn: Role,
      sessionName: FunctionName,
    },
    position: VpcConfig && subnetId
      ? { kind: 'vpc', vpcId: VpcConfig.VpcId, subnetId, securityGroupIds: VpcConfig.SecurityGroupIds, functionArn, home: homeOf(context) }
      : { kind: 'lambda', functionArn },
  };
}

function homeOf({ account, region }: Context): { account: string; region: string } {
  return { account, region };
}

function idleEvent(id: string): string {
  return `lambda.environment-idle/${id}`;
}
