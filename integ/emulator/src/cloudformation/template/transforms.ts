import { notBuilt } from '../errors';
import { functionOf, isObject } from './template';
import type { Template, Value } from './template';
import { refused } from '../texts';

/** `AWS::LanguageExtensions` allows two more functions, which are evaluated like the others. Macros are refused. */
export function checkTransforms(template: Template): void {
  const declared = template.Transform === undefined ? [] : [template.Transform].flat() as Value[];
  for (const name of declared) {
    if (name !== 'AWS::LanguageExtensions') throw notBuilt(`the transform ${typeof name === 'string' ? name : JSON.stringify(name)}`);
  }
  if (declared.length > 0) return;
  const used = languageExtensionIn(template as unknown as Value);
  if (used) throw refused('text-unsupported-extension', { used });
}

function languageExtensionIn(value: Value | undefined): string | undefined {
  if (Array.isArray(value)) return value.map(languageExtensionIn).find((found) => found !== undefined);
  if (!isObject(value)) return undefined;
  const called = functionOf(value);
  if (called && ['Fn::Length', 'Fn::ToJsonString'].includes(called.name)) return called.name;
  return Object.values(value).map(languageExtensionIn).find((found) => found !== undefined);
}
