import { byItself } from './key-stores/role';
import { refusal } from './text';
import { ServiceError } from '../../wire/operation';
import type { Context } from '../../wire/operation';

interface Statement {
  readonly Effect?: string;
  readonly Principal?: string | { readonly AWS?: string | readonly string[] };
}

/** The policy of a key that was made without one: the account may do everything, by IAM policies. */
export function defaultPolicy(context: Context): string {
  return JSON.stringify({
    Version: '2012-10-17',
    Id: 'key-default-1',
    Statement: [{
      Sid: 'Enable IAM User Permissions',
      Effect: 'Allow',
      Principal: { AWS: `arn:${context.partition}:iam::${context.account}:root` },
      Action: 'kms:*',
      Resource: '*',
    }],
  }, undefined, 2);
}

/** @throws ServiceError for a policy that is no policy, names a role that is not there, or would lock out whoever puts it */
export function checkPolicy(context: Context, policy: string, bypassLockoutCheck: boolean | undefined): void {
  const statements = statementsOf(context, policy);
  for (const principal of statements.flatMap(principalsOf)) {
    if (!principalExists(context, principal)) throw refusal(context, 'MalformedPolicyDocumentException', 'text-bad-principal');
  }
  const { principal } = context.caller;
  // A service acts for an account that it does not name.
  if (bypassLockoutCheck || principal.kind === 'service' || context.isLetIn(policy, 'kms:PutKeyPolicy', context.arn('kms', 'key/new'))) return;
  throw refusal(context, 'MalformedPolicyDocumentException', 'text-lockout');
}

function statementsOf(context: Context, policy: string): Statement[] {
  let document: { readonly Statement?: Statement | readonly Statement[] };
  try {
    document = JSON.parse(policy) as typeof document;
  } catch {
    throw refusal(context, 'MalformedPolicyDocumentException', 'text-malformed-policy');
  }
  const statements = [document?.Statement ?? []].flat();
  if (statements.length === 0 || statements.some(({ Effect }) => Effect !== 'Allow' && Effect !== 'Deny')) {
    throw refusal(context, 'MalformedPolicyDocumentException', 'text-malformed-policy');
  }
  return statements;
}

function principalsOf({ Principal }: Statement): readonly string[] {
  return typeof Principal === 'string' ? [Principal] : [Principal?.AWS ?? []].flat();
}

/** Only roles of this account are looked for: they are what a stack makes just before its key. */
function principalExists(context: Context, principal: string): boolean {
  const [, account, role] = /^arn:[^:]+:iam::(\d{12}):role\/(?:.+\/)?([^/]+)$/.exec(principal) ?? [];
  if (account !== context.account) return true;
  try {
    context.call('iam', 'GetRole', { RoleName: role }, byItself(context));
    return true;
  } catch (error) {
    if (!(error instanceof ServiceError)) throw error;
    return error.code !== 'NoSuchEntity';
  }
}
