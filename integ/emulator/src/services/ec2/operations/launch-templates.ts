import type { Context, Output } from '../../../wire/operation';
import { newId } from '../ids';
import { list, paged } from '../listing';
import type { ListInput } from '../listing';
import { refuse } from '../refusals';
import { launchTemplates } from '../state';
import type { LaunchTemplate, LaunchTemplateVersion } from '../state';
import { checkTagTypes, dropTags, tagNew, tagsOf } from '../tags';
import type { WithTags } from '../tags';

type Data = LaunchTemplateVersion['data'];

interface Named {
  readonly LaunchTemplateId?: string;
  readonly LaunchTemplateName?: string;
}

interface CreateInput extends WithTags {
  readonly LaunchTemplateName: string;
  readonly VersionDescription?: string;
  readonly LaunchTemplateData: Data;
}

/** What is in the data is looked at when an instance is launched from it. */
export function createLaunchTemplate(context: Context, input: CreateInput): Output {
  checkTagTypes(context, input, 'launch-template');
  if (launchTemplates(context).values().some(({ name }) => name === input.LaunchTemplateName)) throw refuse(context, 'launch-template-exists');
  const id = newId(context, 'lt');
  const template = launchTemplates(context).put(id, {
    id,
    name: input.LaunchTemplateName,
    defaultVersion: 1,
    latestVersion: 1,
    versions: [version(context, 1, input.VersionDescription, input.LaunchTemplateData)],
    createdAt: context.now,
    createdBy: context.caller.principal.arn,
  });
  tagNew(context, input, 'launch-template', id);
  context.emit('created', id);
  return { LaunchTemplate: view(context, template) };
}

function version(context: Context, number: number, description: string | undefined, data: Data): LaunchTemplateVersion {
  return { number, description, data, createdAt: context.now, createdBy: context.caller.principal.arn };
}

interface CreateVersionInput extends Named {
  readonly SourceVersion?: string;
  readonly VersionDescription?: string;
  readonly LaunchTemplateData: Data;
}

export function createLaunchTemplateVersion(context: Context, input: CreateVersionInput): Output {
  const template = templateOf(context, input);
  const base = input.SourceVersion === undefined ? {} : versionOf(context, template, input.SourceVersion).data;
  const number = template.latestVersion + 1;
  const made = version(context, number, input.VersionDescription, { ...base, ...input.LaunchTemplateData });
  const next = launchTemplates(context).put(template.id, { ...template, latestVersion: number, versions: [...template.versions, made] });
  context.emit(`version ${number} created`, template.id);
  return { LaunchTemplateVersion: versionView(context, next, next.versions[next.versions.length - 1]) };
}

export function modifyLaunchTemplate(context: Context, input: Named & { DefaultVersion?: string }): Output {
  const template = templateOf(context, input);
  const chosen = input.DefaultVersion === undefined ? template.defaultVersion : versionOf(context, template, input.DefaultVersion).number;
  return { LaunchTemplate: view(context, launchTemplates(context).put(template.id, { ...template, defaultVersion: chosen })) };
}

export function deleteLaunchTemplate(context: Context, input: Named): Output {
  const template = templateOf(context, input);
  const last = view(context, template);
  launchTemplates(context).delete(template.id);
  dropTags(context, template.id);
  context.emit('deleted', template.id);
  return { LaunchTemplate: last };
}

export function deleteLaunchTemplateVersions(context: Context, input: Named & { Versions: string[] }): Output {
  const template = templateOf(context, input);
  const known = input.Versions.filter((text) =>
    template.versions.some(({ number }) => String(number) === text) && Number(text) !== template.defaultVersion);
  const versions = template.versions.filter(({ number }) => !known.includes(String(number)));
  launchTemplates(context).put(template.id, { ...template, versions });
  const item = (text: string): Output => ({
    LaunchTemplateId: template.id, LaunchTemplateName: template.name, VersionNumber: Number(text),
  });
  return {
    SuccessfullyDeletedLaunchTemplateVersions: known.map(item),
    UnsuccessfullyDeletedLaunchTemplateVersions: input.Versions.filter((text) => !known.includes(text)).map((text) => ({
      ...item(text),
      ResponseError: Number(text) === template.defaultVersion
        ? { Code: 'unexpectedError', Message: 'The default version cannot be deleted.' }
        : { Code: 'launchTemplateVersionDoesNotExist', Message: `Could not find launch template version ${text}` },
    })),
  };
}

interface DescribeInput extends ListInput {
  readonly LaunchTemplateIds?: readonly string[];
  readonly LaunchTemplateNames?: readonly string[];
}

export function describeLaunchTemplates(context: Context, input: DescribeInput): Output {
  const names = input.LaunchTemplateNames ?? [];
  names.forEach((LaunchTemplateName) => templateOf(context, { LaunchTemplateName }));
  const { page, NextToken } = list(context, input, {
    records: launchTemplates(context).values().filter(({ name }) => names.length === 0 || names.includes(name)),
    idOf: (template) => template.id,
    ids: input.LaunchTemplateIds,
    missing: 'launch-template',
    filters: { 'launch-template-name': (template) => template.name, 'create-time': (template) => template.createdAt },
  });
  return { LaunchTemplates: page.map((template) => view(context, template)), NextToken };
}

interface DescribeVersionsInput extends ListInput, Named {
  readonly Versions?: readonly string[];
  readonly MinVersion?: string;
  readonly MaxVersion?: string;
}

/** Versions of one template; `$Latest` and `$Default` without a template are those of all. */
export function describeLaunchTemplateVersions(context: Context, input: DescribeVersionsInput): Output {
  const named = input.LaunchTemplateId !== undefined || input.LaunchTemplateName !== undefined;
  if (!named && !input.Versions?.length) throw refuse(context, 'missing-parameter', 'launchTemplateId');
  const templates = named ? [templateOf(context, input)] : launchTemplates(context).values();
  const found = templates.flatMap((template) => {
    if (input.Versions?.length) return input.Versions.map((text) => ({ template, version: versionOf(context, template, text) }));
    return [...template.versions].reverse()
      .filter(({ number }) => number >= Number(input.MinVersion ?? 1) && number <= Number(input.MaxVersion ?? number))
      .map((each) => ({ template, version: each }));
  });
  const { page, NextToken } = paged(context, found, ({ template, version: { number } }) => `${template.id} ${number}`, input);
  return { LaunchTemplateVersions: page.map((each) => versionView(context, each.template, each.version)), NextToken };
}

export function templateOf(context: Context, { LaunchTemplateId, LaunchTemplateName }: Named): LaunchTemplate {
  if (LaunchTemplateId !== undefined && LaunchTemplateName !== undefined) throw refuse(context, 'launch-template-both');
  if (LaunchTemplateId !== undefined) {
    const template = launchTemplates(context).get(LaunchTemplateId);
    if (!template) throw refuse(context, 'launch-template', LaunchTemplateId);
    return template;
  }
  const template = launchTemplates(context).values().find(({ name }) => name === LaunchTemplateName);
  if (!template) throw refuse(context, 'launch-template-name', LaunchTemplateName ?? '');
  return template;
}

export function versionOf(context: Context, template: LaunchTemplate, text: string = '$Default'): LaunchTemplateVersion {
  const number = text === '$Latest' ? template.latestVersion : text === '$Default' ? template.defaultVersion : Number(text);
  const found = template.versions.find((candidate) => candidate.number === number);
  if (!found) throw refuse(context, 'launch-template-version', template.id, text);
  return found;
}

function view(context: Context, template: LaunchTemplate): Output {
  return {
    LaunchTemplateId: template.id,
    LaunchTemplateName: template.name,
    CreateTime: new Date(context.kernel.hostTime(template.createdAt)),
    CreatedBy: template.createdBy,
    DefaultVersionNumber: template.defaultVersion,
    LatestVersionNumber: template.latestVersion,
    Tags: tagsOf(context, template.id),
  };
}

function versionView(context: Context, template: LaunchTemplate, { number, description, data, createdAt, createdBy }: LaunchTemplateVersion): Output {
  return {
    LaunchTemplateId: template.id,
    LaunchTemplateName: template.name,
    VersionNumber: number,
    VersionDescription: description,
    CreateTime: new Date(context.kernel.hostTime(createdAt)),
    CreatedBy: createdBy,
    DefaultVersion: number === template.defaultVersion,
    LaunchTemplateData: data,
  };
}
