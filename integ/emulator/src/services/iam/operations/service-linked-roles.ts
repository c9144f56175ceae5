import { addRole, roleView } from './roles';
import { idFormat } from '../../../kernel';
import { ServiceError } from '../../../wire/operation';
import type { Context, Output } from '../../../wire/operation';
import { entity, ROLE } from '../entities';
import { refuse } from '../refusals';
import { arnOf, deletionTasks, roles } from '../state';
import type { Role } from '../state';

interface LinkedRow {
  readonly role: string;
  readonly policy?: string;
  /** Only the service itself makes it. */
  readonly byServiceOnly?: boolean;
  /** What lists the things that the role is needed for. */
  readonly usage?: { readonly service: string; readonly operation: string; readonly list: string };
}

function linkedRows(context: Context): Readonly<Record<string, LinkedRow>> {
  return context.row('iam/service-linked-roles');
}

interface CreateInput {
  readonly AWSServiceName: string;
  readonly Description?: string;
  readonly CustomSuffix?: string;
}

export function createServiceLinkedRole(context: Context, input: CreateInput): Output {
  const row = linkedRows(context)[input.AWSServiceName];
  if (!row) throw refuse(context, 'linked-service', input.AWSServiceName);
  if (row.byServiceOnly && context.caller.position.kind !== 'service') throw refuse(context, 'linked-by-hand', input.AWSServiceName);
  const name = input.CustomSuffix === undefined ? row.role : `${row.role}_${input.CustomSuffix}`;
  if (roles(context).has(name)) throw refuse(context, 'linked-exists', name);
  const role = addRole(context, {
    name,
    path: `/aws-service-role/${input.AWSServiceName}/`,
    trust: JSON.stringify({
      Version: '2012-10-17',
      Statement: [{ Effect: 'Allow', Principal: { Service: input.AWSServiceName }, Action: 'sts:AssumeRole' }],
    }),
    description: input.Description,
    maxSessionSeconds: 3600,
    attached: row.policy === undefined ? [] : [`arn:${context.partition}:iam::aws:policy/aws-service-role/${row.policy}`],
    linkedTo: input.AWSServiceName,
  });
  return { Role: roleView(context, role) };
}

/** Answers with a task; the role is gone when it has ended well. */
export function deleteServiceLinkedRole(context: Context, { RoleName }: { RoleName: string }): Output {
  const role = entity(context, ROLE, RoleName) as Role;
  if (role.linkedTo === undefined) throw refuse(context, 'not-linked', RoleName);
  const id = `task/aws-service-role/${role.linkedTo}/${role.name}/${idFormat.uuid(context.id('deletion-task', role.name))}`;
  deletionTasks(context).put(id, { id, roleName: role.name, status: 'IN_PROGRESS' });
  const delay = context.delay('service-linked-role-delete', id);
  context.busy('service-linked role deletion', role.name, delay);
  context.after(delay, { kind: 'service-linked-role-deleted', args: { id } });
  return { DeletionTaskId: id };
}

export function serviceLinkedRoleDeleted(context: Context, { id }: { id: string }): void {
  const task = deletionTasks(context).get(id)!;
  const role = roles(context).get(task.roleName);
  const usage = role ? usageOf(context, role) : [];
  if (usage.length > 0) {
    deletionTasks(context).put(id, { ...task, status: 'FAILED', reason: context.row('iam/linked-in-use-reason'), usage });
    return;
  }
  roles(context).delete(task.roleName);
  deletionTasks(context).put(id, { ...task, status: 'SUCCEEDED' });
  context.emit('role deleted', task.roleName);
}

/** ARNs or names of what the service still has here; a service that is not built has nothing. */
function usageOf(context: Context, role: Role): string[] {
  const usage = linkedRows(context)[role.linkedTo ?? '']?.usage;
  if (!usage) return [];
  try {
    const output = context.call<Record<string, unknown>>(usage.service, usage.operation, {}, {
      principal: { kind: 'service', account: context.account, arn: arnOf(context, 'role', role), service: role.linkedTo },
      position: { kind: 'service', service: 'iam' },
    });
    const things = (output[usage.list] ?? []) as Array<Readonly<Record<string, unknown>>>;
    return things.map((thing) => String(Object.values(thing).find((value) => typeof value === 'string') ?? ''));
  } catch (error) {
    if (error instanceof ServiceError) return [];
    throw error;
  }
}

export function getServiceLinkedRoleDeletionStatus(context: Context, { DeletionTaskId }: { DeletionTaskId: string }): Output {
  const task = deletionTasks(context).get(DeletionTaskId);
  if (!task) throw refuse(context, 'deletion-task', DeletionTaskId);
  return {
    Status: task.status,
    Reason: task.reason === undefined ? undefined : {
      Reason: task.reason,
      RoleUsageList: [{ Region: context.region, Resources: task.usage }],
    },
  };
}
