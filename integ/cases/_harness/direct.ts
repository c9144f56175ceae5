import { randomUUID } from 'node:crypto';
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import {
  CloudFormationClient, CreateChangeSetCommand, DeleteStackCommand, DescribeChangeSetCommand, DescribeStacksCommand, ExecuteChangeSetCommand,
} from '@aws-sdk/client-cloudformation';
import type { Stack } from '@aws-sdk/client-cloudformation';
import { CreateBucketCommand, HeadObjectCommand, PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { PutParameterCommand, SSMClient } from '@aws-sdk/client-ssm';
import type { AppProps } from 'aws-cdk-lib';
import { zipSync } from 'fflate';
import { failures } from './failures';
import type { Build, Offline } from './offline';
import type { Report } from 'cloudhsm-emulator';

interface FileAsset {
  readonly source: { readonly path: string; readonly packaging: 'file' | 'zip' };
  readonly destinations: Readonly<Record<string, { readonly bucketName: string; readonly objectKey: string }>>;
}

interface Artifact {
  readonly type: string;
  readonly properties?: { readonly templateFile?: string; readonly stackName?: string };
  readonly displayName?: string;
  readonly dependencies?: readonly string[];
}

/** A stack as an assembly holds it. */
export interface Template {
  readonly name: string;
  readonly body: string;
}

/** What became of a stack, and what that took on the host. */
export interface DirectStack {
  readonly name: string;
  readonly status: string;
  readonly reason?: string;
  readonly hostMilliseconds: number;
}

/** What a deploy without the CLI took on the host. */
export interface DirectDeploy {
  readonly stacks: readonly DirectStack[];
}

/** Resolves when nothing goes on any more. */
type Settled = () => Promise<void>;

/**
 * Deploys an assembly by the API alone, as the CLI does but without starting it: for benchmarks, for runs over many seeds, and for cases that deploy
 * much the same many times. Other cases use the stock CLI. A stack that is there is updated, or left alone when nothing of it changes.
 */
export async function deployDirectly(offline: Offline, assembly: string, settled: Settled = () => offline.emulator.idle()): Promise<DirectDeploy> {
  await publish(offline, assembly);
  const done = [];
  for (const template of templatesOf(assembly)) done.push(await deployTemplate(offline, template, settled));
  return { stacks: done };
}

/** The same for an app, of which all stacks must end well. */
export async function mustDeployDirectly(offline: Offline, build: Build, props: AppProps = {}): Promise<Report> {
  const { stacks } = await deployDirectly(offline, offline.synth(build, props));
  const failed = stacks.filter(({ status }) => !/^(CREATE|UPDATE)_COMPLETE$/.test(status));
  for (const { name, status } of failed) throw new Error(`${name} is ${status}: ${await failures(offline, name)}`);
  return offline.report();
}

/** The stacks of an assembly, each after those it depends on. */
export function templatesOf(assembly: string): Template[] {
  const { artifacts } = JSON.parse(readFileSync(join(assembly, 'manifest.json'), 'utf8')) as { artifacts: Record<string, Artifact> };
  const ordered = new Set<string>();
  const visit = (id: string): void => {
    artifacts[id].dependencies?.forEach(visit);
    ordered.add(id);
  };
  Object.keys(artifacts).forEach(visit);
  return [...ordered].filter((id) => artifacts[id].type === 'aws:cloudformation:stack').map((id) => {
    const { properties } = artifacts[id];
    return { name: properties?.stackName ?? id, body: readFileSync(join(assembly, properties!.templateFile!), 'utf8') };
  });
}

/** Creates or updates a stack whose assets are published. */
export async function deployTemplate(
  offline: Offline, { name, body }: Template, settled: Settled = () => offline.emulator.idle(),
): Promise<DirectStack> {
  const client = new CloudFormationClient(offline.client);
  const key = `direct/${name}.json`;
  await new S3Client(offline.client).send(new PutObjectCommand({ Bucket: bucketOf(offline), Key: key, Body: body }));
  const change = { StackName: name, ChangeSetName: `direct-${randomUUID()}` };
  await client.send(new CreateChangeSetCommand({
    ...change,
    ChangeSetType: await describedStack(client, name) ? 'UPDATE' : 'CREATE',
    Capabilities: ['CAPABILITY_IAM', 'CAPABILITY_NAMED_IAM', 'CAPABILITY_AUTO_EXPAND'],
    TemplateURL: `${offline.emulator.endpoint}/${bucketOf(offline)}/${key}`,
  }));
  await settled();
  const startedAt = performance.now();
  const { Status, StatusReason = '' } = await client.send(new DescribeChangeSetCommand(change));
  if (Status === 'FAILED' && !/didn't contain changes/.test(StatusReason)) throw new Error(`the change set of ${name} failed: ${StatusReason}`);
  if (Status !== 'FAILED') await client.send(new ExecuteChangeSetCommand(change));
  await settled();
  const hostMilliseconds = Math.round(performance.now() - startedAt);
  const stack = await describedStack(client, name);
  return { name, status: stack!.StackStatus!, reason: stack!.StackStatusReason, hostMilliseconds };
}

async function describedStack(client: CloudFormationClient, StackName: string): Promise<Stack | undefined> {
  try {
    const { Stacks: [stack] = [] } = await client.send(new DescribeStacksCommand({ StackName }));
    return stack;
  } catch (error) {
    if (/does not exist/.test((error as Error).message)) return undefined;
    throw error;
  }
}

/** Deletes a stack, and says what became of it. */
export async function deleteDirectly(offline: Offline, name: string, settled: Settled = () => offline.emulator.idle()): Promise<DirectStack> {
  const client = new CloudFormationClient(offline.client);
  const startedAt = performance.now();
  // By its name a stack that is gone is not found.
  const { StackId } = (await describedStack(client, name))!;
  await client.send(new DeleteStackCommand({ StackName: name }));
  await settled();
  const hostMilliseconds = Math.round(performance.now() - startedAt);
  const { StackStatus, StackStatusReason } = (await describedStack(client, StackId!))!;
  return { name, status: StackStatus!, reason: StackStatusReason, hostMilliseconds };
}

/** What templates and their assets need of `cdk bootstrap` in another Region. */
export async function bootstrapDirectly(offline: Offline): Promise<void> {
  await new S3Client(offline.client).send(new CreateBucketCommand({ Bucket: bucketOf(offline) }));
  await new SSMClient(offline.client).send(new PutParameterCommand({ Name: '/cdk-bootstrap/hnb659fds/version', Type: 'String', Value: '30' }));
}

function bucketOf({ emulator, region }: Offline): string {
  return `cdk-hnb659fds-assets-${emulator.environment.AWS_ACCESS_KEY_ID}-${region}`;
}

/** Puts the assets of an assembly where its templates look for them, but for those that are there. */
export async function publish(offline: Offline, assembly: string): Promise<void> {
  const s3 = new S3Client(offline.client);
  for (const file of readdirSync(assembly).filter((name) => name.endsWith('.assets.json'))) {
    const { files } = JSON.parse(readFileSync(join(assembly, file), 'utf8')) as { files: Record<string, FileAsset> };
    for (const { source, destinations } of Object.values(files)) {
      for (const { objectKey } of Object.values(destinations)) {
        const object = { Bucket: bucketOf(offline), Key: objectKey };
        if (await s3.send(new HeadObjectCommand(object)).then(() => true, () => false)) continue;
        const path = join(assembly, source.path);
        const body = source.packaging === 'zip' ? Buffer.from(zipSync(folderOf(path))) : readFileSync(path);
        await s3.send(new PutObjectCommand({ ...object, Body: body }));
      }
    }
  }
}

function folderOf(path: string, prefix: string = ''): Record<string, Uint8Array> {
  return Object.assign({}, ...readdirSync(path).map((name) => {
    const inner = join(path, name);
    return statSync(inner).isDirectory() ? folderOf(inner, `${prefix}${name}/`) : { [prefix + name]: new Uint8Array(readFileSync(inner)) };
  })) as Record<string, Uint8Array>;
}
