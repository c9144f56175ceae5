import { operations } from './operations';
import { serviceLinkedRoleDeleted } from './operations/service-linked-roles';
import { changeSpread } from './spread';
import type { Service } from '../../wire/operation';

/** IAM: roles and what they may do. Records and their rules; deciding is `src/access`. */
export const iam: Service = {
  name: 'iam',
  operations,
  events: { 'service-linked-role-deleted': serviceLinkedRoleDeleted, 'change-spread': changeSpread },
  reads: ['EmulatedPolicies'],
};
