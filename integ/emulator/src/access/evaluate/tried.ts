import { actionsMeant } from './decide';
import type { Policies, Policy } from './decide';
import type { Statement } from './document';
import type { AccessRequest } from './request';

/** The statements that could have allowed a request that was refused, and what each of them missed. */
export function triedStatements(request: AccessRequest, asked: Policies): string[] {
  const { identity, boundary, session = [], organization = [], endpoint, resource } = asked;
  const others = [boundary, endpoint, resource?.policy].filter((policy) => policy !== undefined);
  const policies = [...identity, ...session, ...organization.flat(), ...others];
  return policies.flatMap((policy) => policy.document.statements
    .filter((statement) => statement.allows && actionsMeant(statement, request.action).length > 0)
    .map((statement) => `${nameOf(policy)}, statement ${statement.name}: ${missOf(statement, request)}`));
}

function nameOf({ kind, name }: Policy): string {
  return `${kind} policy ${name}`;
}

function missOf({ resources, allResourcesBut, conditions }: Statement, { resource, keys }: AccessRequest): string {
  if (resources !== undefined && resources.some((fits) => fits(resource, keys)) === allResourcesBut) return `is not about ${resource}`;
  const failing = conditions.filter(({ holds }) => !holds(keys)).map(({ written }) => written);
  return failing.length > 0 ? `does not hold: ${failing.join(', ')}` : 'allows it, but something else has to, too';
}
