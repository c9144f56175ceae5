import { parse as parseYaml } from 'yaml';
import { isObject } from './types';
import type { DocumentContent, ParameterDeclaration, Step } from './types';
import { valueProblem } from './values';
import type { Context } from '../../../wire/operation';
import { ServiceError } from '../../../wire/operation';

const TYPES = ['String', 'StringList', 'Boolean', 'Integer', 'MapList', 'StringMap'];
const SCHEMAS: Readonly<Record<string, readonly string[]>> = { Command: ['1.2', '2.0', '2.2'], Session: ['1.0'], Automation: ['0.3'] };

/** Parses a document. @throws ServiceError InvalidDocumentContent */
export function parseContent(content: string, format: string): DocumentContent {
  let parsed: unknown;
  try {
    parsed = format === 'YAML' ? parseYaml(content) : JSON.parse(content);
  } catch {
    throw invalid(`${format} not well-formed.`);
  }
  if (!isObject(parsed)) throw invalid(`${format} not well-formed.`);
  return { ...parsed, schemaVersion: String(parsed.schemaVersion ?? '') } as DocumentContent;
}

/** Refuses what cannot be a document of this type. Only command documents are looked into. @throws ServiceError */
export function checkContent(context: Context, content: DocumentContent, type: string): void {
  const schemas = SCHEMAS[type];
  if (schemas && !schemas.includes(content.schemaVersion)) {
    if (content.schemaVersion === '') throw invalid('The schemaVersion field is missing.');
    throw new ServiceError('InvalidDocumentSchemaVersion', `The version ${content.schemaVersion} of the document schema is not supported for documents of type ${type}.`);
  }
  if (type !== 'Command') return;
  if (content.parameters !== undefined && !isObject(content.parameters)) throw invalid('parameters must be a map.');
  for (const [name, declaration] of Object.entries(content.parameters ?? {})) checkDeclaration(context, name, declaration);
  if (content.schemaVersion === '1.2') checkRuntimeConfig(content);
  else checkSteps(content);
  if (context.row<string>('undeclared-reference') === 'refuse') checkReferences(content);
}

function checkDeclaration(context: Context, name: string, declaration: ParameterDeclaration): void {
  if (!/^[a-zA-Z0-9]+$/.test(name)) throw invalid(`Parameter name ${name} is not valid: only letters and digits are allowed.`);
  if (!isObject(declaration) || !TYPES.includes(declaration.type)) {
    throw invalid(`Parameter ${name} has type ${String((declaration as { type?: unknown })?.type)}; one of ${TYPES.join(', ')} is required.`);
  }
  if (declaration.interpolationType !== undefined && declaration.interpolationType !== 'ENV_VAR') {
    throw invalid(`Parameter ${name} has an unknown interpolationType.`);
  }
  if (declaration.interpolationType === 'ENV_VAR') {
    throw new ServiceError('InvalidDocumentContent', `[emulator] interpolationType ENV_VAR of parameter ${name} is not built`);
  }
  if (declaration.allowedValues !== undefined && !Array.isArray(declaration.allowedValues)) throw invalid(`allowedValues of ${name} must be a list.`);
  if (declaration.allowedPattern !== undefined) {
    try {
      new RegExp(declaration.allowedPattern);
    } catch {
      throw invalid(`allowedPattern of ${name} is not a valid regular expression.`);
    }
  }
  if (declaration.default === undefined) return;
  const { allowedPattern, allowedValues, ...typeOnly } = declaration;
  void allowedPattern;
  void allowedValues;
  const strict = context.row<string>('default-against-pattern') === 'refuse';
  const problem = valueProblem(context, name, strict ? declaration : typeOnly, declaration.default);
  if (problem) throw invalid(`Default value: ${problem}`);
}

function checkRuntimeConfig({ runtimeConfig }: DocumentContent): void {
  if (!isObject(runtimeConfig) || Object.keys(runtimeConfig).length === 0) throw invalid('runtimeConfig is missing.');
  for (const [plugin, config] of Object.entries(runtimeConfig)) {
    if (!plugin.startsWith('aws:')) throw invalid(`${plugin} is not a plugin.`);
    if (!isObject(config) || config.properties === undefined) throw invalid(`${plugin} has no properties.`);
  }
}

function checkSteps({ mainSteps }: DocumentContent): void {
  if (!Array.isArray(mainSteps) || mainSteps.length === 0) throw invalid('mainSteps is missing or empty.');
  const names = new Set<string>();
  for (const step of mainSteps as readonly Step[]) {
    if (!isObject(step)) throw invalid('A step must be a map.');
    if (typeof step.name !== 'string' || !/^[a-zA-Z0-9_]{1,128}$/.test(step.name)) throw invalid(`Step name ${String(step.name)} is not valid.`);
    if (names.has(step.name)) throw invalid(`Step name ${step.name} is used more than once.`);
    names.add(step.name);
    if (typeof step.action !== 'string' || !/^aws:[a-zA-Z]+$/.test(step.action)) throw invalid(`Step ${step.name} has no valid action.`);
    if (step.action === 'aws:runShellScript' && step.inputs?.runCommand === undefined) throw invalid(`Step ${step.name} has no runCommand.`);
  }
}

function checkReferences(content: DocumentContent): void {
  const declared = Object.keys(content.parameters ?? {});
  const steps = JSON.stringify(content.mainSteps ?? content.runtimeConfig ?? {});
  for (const [, name] of steps.matchAll(/\{\{\s*([a-zA-Z0-9]+)\s*\}\}/g)) {
    if (!declared.includes(name)) throw invalid(`Parameter ${name} is used but not declared.`);
  }
}

function invalid(message: string): ServiceError {
  return new ServiceError('InvalidDocumentContent', message);
}
