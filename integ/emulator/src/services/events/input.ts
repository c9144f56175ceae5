import type { Target } from './state';

/** What a target gets of an event: all of it, a part, a fixed text, or a template filled in. */
export function inputFor({ Input, InputPath, InputTransformer }: Target, event: object): string {
  if (Input !== undefined) return Input;
  if (InputPath !== undefined) return JSON.stringify(at(event, InputPath) ?? null);
  if (!InputTransformer) return JSON.stringify(event);
  const values = new Map(Object.entries(InputTransformer.InputPathsMap ?? {}).map(([name, path]) => [name, at(event, path)]));
  return InputTransformer.InputTemplate.replace(/("?)<([^<>]+)>("?)/g, (whole, before: string, name: string, after: string) => {
    if (name === 'aws.events.event.json') return `${before}${JSON.stringify(event)}${after}`;
    if (!values.has(name)) return whole;
    const value = values.get(name);
    const text = typeof value === 'string' ? value : JSON.stringify(value ?? '');
    // A text in quotes is put in as it is; otherwise it brings its own.
    if (before !== '' || after !== '') return `${before}${JSON.stringify(text).slice(1, -1)}${after}`;
    return InputTransformer.InputTemplate.trim().startsWith('{') && typeof value === 'string' ? JSON.stringify(text) : text;
  });
}

/** `$.detail.list[0]` */
function at(event: object, path: string): unknown {
  const names = [...path.matchAll(/\.([^.[\]]+)|\[(\d+)\]/g)].map(([, name, index]) => name ?? index);
  return names.reduce<unknown>((value, name) => (value as Record<string, unknown> | undefined)?.[name], event);
}
