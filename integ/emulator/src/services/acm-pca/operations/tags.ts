import type { Guard } from '../../../wire/guarded';
import type { Context, Output } from '../../../wire/operation';
import { authorities, findAuthority } from '../state';
import type { Tag } from '../state';

interface TagsInput {
  readonly CertificateAuthorityArn: string;
  readonly Tags: readonly Tag[];
}

export function tagCertificateAuthority(context: Context, { CertificateAuthorityArn, Tags }: TagsInput): void {
  const authority = findAuthority(context, CertificateAuthorityArn);
  const kept = authority.tags.filter(({ Key }) => !Tags.some((tag) => tag.Key === Key));
  authorities(context).put(authority.arn, { ...authority, tags: [...kept, ...Tags] });
}

/** A value that is given has to be the tag's; without one its name is enough. */
export function untagCertificateAuthority(context: Context, { CertificateAuthorityArn, Tags }: TagsInput): void {
  const authority = findAuthority(context, CertificateAuthorityArn);
  const goes = ({ Key, Value }: Tag) => Tags.some((tag) => tag.Key === Key && (tag.Value === undefined || tag.Value === Value));
  authorities(context).put(authority.arn, { ...authority, tags: authority.tags.filter((tag) => !goes(tag)) });
}

export function listTags(context: Context, { CertificateAuthorityArn }: { readonly CertificateAuthorityArn: string }): Output {
  return { Tags: findAuthority(context, CertificateAuthorityArn).tags };
}

export function emulatedGuard(context: Context, { Arn }: { readonly Arn: string }): Output {
  const found = authorities(context).get(Arn);
  const guard: Guard = found ? { tags: Object.fromEntries(found.tags.map(({ Key, Value = '' }) => [Key, Value])) } : {};
  return { ...guard };
}
