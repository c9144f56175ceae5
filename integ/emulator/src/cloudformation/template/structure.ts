import { functionOf, isObject } from './template';
import type { Value, ValueMap } from './template';
import { refused } from '../texts';

const SECTIONS = new Set([
  'AWSTemplateFormatVersion', 'Description', 'Metadata', 'Parameters', 'Mappings', 'Conditions', 'Rules', 'Transform', 'Resources', 'Outputs', 'Hooks',
]);

const RESOURCE_ATTRIBUTES = new Set([
  'Type', 'Properties', 'Condition', 'DependsOn', 'Metadata', 'CreationPolicy', 'UpdatePolicy', 'DeletionPolicy', 'UpdateReplacePolicy', 'Description',
]);

const CONDITION_FUNCTIONS = new Set(['Condition', 'Fn::And', 'Fn::Equals', 'Fn::If', 'Fn::Not', 'Fn::Or', 'Fn::Transform']);

const PARAMETER_NUMBERS = ['MinLength', 'MaxLength', 'MinValue', 'MaxValue'];

/** @throws when a section, or a member of one, is not of the form that it must have: nothing after this has to look again */
export function checkStructure(template: ValueMap): void {
  const unknown = Object.keys(template).filter((key) => !SECTIONS.has(key));
  if (unknown.length > 0) throw refused('text-unknown-sections', { unknown: unknown.join(', ') });
  // What is said of a template's metadata is nobody's business.
  for (const [section, value] of Object.entries(template)) if (section !== 'Metadata') refuseNull(`/${section}`, value);
  const { AWSTemplateFormatVersion: version, Description: description, Resources: resources } = template;
  if (version !== undefined && version !== '2010-09-09') throw refused('text-template-version');
  if (description !== undefined && typeof description !== 'string') throw malformed('/Description', 'a string');
  if (!isObject(resources) || Object.keys(resources).length === 0) throw refused('text-no-resources');
  for (const [id, resource] of Object.entries(resources)) checkResource(id, resource);
  for (const [name, parameter] of membersOf(template, 'Parameters')) checkParameter(name, parameter);
  for (const [name, mapping] of membersOf(template, 'Mappings')) checkMapping(`/Mappings/${name}`, mapping);
  for (const [name, condition] of membersOf(template, 'Conditions')) {
    if (!CONDITION_FUNCTIONS.has(functionOf(condition)?.name ?? '') && !name.startsWith('Fn::ForEach')) throw refused('text-condition-definition');
  }
  for (const [name, rule] of membersOf(template, 'Rules')) checkRule(`/Rules/${name}`, rule);
  for (const [name, output] of membersOf(template, 'Outputs')) checkOutput(name, output);
}

function malformed(path: string, kind: string): Error {
  return refused('text-malformed', { path, kind });
}

function membersOf(template: ValueMap, section: string): Array<[string, Value | undefined]> {
  const value = template[section];
  if (value === undefined) return [];
  if (!isObject(value)) throw malformed(`/${section}`, 'a map');
  return Object.entries(value);
}

function refuseNull(path: string, value: Value | undefined): void {
  if (value === null) throw refused('text-null-value', { path });
  if (typeof value !== 'object') return;
  for (const [key, inner] of Object.entries(value)) if (key !== 'Metadata') refuseNull(`${path}/${key}`, inner as Value);
}

function checkResource(id: string, resource: Value | undefined): void {
  if (!isObject(resource)) throw refused('text-resource-malformed', { id });
  if (!/^[A-Za-z0-9]+$/.test(id)) throw refused('text-resource-name', { id });
  if (typeof resource.Type !== 'string') throw refused('text-resource-without-type', { id });
  const wrong = Object.keys(resource).find((key) => !RESOURCE_ATTRIBUTES.has(key));
  if (wrong) throw refused('text-resource-member', { wrong });
  const { Properties: properties, Condition: condition, DependsOn: dependsOn } = resource;
  if (properties !== undefined && !isObject(properties)) throw refused('text-properties-not-an-object', { id });
  if (condition !== undefined && typeof condition !== 'string') throw malformed(`/Resources/${id}/Condition`, 'a string');
  if ([dependsOn ?? []].flat().some((each) => typeof each !== 'string')) throw refused('text-depends-on');
  for (const name of ['CreationPolicy', 'UpdatePolicy']) {
    if (resource[name] !== undefined && !isObject(resource[name])) throw malformed(`/Resources/${id}/${name}`, 'a map');
  }
  for (const name of ['DeletionPolicy', 'UpdateReplacePolicy']) {
    const policy = resource[name];
    if (policy !== undefined && typeof policy !== 'string' && !functionOf(policy)) throw refused('text-policy-not-a-string', { name });
  }
}

function checkParameter(name: string, parameter: Value | undefined): void {
  if (!isObject(parameter) || typeof parameter.Type !== 'string') throw refused('text-parameter-without-type');
  if (!/^[A-Za-z0-9]+$/.test(name)) throw refused('text-parameter-name', { name });
  const { AllowedValues: allowed, AllowedPattern: pattern } = parameter;
  if (allowed !== undefined && !Array.isArray(allowed)) throw malformed(`/Parameters/${name}/AllowedValues`, 'a list');
  if (pattern !== undefined && typeof pattern !== 'string') throw malformed(`/Parameters/${name}/AllowedPattern`, 'a string');
  for (const bound of PARAMETER_NUMBERS) {
    const value = parameter[bound];
    if (value !== undefined && (typeof value === 'object' || String(value).trim() === '' || !Number.isFinite(Number(value)))) {
      throw malformed(`/Parameters/${name}/${bound}`, 'a number');
    }
  }
}

function checkMapping(path: string, mapping: Value | undefined): void {
  if (!isObject(mapping)) throw malformed(path, 'a map');
  for (const [key, values] of Object.entries(mapping)) {
    if (!isObject(values)) {
      if (key === 'Fn::Transform') continue;
      throw malformed(`${path}/${key}`, 'a map');
    }
    for (const [name, value] of Object.entries(values)) if (isObject(value)) throw malformed(`${path}/${key}/${name}`, 'a string or a list');
  }
}

function checkRule(path: string, rule: Value | undefined): void {
  if (!isObject(rule)) throw malformed(path, 'a map');
  const { Assertions: assertions } = rule;
  if (!Array.isArray(assertions)) throw malformed(`${path}/Assertions`, 'a list');
  for (const [at, assertion] of (assertions as readonly Value[]).entries()) {
    if (!isObject(assertion) || !isObject(assertion.Assert)) throw malformed(`${path}/Assertions/${at}/Assert`, 'a function');
  }
}

function checkOutput(name: string, output: Value | undefined): void {
  if (!isObject(output) || output.Value === undefined) throw refused('text-output-without-value', { name });
  if (!/^[A-Za-z0-9]+$/.test(name)) throw refused('text-output-name', { name });
  const { Value: value, Export: exported, Description: description } = output;
  if (typeof value === 'object' && !functionOf(value)) throw refused('text-output-not-a-string', { kind: Array.isArray(value) ? 'List' : 'Map' });
  if (description !== undefined && typeof description !== 'string') throw malformed(`/Outputs/${name}/Description`, 'a string');
  if (exported === undefined) return;
  if (!isObject(exported)) throw refused('text-export-not-a-map', { name });
  const { Name: exportName } = exported;
  if (exportName === undefined || exportName === '' || (typeof exportName === 'object' && !functionOf(exportName))) throw refused('text-export-name', { name });
}
