import { cannotAssume, invalidDefinition, invalidName, notEmulated } from './errors';
import { problemsOf } from './language/definition';
import type { Problem } from './language/definition';
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

/** Without IAM to ask, every role is taken for good. */
export function checkRole(context: Context, roleArn: string): void {
  try {
    context.call('iam', 'GetRole', { RoleName: roleArn.split('/').at(-1) }, {
      principal: {
        kind: 'service', account: context.account, service: 'states.amazonaws.com', arn: `arn:${context.partition}:iam::${context.account}:service/states`,
      },
      position: { kind: 'service', service: 'states' },
    });
  } catch (error) {
    if (!(error instanceof ServiceError)) throw error;
    if (/^NoSuchEntity/.test(error.code)) throw cannotAssume();
    if (error.code !== 'NotImplemented') throw error;
  }
}

export function refuseVersions(input: { readonly publish?: boolean }): void {
  if (input.publish) throw notEmulated('publishing versions of state machines');
}
