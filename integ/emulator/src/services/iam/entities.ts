import { refuse } from './refusals';
import { roles, users } from './state';
import type { Entity } from './state';
import { idFormat } from '../../kernel';
import type { Table } from '../../kernel';
import type { Context } from '../../wire/operation';

/** Roles and users, where they behave alike. */
export interface EntityKind {
  readonly noun: 'role' | 'user';
  readonly table: (context: Context) => Table<Entity>;
}

export const ROLE: EntityKind = { noun: 'role', table: (context) => roles(context) as Table<Entity> };
export const USER: EntityKind = { noun: 'user', table: (context) => users(context) };

export function entity(context: Context, kind: EntityKind, name: string): Entity {
  const found = kind.table(context).get(name);
  if (!found) throw refuse(context, kind.noun, name);
  return found;
}

/** One that may be changed: a service-linked role is its service's. */
export function changeable(context: Context, kind: EntityKind, name: string): Entity {
  const found = entity(context, kind, name);
  if ('linkedTo' in found) throw refuse(context, 'protected-role', name);
  return found;
}

/** `AROA` and 17 capitals and digits. */
export function uniqueId(context: Context, prefix: string): string {
  return prefix + idFormat.upperAlphanumeric(context.id(prefix), 17);
}

/** Names are unique whatever their case. */
export function checkFree(context: Context, key: string, names: readonly string[], name: string): void {
  const same = names.find((known) => known.toLowerCase() === name.toLowerCase());
  if (same !== undefined) throw refuse(context, key, name);
}
