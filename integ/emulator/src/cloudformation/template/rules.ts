import type { Evaluator } from './evaluate';
import type { Template } from './template';
import { refused } from '../texts';

/** Every assertion of every rule that applies has to hold before anything is touched. */
export function checkRules(template: Template, evaluator: Evaluator): void {
  const failed: string[] = [];
  for (const [name, rule] of Object.entries(template.Rules ?? {})) {
    if (rule.RuleCondition !== undefined && !evaluator.truth(rule.RuleCondition)) continue;
    for (const { Assert: assertion, AssertDescription: description } of rule.Assertions ?? []) {
      if (!evaluator.truth(assertion)) failed.push(description ?? `Rule ${name} failed`);
    }
  }
  if (failed.length > 0) throw refused('text-rules', { failed: failed.join('; ') });
}
