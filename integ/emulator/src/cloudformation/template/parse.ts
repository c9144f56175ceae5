import { isAlias, isMap, isSeq, parseDocument, visit } from 'yaml';
import type { CollectionTag, ScalarTag, Tags } from 'yaml';
import { checkStructure } from './structure';
import { isObject } from './template';
import type { Template, Value } from './template';
import { isNestedTooDeeply } from '../../kernel/nesting';
import { refused } from '../texts';

/** Functions that YAML writes as tags: `!Sub`, `!GetAtt`, … `Ref` and `Condition` have no `Fn::`. */
const SHORT_FORMS = [
  'Ref', 'Condition', 'Base64', 'Cidr', 'And', 'Equals', 'If', 'Not', 'Or', 'FindInMap', 'GetAtt', 'GetAZs', 'ImportValue', 'Join', 'Length', 'Select',
  'Split', 'Sub', 'ToJsonString', 'Transform', 'Contains', 'EachMemberEquals', 'EachMemberIn', 'RefAll', 'ValueOf', 'ValueOfAll',
];

/** YAML 1.1 reads `12:30` as a number and `2010-09-09` as a date. */
const NUMBERS_OF_TIME = new Set(['tag:yaml.org,2002:timestamp/', 'tag:yaml.org,2002:int/TIME', 'tag:yaml.org,2002:float/TIME']);

/** @throws what CloudFormation says of a malformed template */
export function parseTemplate(body: string): Template {
  const value = body.trimStart().startsWith('{') ? parseJson(body) : parseYaml(body);
  if (!isObject(value)) throw refused('text-template-structure');
  if (isNestedTooDeeply(value)) throw refused('text-template-too-deep');
  checkStructure(value);
  return value as unknown as Template;
}

function parseJson(body: string): Value {
  try {
    return JSON.parse(body) as Value;
  } catch (error) {
    const at = /position (\d+)/.exec((error as Error).message);
    const before = body.slice(0, at ? Number(at[1]) : body.length).split('\n');
    throw refused('text-json-not-well-formed', { line: before.length, column: before[before.length - 1].length + 1 });
  }
}

function parseYaml(body: string): Value {
  const document = parseDocument(body, { version: '1.1', customTags: shortForms, uniqueKeys: true, intAsBigInt: false });
  const [problem] = document.errors;
  if (problem) {
    const { line, col } = problem.linePos?.[0] ?? { line: 1, col: 1 };
    throw refused('text-yaml-not-well-formed', { line, column: col });
  }
  let hasAlias = false;
  visit(document, (_key, node) => {
    hasAlias ||= isAlias(node);
    return hasAlias ? visit.BREAK : undefined;
  });
  if (hasAlias) throw refused('text-yaml-alias');
  return document.toJS() as Value;
}

function shortForms(tags: Tags): Tags {
  // Dates and times stay text: AWSTemplateFormatVersion and `22:22` are meant as written.
  const kept = tags.filter((tag) => typeof tag === 'string' || !NUMBERS_OF_TIME.has(`${tag.tag}/${(tag as ScalarTag).format ?? ''}`));
  return [...kept, ...SHORT_FORMS.flatMap(tagsOf)];
}

function tagsOf(short: string): Array<ScalarTag | CollectionTag> {
  const name = short === 'Ref' || short === 'Condition' ? short : `Fn::${short}`;
  const tag = `!${short}`;
  return [
    { tag, resolve: (text: string) => ({ [name]: short === 'GetAtt' ? splitAttribute(text) : text }) } as ScalarTag,
    collectionTag(tag, name, 'seq'),
    collectionTag(tag, name, 'map'),
  ];
}

/** Wraps a tagged collection by wrapping what it converts to. */
function collectionTag(tag: string, name: string, collection: 'seq' | 'map'): CollectionTag {
  return {
    tag,
    collection,
    resolve: (node) => {
      if (!isMap(node) && !isSeq(node)) return node;
      const toJson = node.toJSON.bind(node) as (argument?: unknown, context?: unknown) => unknown;
      node.toJSON = ((argument?: unknown, context?: unknown) => ({ [name]: toJson(argument, context) })) as typeof node.toJSON;
      return node;
    },
  };
}

/** `!GetAtt Resource.Nested.Attribute`: the logical id ends at the first dot. */
export function splitAttribute(text: string): [string, string] {
  const dot = text.indexOf('.');
  return dot < 0 ? [text, ''] : [text.slice(0, dot), text.slice(dot + 1)];
}
