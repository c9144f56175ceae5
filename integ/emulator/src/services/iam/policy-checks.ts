import { awsPrincipals, documentProblem } from './documents';
import type { DocumentKind } from './documents';
import { refuse } from './refusals';
import { roles, users } from './state';
import type { Context } from '../../wire/operation';

export function checkDocument(context: Context, text: string, kind: DocumentKind): void {
  const problem = documentProblem(text, kind);
  if (problem) throw refuse(context, problem.key, ...(problem.values ?? []));
  if (kind === 'trust') checkPrincipals(context, text);
}

/** Roles and users that a trust policy names must be there; those of other accounts are taken for good. */
function checkPrincipals(context: Context, text: string): void {
  for (const principal of awsPrincipals(text)) {
    const named = /^arn:[^:]+:iam::(\d{12}):(role|user)\/(.+)$/.exec(principal);
    if (named) {
      const [, account, kind, pathAndName] = named;
      const place = context.at({ account });
      const name = pathAndName.split('/').pop()!;
      const known = kind === 'role' ? roles(place).has(name) : users(place).has(name);
      if (account === context.account && !known) throw refuse(context, 'trust-principal', principal);
      continue;
    }
    const fine = principal === '*' || /^\d{12}$/.test(principal) || /^arn:[^:]+:(iam|sts)::\d{12}:(root|assumed-role\/.+|federated-user\/.+)$/.test(principal);
    if (!fine) throw refuse(context, 'trust-principal', principal);
  }
}
