import { cidrBlocks } from './cidr';
import { argumentsOf, getAttArguments, unsupported } from './functions';
import { functionOf, isObject, own } from './template';
import type { Template, Value, ValueMap } from './template';
import { refused } from '../texts';

/** What stands in a change set for a value that only the deployment will tell. */
export const KNOWN_AFTER_APPLY = '{{changeSet:KNOWN_AFTER_APPLY}}';

/** Everything around the template that a value may depend on. */
export interface Environment {
  readonly stackName: string;
  readonly stackId: string;
  readonly account: string;
  readonly region: string;
  readonly partition: string;
  readonly notificationArns: readonly string[];
  /** Values in force: text, or a list for list types. */
  readonly parameters: { readonly [name: string]: string | readonly string[] };
  importValue(name: string): string;
  zones(region: string): readonly string[];
  /** Resolves dynamic references that are no secrets. */
  plain(value: Value): Value;
}

/** The resources as far as they are known. */
export interface Resources {
  ref(logicalId: string): Value;
  attribute(logicalId: string, attribute: string): Value;
}

/** Which parameters, references and attributes an evaluation looked at. */
export interface Trace {
  readonly parameters: Set<string>;
  readonly references: Set<string>;
  /** `LogicalId.Attribute`. */
  readonly attributes: Set<string>;
}

export function newTrace(): Trace {
  return { parameters: new Set(), references: new Set(), attributes: new Set() };
}

/** How much text one evaluation may make: small templates can ask for any amount of it, repeating a parameter. */
const MOST_TEXT = 16 * 1024 * 1024;

/** Evaluates what a template says. `undefined` is `AWS::NoValue`: the property or list item is not there. */
export class Evaluator {
  private readonly conditions = new Map<string, boolean>();
  private made = 0;

  public constructor(
    private readonly template: Template,
    private readonly environment: Environment,
    private readonly resources: Resources,
    private readonly trace: Trace = newTrace(),
  ) {}

  /** The same evaluation with a record of its own of what is looked at. */
  public traced(trace: Trace): Evaluator {
    return new Evaluator(this.template, this.environment, this.resources, trace);
  }

  public value(value: Value | undefined): Value | undefined {
    if (Array.isArray(value)) {
      return (value as readonly Value[]).map((item) => this.value(item)).filter((item): item is Value => item !== undefined);
    }
    if (!isObject(value)) return value;
    const called = functionOf(value);
    if (called) return this.call(called.name, called.argument);
    const result: { [key: string]: Value } = {};
    for (const [key, inner] of Object.entries(value)) {
      const evaluated = this.value(inner);
      if (evaluated !== undefined) result[key] = evaluated;
    }
    return result;
  }

  /** The value with dynamic references to plain parameters resolved. */
  public plain(value: Value): Value {
    return this.environment.plain(value);
  }

  public condition(name: string): boolean {
    const known = this.conditions.get(name);
    if (known !== undefined) return known;
    const definition = own(this.template.Conditions, name);
    if (definition === undefined) throw refused('text-no-condition-in-if', { name });
    const result = this.truth(definition);
    this.conditions.set(name, result);
    return result;
  }

  /** A condition expression; `{ "Condition": name }` inside. */
  public truth(value: Value): boolean {
    const called = functionOf(value);
    if (called?.name === 'Condition') return this.condition(String(called.argument));
    const result = this.value(value);
    return result === true || result === 'true';
  }

  private call(name: string, argument: Value): Value | undefined {
    switch (name) {
      case 'Ref': return this.ref(this.text(argument, 'Ref'));
      case 'Condition': return this.condition(this.text(argument, 'Condition'));
      case 'Fn::GetAtt': return this.getAtt(argument);
      case 'Fn::Sub': return this.sub(argument);
      case 'Fn::Join': return this.join(argument);
      case 'Fn::Split': return this.split(argument);
      case 'Fn::Select': return this.select(argument);
      case 'Fn::FindInMap': return this.findInMap(argument);
      case 'Fn::GetAZs': {
        const region = this.text(this.value(argument) ?? '', name);
        return [...this.environment.zones(region === '' ? this.environment.region : region)];
      }
      case 'Fn::Cidr': return this.cidr(argument);
      case 'Fn::Base64': return Buffer.from(this.text(this.value(argument), name), 'utf8').toString('base64');
      case 'Fn::ImportValue': return this.environment.importValue(this.text(this.value(argument), name));
      case 'Fn::Length': {
        const list = this.value(argument);
        if (!Array.isArray(list)) throw refused('text-length-needs-list');
        return list.length;
      }
      case 'Fn::ToJsonString': return JSON.stringify(this.value(argument));
      case 'Fn::If': {
        const [condition, whenTrue, whenFalse] = argumentsOf(name, argument);
        return this.value(this.condition(this.text(condition, name)) ? whenTrue : whenFalse);
      }
      case 'Fn::Equals': {
        const [left, right] = argumentsOf(name, argument);
        return comparable(this.value(left)) === comparable(this.value(right));
      }
      case 'Fn::Not': return !this.truth(argumentsOf(name, argument)[0]);
      case 'Fn::And': return argumentsOf(name, argument).every((each) => this.truth(each));
      case 'Fn::Or': return argumentsOf(name, argument).some((each) => this.truth(each));
      case 'Fn::Contains': {
        const [list, item] = argumentsOf(name, argument);
        return this.strings(list).includes(comparable(this.value(item)));
      }
      case 'Fn::EachMemberEquals': {
        const [list, item] = argumentsOf(name, argument);
        const wanted = comparable(this.value(item));
        return this.strings(list).every((each) => each === wanted);
      }
      case 'Fn::EachMemberIn': {
        const [list, allowed] = argumentsOf(name, argument);
        const set = this.strings(allowed);
        return this.strings(list).every((each) => set.includes(each));
      }
      default: throw unsupported(name);
    }
  }

  private ref(name: string): Value | undefined {
    if (name.startsWith('AWS::')) return this.pseudo(name);
    const parameter = own(this.environment.parameters, name);
    if (parameter !== undefined) {
      this.trace.parameters.add(name);
      return parameter;
    }
    this.trace.references.add(name);
    return this.resources.ref(name);
  }

  private pseudo(name: string): Value | undefined {
    const { environment } = this;
    switch (name) {
      case 'AWS::NoValue': return undefined;
      case 'AWS::AccountId': return environment.account;
      case 'AWS::Region': return environment.region;
      case 'AWS::Partition': return environment.partition;
      case 'AWS::URLSuffix': return environment.partition === 'aws-cn' ? 'amazonaws.com.cn' : 'amazonaws.com';
      case 'AWS::StackName': return environment.stackName;
      case 'AWS::StackId': return environment.stackId;
      case 'AWS::NotificationARNs': return [...environment.notificationArns];
      default: throw refused('text-unresolved-resources', { logicalIds: name });
    }
  }

  private getAtt(argument: Value): Value {
    const [logicalId, name] = getAttArguments(argument);
    const attribute = [name].flat().map((part) => this.text(this.value(part as Value), 'Fn::GetAtt')).join('.');
    return this.attribute(this.text(logicalId, 'Fn::GetAtt'), attribute);
  }

  private attribute(logicalId: string, attribute: string): Value {
    this.trace.attributes.add(`${logicalId}.${attribute}`);
    return this.resources.attribute(logicalId, attribute);
  }

  private sub(argument: Value): Value {
    const [text, given] = Array.isArray(argument) ? argument as readonly Value[] : [argument, {}];
    if (typeof text !== 'string' || !isObject(given)) {
      throw refused('text-sub-parameters');
    }
    return this.grown(text.replace(/\$\{([^}]*)\}/g, (_whole, expression: string) => {
      if (expression.startsWith('!')) return `\${${expression.slice(1)}}`;
      const name = expression.trim();
      let value: Value | undefined;
      const inPlace = own(given as ValueMap, name);
      if (inPlace !== undefined) value = this.value(inPlace);
      else if (name.includes('.') && !name.startsWith('AWS::')) value = this.attribute(...splitOnce(name));
      else value = this.ref(name);
      if (value === undefined || value === null || typeof value === 'object') {
        throw refused('text-sub-not-a-string', { name });
      }
      return this.grown(String(value));
    }));
  }

  private join(argument: Value): Value {
    const [delimiter, items] = argumentsOf('Fn::Join', argument);
    const list = this.value(items);
    if (list === KNOWN_AFTER_APPLY) return KNOWN_AFTER_APPLY;
    if (!Array.isArray(list) || list.some((item) => typeof item === 'object')) {
      throw refused('text-join-parameters');
    }
    const between = this.text(delimiter, 'Fn::Join');
    // Before it is made: a long delimiter does most of it.
    this.make(between.length * list.length);
    return this.grown(list.map(String).join(between));
  }

  private split(argument: Value): Value {
    const [delimiter, source] = argumentsOf('Fn::Split', argument);
    const text = this.text(this.value(source), 'Fn::Split');
    return text.includes(KNOWN_AFTER_APPLY) ? [KNOWN_AFTER_APPLY] : text.split(this.text(delimiter, 'Fn::Split'));
  }

  private select(argument: Value): Value {
    const [at, items] = argumentsOf('Fn::Select', argument);
    const index = Number(this.text(this.value(at), 'Fn::Select'));
    const list = this.value(items);
    if (list === KNOWN_AFTER_APPLY) return KNOWN_AFTER_APPLY;
    if (!Array.isArray(list)) throw refused('text-select-parameters');
    if (list[index] !== undefined && list[index] !== null) return list[index] as Value;
    // A list made of something unknown may well be long enough.
    if (JSON.stringify(list).includes(KNOWN_AFTER_APPLY)) return KNOWN_AFTER_APPLY;
    throw refused('text-select-nothing-there', { index });
  }

  private findInMap(argument: Value): Value | undefined {
    const list = this.list('Fn::FindInMap', argument);
    if (list.length !== 3 && list.length !== 4) {
      throw refused('text-find-in-map-parameters');
    }
    const [map, first, second] = list.slice(0, 3).map((each) => this.text(this.value(each), 'Fn::FindInMap'));
    const found = own(own(own(this.template.Mappings, map), first), second);
    if (found !== undefined) return found;
    const [, , , options] = list;
    if (isObject(options) && options.DefaultValue !== undefined) return this.value(options.DefaultValue);
    if (!own(this.template.Mappings, map)) throw refused('text-no-mapping', { map });
    throw refused('text-no-mapping-value', { map, first, second });
  }

  private cidr(argument: Value): Value {
    const [block, count, bits] = this.list('Fn::Cidr', argument).map((each) => this.text(this.value(each), 'Fn::Cidr'));
    if (block.includes(KNOWN_AFTER_APPLY)) return KNOWN_AFTER_APPLY;
    return cidrBlocks(block, Number(count), bits === undefined ? 8 : Number(bits));
  }

  private strings(value: Value): string[] {
    const list = this.value(value);
    return Array.isArray(list) ? list.map((item) => comparable(item as Value)) : [comparable(list)];
  }

  private list(name: string, argument: Value): readonly Value[] {
    if (!Array.isArray(argument)) throw refused('text-list-argument', { name });
    return argument as readonly Value[];
  }

  private grown(text: string): string {
    this.make(text.length);
    return text;
  }

  private make(characters: number): void {
    this.made += characters;
    if (this.made > MOST_TEXT) throw refused('text-template-grows', { characters: MOST_TEXT });
  }

  private text(value: Value | undefined, where: string): string {
    if (typeof value === 'string') return value;
    if (typeof value === 'number' || typeof value === 'boolean') return String(value);
    if (where === 'Ref') throw refused('text-ref-not-a-string');
    throw refused('text-not-a-string', { where });
  }
}

function splitOnce(text: string): [string, string] {
  const dot = text.indexOf('.');
  return dot < 0 ? [text, ''] : [text.slice(0, dot), text.slice(dot + 1)];
}

/** Scalars are compared as the text they are written as. */
function comparable(value: Value | undefined): string {
  return typeof value === 'object' || value === undefined ? JSON.stringify(value ?? null) : String(value);
}
