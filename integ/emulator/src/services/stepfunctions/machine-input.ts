import { cannotAssume, cannotLog, invalidDefinition, invalidName, notEmulated } from './errors';
import { problemsOf } from './language/definition';
import type { Problem } from './language/definition';
import type { Json } from '../../kernel';
import { ServiceError } from '../../wire/operation';
import type { Context } from '../../wire/operation';

/** @throws InvalidDefinition */
export function checkDefinition(definition: string): void {
  const problems = problemsOf(definition);
  if (problems.length > 0) throw invalidDefinition(problems.map(text).join(', '));
}

function text({ code, message, location, ours }: Problem): string {
  return ours ? message : `${code}: ${message}${location ? ` at ${location}` : ''}`;
}

/** Characters that no name may have. */
export function checkName(name: string): void {
  if (/[\s<>{}[\]?*"#%\\^|~`$&,;:/\u0000-\u001f\u007f-\u009f]/.test(name)) throw invalidName(name);
}

/** The role has to let Step Functions in. */
export function checkRole(context: Context, roleArn: string): void {
  try {
    context.demand('sts:AssumeRole', roleArn, {
      principal: {
        kind: 'service', account: context.account, service: 'states.amazonaws.com', arn: `arn:${context.partition}:iam::${context.account}:service/states`,
      },
      position: { kind: 'service', service: 'states' },
    });
  } catch (error) {
    throw error instanceof ServiceError ? cannotAssume() : error;
  }
}

/** A machine that is to write a log needs a role that may have it delivered. */
export function checkLogging(context: Context, roleArn: string, name: string, { level }: { readonly level?: Json }): void {
  if (level === undefined || level === 'OFF') return;
  const [, , , , account] = roleArn.split(':');
  const arn = `arn:${context.partition}:sts::${account}:assumed-role/${roleArn.split('/').at(-1)}/${name.slice(0, 32)}`;
  try {
    for (const action of context.row<readonly string[]>('stepfunctions/logging-actions')) {
      context.demand(action, '*', { principal: { kind: 'role', account, arn, roleArn, sessionName: name.slice(0, 32) }, position: { kind: 'service', service: 'states' } });
    }
  } catch (error) {
    throw error instanceof ServiceError ? cannotLog() : error;
  }
}

export function refuseVersions(input: { readonly publish?: boolean }): void {
  if (input.publish) throw notEmulated('publishing versions of state machines');
}
