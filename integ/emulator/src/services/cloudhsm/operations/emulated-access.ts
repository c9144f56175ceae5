import type { Guard } from '../../../wire/guarded';
import type { Context, Output } from '../../../wire/operation';
import { backups, clusters, policies } from '../state';

/** No operation of AWS: backups have policies, clusters only tags. */
export function emulatedGuard(context: Context, { Arn }: { readonly Arn: string }): Output {
  const id = Arn.split('/').at(-1)!;
  const found = clusters(context).get(id) ?? backups(context).get(id);
  if (!found) return {};
  const guard: Guard = { policy: policies(context).get(id), tags: Object.fromEntries(found.tags.map(({ Key, Value }) => [Key, Value])) };
  return { ...guard };
}
