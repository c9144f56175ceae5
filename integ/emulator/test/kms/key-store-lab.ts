import { cpSync, rmSync } from 'node:fs';
import type { RunOutput } from '../../src/services/cloudhsm/client/input';
import { ec2 } from '../../src/services/ec2/service';
import { iam } from '../../src/services/iam/service';
import { kms } from '../../src/services/kms/service';
import type { Output, Position } from '../../src/wire/operation';
import { ADMIN, Lab, newFolder } from '../cloudhsm/lab';
import type { CliOptions, LabOptions } from '../cloudhsm/lab';
import { logs } from '../cloudhsm/neighbours';

export interface StoreShape {
  readonly CustomKeyStoreId: string;
  readonly CustomKeyStoreName: string;
  readonly CloudHsmClusterId: string;
  readonly ConnectionState: string;
  readonly ConnectionErrorCode?: string;
  readonly CreationDate: Date;
}

export interface KeyShape {
  readonly KeyId: string;
  readonly Arn: string;
  readonly KeyState: string;
  readonly [member: string]: unknown;
}

export const KMS_PASSWORD = 'KmsUserPassword1KmsUserPassword1';
const ZONES = ['us-east-1b', 'us-east-1c'];

let prepared: { folder: string; clusterId: string } | undefined;

afterAll(() => prepared && rmSync(prepared.folder, { recursive: true, force: true }));

/** A lab with an active cluster of two HSMs that has a `kmsuser`. Each test opens a copy of one state folder. */
export async function keyStoreLab(options: LabOptions = {}): Promise<KeyStoreLab> {
  if (!prepared) {
    const first = new KeyStoreLab({});
    const clusterId = await first.ready();
    prepared = { folder: newFolder(), clusterId };
    cpSync(first.folder, prepared.folder, { recursive: true, filter: (file) => !file.endsWith('lock') });
    first.stop();
  }
  const folder = newFolder();
  cpSync(prepared.folder, folder, { recursive: true });
  return new KeyStoreLab({ ...options, folder }, prepared.clusterId);
}

/** KMS beside CloudHSM, with the emulated EC2 and IAM between them. */
export class KeyStoreLab extends Lab {
  private vpc: { vpcId: string; subnets: string[] } | undefined;

  public constructor(options: LabOptions, public readonly clusterId: string = '') {
    super({ ...options, beside: [ec2, iam, logs, kms, ...options.beside ?? []] });
  }

  public get subnets(): string[] {
    return this.network().subnets;
  }

  public kms<O = Output>(operation: string, input: object = {}): O {
    return this.call<O>('kms', operation, input);
  }

  /** The code of a refusal of KMS. */
  public code(operation: string, input: object = {}): string {
    return this.refusal('kms', operation, input).code;
  }

  public override create(input: object = {}): string {
    return super.create({ SubnetIds: this.subnets, ...input });
  }

  public async ready(): Promise<string> {
    const clusterId = await this.active();
    await this.hsmReaches(clusterId, this.addHsm(clusterId, ZONES[1]), 'ACTIVE');
    this.makeUser(clusterId);
    return clusterId;
  }

  public makeUser(clusterId: string = this.clusterId): void {
    const { error_code: errorCode } = this.cli(clusterId, ['user', 'create', '--username', 'kmsuser', '--role', 'crypto-user', '--password', KMS_PASSWORD], { as: ADMIN });
    if (errorCode !== 0) throw new Error('no kmsuser');
  }

  public setPassword(password: string, clusterId: string = this.clusterId) {
    return this.cli(clusterId, ['user', 'change-password', '--username', 'kmsuser', '--role', 'crypto-user', '--password', password], { as: ADMIN });
  }

  /** The client stands in the cluster's own group. */
  public override run(clusterId: string, argv: string[], options: CliOptions = {}): RunOutput {
    const { vpcId, subnets } = this.network();
    const from: Position = { kind: 'vpc', vpcId, subnetId: subnets[0], securityGroupIds: [this.cluster(clusterId).SecurityGroup ?? ''] };
    return super.run(clusterId, argv, { from, ...options });
  }

  public storeInput(changes: object = {}): object {
    return {
      CustomKeyStoreName: 'store', CloudHsmClusterId: this.clusterId, KeyStorePassword: KMS_PASSWORD, TrustAnchorCertificate: this.authority.anchor, ...changes,
    };
  }

  public createStore(changes: object = {}): string {
    return this.kms<{ CustomKeyStoreId: string }>('CreateCustomKeyStore', this.storeInput(changes)).CustomKeyStoreId;
  }

  public stores(input: object = {}): StoreShape[] {
    return this.kms<{ CustomKeyStores: StoreShape[] }>('DescribeCustomKeyStores', input).CustomKeyStores;
  }

  public store(id: string): StoreShape {
    return this.stores({ CustomKeyStoreId: id })[0];
  }

  /** Connects and waits for what comes of it: the state, with the error code behind it. */
  public async connect(id: string): Promise<string> {
    this.kms('ConnectCustomKeyStore', { CustomKeyStoreId: id });
    await this.until(() => this.store(id).ConnectionState !== 'CONNECTING');
    const { ConnectionState, ConnectionErrorCode } = this.store(id);
    return ConnectionErrorCode === undefined ? ConnectionState : `${ConnectionState} ${ConnectionErrorCode}`;
  }

  public async disconnect(id: string): Promise<void> {
    this.kms('DisconnectCustomKeyStore', { CustomKeyStoreId: id });
    await this.until(() => this.store(id).ConnectionState === 'DISCONNECTED');
  }

  public async connectedStore(): Promise<string> {
    const id = this.createStore();
    const state = await this.connect(id);
    if (state !== 'CONNECTED') throw new Error(state);
    return id;
  }

  public createKey(storeId: string, changes: object = {}): KeyShape {
    return this.kms<{ KeyMetadata: KeyShape }>('CreateKey', { Origin: 'AWS_CLOUDHSM', CustomKeyStoreId: storeId, ...changes }).KeyMetadata;
  }

  public key(KeyId: string): KeyShape {
    return this.kms<{ KeyMetadata: KeyShape }>('DescribeKey', { KeyId }).KeyMetadata;
  }

  public encrypt(KeyId: string, plaintext: string = 'secret'): Buffer {
    return this.kms<{ CiphertextBlob: Buffer }>('Encrypt', { KeyId, Plaintext: Buffer.from(plaintext) }).CiphertextBlob;
  }

  public decrypt(CiphertextBlob: Buffer): string {
    return this.kms<{ Plaintext: Buffer }>('Decrypt', { CiphertextBlob }).Plaintext.toString();
  }

  public async deleteHsms(clusterId: string = this.clusterId, keep: number = 0): Promise<void> {
    for (const { HsmId } of this.cluster(clusterId).Hsms.slice(keep)) this.hsm2('DeleteHsm', { ClusterId: clusterId, HsmId });
    await this.until(() => this.cluster(clusterId).Hsms.length === keep);
  }

  /** The newest that can be restored. */
  public newestBackup(): string {
    return this.backups(this.clusterId).find(({ BackupState }) => BackupState === 'READY')!.BackupId;
  }

  /** A second cluster from the newest backup of the first, with two HSMs. */
  public async restored(backupId: string = this.newestBackup(), subnets: readonly string[] = this.subnets): Promise<string> {
    const clusterId = this.create({ SourceBackupId: backupId, SubnetIds: subnets });
    await this.reaches(clusterId, 'ACTIVE');
    for (const zone of ZONES) await this.hsmReaches(clusterId, this.addHsm(clusterId, zone), 'ACTIVE');
    return clusterId;
  }

  /** The VPC of the lab, made when it is first needed. */
  private network(): { vpcId: string; subnets: string[] } {
    if (this.vpc) return this.vpc;
    const [known] = this.call<{ Vpcs: Array<{ VpcId: string }> }>('ec2', 'DescribeVpcs', { Filters: [{ Name: 'cidr', Values: ['10.9.0.0/16'] }] }).Vpcs;
    const vpcId = known?.VpcId ?? this.call<{ Vpc: { VpcId: string } }>('ec2', 'CreateVpc', { CidrBlock: '10.9.0.0/16' }).Vpc.VpcId;
    const there = this.call<{ Subnets: Array<{ SubnetId: string }> }>('ec2', 'DescribeSubnets', { Filters: [{ Name: 'vpc-id', Values: [vpcId] }] }).Subnets;
    const make = (AvailabilityZone: string, at: number) => this.call<{ Subnet: { SubnetId: string } }>(
      'ec2', 'CreateSubnet', { VpcId: vpcId, CidrBlock: `10.9.${at}.0/24`, AvailabilityZone }).Subnet.SubnetId;
    const subnets = there.length > 0 ? there.map(({ SubnetId }) => SubnetId) : ZONES.map(make);
    this.vpc = { vpcId, subnets };
    return this.vpc;
  }
}
