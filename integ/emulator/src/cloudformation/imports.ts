import { activeResources } from './template/desired';
import type { Evaluator } from './template/evaluate';
import { functionOf, isObject } from './template/template';
import type { Template, Value } from './template/template';

/** Names of the exports that a template uses, under the conditions in force. */
export function importsOf(template: Template, evaluator: Evaluator): string[] {
  const names = new Set<string>();
  const visit = (value: Value | undefined): void => {
    if (Array.isArray(value)) {
      value.forEach(visit);
      return;
    }
    if (!isObject(value)) return;
    const called = functionOf(value);
    if (called?.name === 'Fn::ImportValue') {names.add(String(evaluator.value(called.argument)));} else if (called?.name === 'Fn::If' && Array.isArray(called.argument)) {
      const [condition, whenTrue, whenFalse] = called.argument as Value[];
      visit(evaluator.condition(String(condition)) ? whenTrue : whenFalse);
    } else {Object.values(value).forEach(visit);}
  };
  for (const id of activeResources(template, evaluator)) visit(template.Resources[id].Properties as Value);
  for (const output of Object.values(template.Outputs ?? {})) {
    if (output.Condition === undefined || evaluator.condition(output.Condition)) visit(output.Value);
  }
  return [...names];
}
