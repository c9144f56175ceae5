import { CloudFormationClient, DescribeStacksCommand } from '@aws-sdk/client-cloudformation';
import { CloudHSMV2Client, paginateDescribeBackups } from '@aws-sdk/client-cloudhsm-v2';
import type { Backup } from '@aws-sdk/client-cloudhsm-v2';
import { DecryptCommand, EncryptCommand, KMSClient } from '@aws-sdk/client-kms';
import { CreateSecretCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { GetParameterCommand, SSMClient } from '@aws-sdk/client-ssm';
import { BEFORE_SIGNING, ELSEWHERE, inLife } from './app';
import type { Choices, Signed } from './app';
import { elsewhere } from '../apps/copied';
import { asUser, asUserOf, onAdminClient } from '../cases/_harness/admin-client';
import { CompanyRoot } from '../cases/_harness/company-root';
import { bootstrapDirectly, deleteDirectly, mustDeployDirectly } from '../cases/_harness/direct';
import { outputs, stores } from '../cases/_harness/key-stores';
import type { Offline } from '../cases/_harness/offline';
import { secretOf } from '../cases/_harness/passwords';
import type { Report } from 'cloudhsm-emulator';

const REPLACEMENT_SECONDS = 600;
const FIRST_KEY = 'key list --verbose --filter attr.label=first';

/** What is done with the cluster, and what can be seen of it. */
export class Life {
  private signed?: Signed;
  private readonly root = new CompanyRoot();

  public constructor(public readonly offline: Offline) {}

  public end(): void {
    this.root.remove();
  }

  /** Two deploys, between which the company's root signs what the first one's output says. */
  public async begin(): Promise<void> {
    await mustDeployDirectly(this.offline, BEFORE_SIGNING);
    const all = Object.entries(await outputs(this.offline));
    const [, request] = all.find(([name]) => name.includes('CertificateSigningRequest'))!;
    const [, steps] = all.find(([name]) => name.includes('NextSteps'))!;
    const { Parameter } = await new SSMClient(this.offline.client).send(new GetParameterCommand({ Name: request }));
    const signedCertificate = this.root.sign(Parameter!.Value!, /openssl x509 .*? -out cluster\.crt/.exec(steps)![0]);
    this.signed = { signedCertificate, trustAnchor: this.root.certificate };
    await this.deploy({ hsmCount: 2 });
  }

  public async deploy(choices: Choices): Promise<void> {
    await mustDeployDirectly(this.offline, inLife(this.signed!, choices));
  }

  /** A cluster in the other Region, made of the newest copy, with the password that an operator has carried there. @returns the first key's check value on it */
  public async restoreElsewhere(): Promise<string> {
    const there = this.offline.in(ELSEWHERE);
    await bootstrapDirectly(there);
    const adminSecretArn = await this.carryPassword(there);
    const backupId = (await this.backups(there)).at(-1)!.BackupId!;
    await mustDeployDirectly(there, elsewhere({ account: there.client.credentials.accessKeyId, region: ELSEWHERE, backupId, adminSecretArn }));
    const { UserArn, Client } = await outputs(there, 'Elsewhere');
    return checkValueIn(await asUserOf(there, Client, UserArn, FIRST_KEY));
  }

  /** Everything goes by the templates' wish. */
  public async destroy(): Promise<string[]> {
    const statuses = [];
    const there = this.offline.in(ELSEWHERE);
    for (const [where, name] of [[there, 'Elsewhere'], [there, 'NetworkElsewhere'], [this.offline, 'Hsm'], [this.offline, 'Network']] as const) {
      if (await isThere(where, name)) statuses.push((await deleteDirectly(where, name)).status);
    }
    return statuses;
  }

  /** The service replaces an HSM. */
  public async replace(hsmId: string): Promise<void> {
    const { emulator } = this.offline;
    emulator.calls.make(
      { service: 'cloudhsm-hsm', account: '123456789012', region: emulator.region }, 'EmulatedReplaceHsm', { hsmId, replaceSeconds: REPLACEMENT_SECONDS },
      { principal: { kind: 'user', account: '123456789012', arn: 'arn:aws:iam::123456789012:user/outside' }, position: { kind: 'outside' } });
    await emulator.advance(2 * REPLACEMENT_SECONDS * 1000);
    await emulator.idle();
  }

  public get clusters(): Report['clusters'] {
    return this.offline.report().clusters.filter(({ state }) => state !== 'DELETED');
  }

  public async stores(): Promise<string[]> {
    return stores(this.offline);
  }

  public async makeKey(): Promise<string> {
    return checkValueIn(await this.asApp('key generate-symmetric aes --label first --key-length-bytes 32'));
  }

  public async checkValue(): Promise<string> {
    return checkValueIn(await this.asApp(FIRST_KEY));
  }

  public async encrypt(): Promise<() => Promise<string>> {
    const kms = new KMSClient(this.offline.client);
    const { CiphertextBlob } = await kms.send(new EncryptCommand({ KeyId: 'alias/orders', Plaintext: Buffer.from('the first') }));
    return async () => Buffer.from((await kms.send(new DecryptCommand({ CiphertextBlob }))).Plaintext!).toString();
  }

  /** Those that can be restored, the oldest first. */
  public async backups({ client: settings }: Offline = this.offline): Promise<Backup[]> {
    const client = new CloudHSMV2Client(settings);
    const found: Backup[] = [];
    for await (const { Backups = [] } of paginateDescribeBackups({ client }, { Filters: { states: ['READY'] }, SortAscending: true })) found.push(...Backups);
    return found;
  }

  /** The original's client is the only one that may read it. */
  private async carryPassword(there: Offline): Promise<string> {
    const arn = await secretOf(this.offline, 'Automation admin of a CloudHSM cluster', (name) => !name.startsWith('Restored'));
    const { output } = await onAdminClient(this.offline, `aws secretsmanager get-secret-value --secret-id '${arn}' --query SecretString --output text`);
    const { ARN } = await new SecretsManagerClient(there.client).send(new CreateSecretCommand({ Name: 'carried', SecretString: output.trim() }));
    return ARN!;
  }

  /** On the cluster that carries the key store. */
  private async asApp(command: string): Promise<string> {
    const { RestoredUserArn, RestoredClient } = await outputs(this.offline);
    if (RestoredClient !== undefined) return asUserOf(this.offline, RestoredClient, RestoredUserArn, command);
    return asUser(this.offline, await secretOf(this.offline, 'Crypto user app'), command);
  }
}

export function checkValueIn(text: string): string {
  const [, value] = /"check-value": *"(0x[0-9a-f]+)"/.exec(text) ?? [];
  if (value === undefined) throw new Error(`no check value in ${text}`);
  return value;
}

async function isThere({ client }: Offline, StackName: string): Promise<boolean> {
  return new CloudFormationClient(client).send(new DescribeStacksCommand({ StackName })).then(() => true, () => false);
}
