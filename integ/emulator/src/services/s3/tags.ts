/** Tags as a header has them: the form of a query. */
export function tagsIn(header: string | undefined): Record<string, string> | undefined {
  return header === undefined || header === '' ? undefined : Object.fromEntries(new URLSearchParams(header));
}
