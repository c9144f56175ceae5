import type { PrincipalElement, Statement } from './document';
import { many } from './one-or-many';
import type { Asker } from './request';

/**
 * How a resource's policy names an asker.
 *
 * `account`: only his account, so that its own policies decide; `role`: his role; `itself`: the session, the user or the service.
 */
export type Naming = 'account' | 'role' | 'itself';

/** Whom a statement of a resource's policy is about; undefined when it is not about this asker. */
export function namingOf({ principal, notPrincipal }: Statement, asker: Asker): Naming | undefined {
  if (notPrincipal !== undefined) return isLeftOut(notPrincipal, asker) ? undefined : everybody(asker);
  if (principal === undefined) return undefined;
  if (principal === '*') return everybody(asker);
  if (asker.service !== undefined) return many(principal.Service).includes(asker.service) || many(principal.AWS).includes('*') ? 'itself' : undefined;
  const names = many(principal.AWS).map((name) => nameOf(name, asker));
  return (['itself', 'role', 'account'] as const).find((naming) => names.includes(naming));
}

/** Of a session it is the role that is meant, as far as boundaries and session policies go. */
function everybody(asker: Asker): Naming {
  return asker.roleArn === undefined ? 'itself' : 'role';
}

function nameOf(name: string, asker: Asker): Naming | undefined {
  if (name === '*') return everybody(asker);
  if (name === asker.arn) return 'itself';
  if (name === asker.roleArn) return 'role';
  return isAccount(name, asker) ? 'account' : undefined;
}

/** Every name of the asker has to be on the list, the account's too. */
function isLeftOut(list: PrincipalElement, asker: Asker): boolean {
  if (list === '*') return true;
  if (asker.service !== undefined) return many(list.Service).includes(asker.service);
  const names = many(list.AWS);
  if (names.includes('*')) return true;
  return names.some((name) => isAccount(name, asker)) && names.includes(asker.arn) && (asker.roleArn === undefined || names.includes(asker.roleArn));
}

function isAccount(name: string, { account }: Asker): boolean {
  return name === account || (name.startsWith('arn:') && name.endsWith(`:iam::${account}:root`));
}
