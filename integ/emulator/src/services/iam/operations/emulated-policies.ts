import type { Context, Output } from '../../../wire/operation';
import { entity, ROLE, USER } from '../entities';
import { awsPolicy, documentInForce } from '../managed-policies';
import { inForce } from '../spread';
import { policies } from '../state';
import type { Entity, Role } from '../state';

/**
 * No operation of AWS: everything that decides what a role or user may do now, documents as they were given.
 * A policy of AWS whose document is not here has none.
 */
export function emulatedPolicies(context: Context, input: { RoleName?: string; UserName?: string }): Output {
  const kind = input.RoleName !== undefined ? ROLE : USER;
  const name = input.RoleName ?? input.UserName ?? '';
  const found = inForce<Entity>(context, kind.noun, name, kind.table(context));
  if (!found) {
    // Of one that nobody has heard of yet nothing is known; one that is not there at all is refused.
    entity(context, kind, name);
    return { Tags: {}, Policies: [] };
  }
  const managed = found.attached.filter((arn) => awsPolicy(arn) !== undefined || inForce(context, 'policy', arn, policies(context)) !== undefined);
  return {
    Id: found.id,
    Tags: found.tags,
    Trust: 'trust' in found ? (found as Role).trust : undefined,
    Policies: [
      ...Object.entries(found.inline).map(([inline, document]) => ({ Name: inline, Document: document })),
      ...managed.map((arn) => ({ Name: arn, Document: documentInForce(context, arn) })),
    ],
    Boundary: found.boundary === undefined ? undefined : { Name: found.boundary, Document: documentInForce(context, found.boundary) },
  };
}
