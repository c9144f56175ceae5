interface Statement {
  readonly Effect?: string;
  readonly Principal?: unknown;
  readonly Condition?: unknown;
}

/** Open to everybody: an Allow for `*` that no condition narrows. */
export function isPublic(policy: string): boolean {
  const { Statement } = JSON.parse(policy) as { readonly Statement?: Statement | readonly Statement[] };
  return [Statement ?? []].flat().some(({ Effect, Principal, Condition }) => Effect === 'Allow' && Condition === undefined
    && (Principal === '*' || [(Principal as { readonly AWS?: unknown } | undefined)?.AWS].flat().includes('*')));
}
