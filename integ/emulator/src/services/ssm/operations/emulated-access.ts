import type { Guard } from '../../../wire/guarded';
import type { Context, Output } from '../../../wire/operation';
import { tagsOf } from '../tags';

/** No operation of AWS. */
export function emulatedGuard(context: Context, { Arn }: { readonly Arn: string }): Output {
  const [, type, name] = /:(parameter|document)\/(.+)$/.exec(Arn) ?? [];
  if (type === undefined) return {};
  const tags = type === 'document' ? tagsOf(context, 'Document', name) : [...tagsOf(context, 'Parameter', `/${name}`), ...tagsOf(context, 'Parameter', name)];
  const guard: Guard = { tags: Object.fromEntries(tags.map(({ Key, Value }) => [Key, Value])) };
  return { ...guard };
}
