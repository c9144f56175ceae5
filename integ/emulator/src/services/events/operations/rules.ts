import type { Context, Output } from '../../../wire/operation';
import { page } from '../paging';
import { plan, unplan } from '../schedule';
import { DEFAULT_BUS, findBus, findRule, ruleKey, rules } from '../state';
import type { RuleRecord, Tag, Target } from '../state';
import { refusal } from '../text';

interface RuleInput {
  readonly Name: string;
  readonly EventBusName?: string;
}

interface PutInput extends RuleInput {
  readonly ScheduleExpression?: string;
  readonly EventPattern?: string;
  readonly State?: string;
  readonly Description?: string;
  readonly RoleArn?: string;
  readonly Tags?: readonly Tag[];
}

interface PageInput {
  readonly NextToken?: string;
  readonly Limit?: number;
}

/** Puts the whole rule: what is left out is gone, except targets and tags. */
export function putRule(context: Context, input: PutInput): Output {
  const bus = findBus(context, input.EventBusName);
  if (input.EventPattern === undefined && input.ScheduleExpression === undefined) throw refusal(context, 'ValidationException', 'text-pattern-or-schedule');
  if (input.EventPattern !== undefined) checkPattern(context, input.EventPattern);
  if (input.ScheduleExpression !== undefined && !/^(rate\(\d+ (minutes?|hours?|days?)\)|cron\(.+\))$/.test(input.ScheduleExpression)) {
    throw refusal(context, 'ValidationException', 'text-bad-schedule');
  }
  const before = rules(context).get(ruleKey({ bus: bus.name, name: input.Name }));
  const rule = rules(context).put(ruleKey({ bus: bus.name, name: input.Name }), {
    name: input.Name,
    bus: bus.name,
    arn: context.arn('events', bus.name === DEFAULT_BUS ? `rule/${input.Name}` : `rule/${bus.name}/${input.Name}`),
    pattern: input.EventPattern,
    schedule: input.ScheduleExpression,
    state: input.State ?? 'ENABLED',
    description: input.Description,
    roleArn: input.RoleArn,
    targets: before?.targets ?? [],
    tags: before?.tags ?? input.Tags ?? [],
  });
  plan(context, rule);
  return { RuleArn: rule.arn };
}

/** Deleting what is not there is no error. */
export function deleteRule(context: Context, { Name, EventBusName }: RuleInput): void {
  const rule = rules(context).get(ruleKey({ bus: findBus(context, EventBusName).name, name: Name }));
  if (!rule) return;
  if (rule.targets.length > 0) throw refusal(context, 'ValidationException', 'text-rule-has-targets');
  unplan(context, rule);
  rules(context).delete(ruleKey(rule));
}

export function describeRule(context: Context, { Name, EventBusName }: RuleInput): Output {
  return { ...shown(findRule(context, Name, EventBusName)), CreatedBy: context.account };
}

export function enableRule(context: Context, input: RuleInput): void {
  setState(context, input, 'ENABLED');
}

export function disableRule(context: Context, input: RuleInput): void {
  setState(context, input, 'DISABLED');
}

export function listRules(context: Context, input: PageInput & { readonly NamePrefix?: string; readonly EventBusName?: string }): Output {
  const bus = findBus(context, input.EventBusName).name;
  const all = rules(context).values().filter((rule) => rule.bus === bus && rule.name.startsWith(input.NamePrefix ?? '')).sort((a, b) => (a.name < b.name ? -1 : 1));
  const { items, NextToken } = page(context, all, input);
  return { Rules: items.map(shown), NextToken };
}

export function listRuleNamesByTarget(context: Context, input: PageInput & { readonly TargetArn: string; readonly EventBusName?: string }): Output {
  const bus = findBus(context, input.EventBusName).name;
  const all = rules(context).values().filter((rule) => rule.bus === bus && rule.targets.some(({ Arn }) => Arn === input.TargetArn));
  const { items, NextToken } = page(context, all, input);
  return { RuleNames: items.map(({ name }) => name), NextToken };
}

export function putTargets(
  context: Context,
  input: { readonly Rule: string; readonly EventBusName?: string; readonly Targets: readonly Target[] },
): Output {
  const rule = findRule(context, input.Rule, input.EventBusName);
  const targets = [...rule.targets.filter(({ Id }) => !input.Targets.some((target) => target.Id === Id)), ...input.Targets];
  const limit = context.row<number>('events/targets-per-rule');
  if (targets.length > limit) throw refusal(context, 'LimitExceededException', 'text-too-many-targets', { limit });
  rules(context).put(ruleKey(rule), { ...rule, targets });
  return { FailedEntryCount: 0, FailedEntries: [] };
}

export function removeTargets(
  context: Context,
  input: { readonly Rule: string; readonly EventBusName?: string; readonly Ids: readonly string[] },
): Output {
  const rule = findRule(context, input.Rule, input.EventBusName);
  rules(context).put(ruleKey(rule), { ...rule, targets: rule.targets.filter(({ Id }) => !input.Ids.includes(Id)) });
  return { FailedEntryCount: 0, FailedEntries: [] };
}

export function listTargetsByRule(context: Context, input: PageInput & { readonly Rule: string; readonly EventBusName?: string }): Output {
  const { items, NextToken } = page(context, findRule(context, input.Rule, input.EventBusName).targets, input);
  return { Targets: items, NextToken };
}

function setState(context: Context, { Name, EventBusName }: RuleInput, state: string): void {
  const rule = findRule(context, Name, EventBusName);
  plan(context, rules(context).put(ruleKey(rule), { ...rule, state }));
}

export function checkPattern(context: Context, pattern: string): Record<string, unknown> {
  try {
    const parsed = JSON.parse(pattern) as unknown;
    if (parsed !== null && typeof parsed === 'object' && !Array.isArray(parsed)) return parsed as Record<string, unknown>;
  } catch {
    // Said below.
  }
  throw refusal(context, 'InvalidEventPatternException', 'text-bad-pattern');
}

function shown(rule: RuleRecord): Output {
  return {
    Name: rule.name,
    Arn: rule.arn,
    EventPattern: rule.pattern,
    ScheduleExpression: rule.schedule,
    State: rule.state,
    Description: rule.description,
    RoleArn: rule.roleArn,
    EventBusName: rule.bus,
  };
}
