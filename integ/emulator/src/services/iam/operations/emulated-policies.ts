import type { Context, Output } from '../../../wire/operation';
import { entity, ROLE, USER } from '../entities';
import { documentInForce } from '../managed-policies';
import type { Role } from '../state';

/**
 * No operation of AWS: everything that decides what a role or user may do, documents as they were given.
 * A policy of AWS whose document is not here has none.
 */
export function emulatedPolicies(context: Context, input: { RoleName?: string; UserName?: string }): Output {
  const found = input.RoleName !== undefined ? entity(context, ROLE, input.RoleName) : entity(context, USER, input.UserName ?? '');
  return {
    Tags: found.tags,
    Trust: 'trust' in found ? (found as Role).trust : undefined,
    Policies: [
      ...Object.entries(found.inline).map(([name, document]) => ({ Name: name, Document: document })),
      ...found.attached.map((arn) => ({ Name: arn, Document: documentInForce(context, arn) })),
    ],
    Boundary: found.boundary === undefined ? undefined : { Name: found.boundary, Document: documentInForce(context, found.boundary) },
  };
}
