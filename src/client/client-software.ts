import * as ec2 from 'aws-cdk-lib/aws-ec2';
import { ClientPlatform } from './client-platform';

/**
 * A component of the CloudHSM client.
 *
 * @see https://docs.aws.amazon.com/cloudhsm/latest/userguide/use-hsm.html
 */
export class ClientSoftware {
  /** Command line tool for users and keys. */
  public static readonly CLI = new ClientSoftware('cloudhsm-cli', 'configure-cli', [], 'AWSCloudHSMCLI');

  /** PKCS #11 library: `/opt/cloudhsm/lib/libcloudhsm_pkcs11.so`. */
  public static readonly PKCS11 = new ClientSoftware('cloudhsm-pkcs11', 'configure-pkcs11', [], 'AWSCloudHSMPKCS11');

  /** JCE provider for Java: below `/opt/cloudhsm/java`. */
  public static readonly JCE = new ClientSoftware('cloudhsm-jce', 'configure-jce', [], 'AWSCloudHSMJCE');

  /** OpenSSL Dynamic Engine, for OpenSSL up to 3.x. AWS publishes none for Red Hat Enterprise Linux 10, whose OpenSSL has the provider. */
  public static readonly OPENSSL_DYNAMIC_ENGINE = new ClientSoftware('cloudhsm-dyn', 'configure-dyn', [ClientPlatform.RHEL_10]);

  /**
   * OpenSSL Provider, from 5.17.0 on, for OpenSSL 3.2 and later, which neither Ubuntu 22.04 and 24.04 nor Red Hat Enterprise Linux 8 have.
   *
   * @see https://docs.aws.amazon.com/cloudhsm/latest/userguide/openssl-provider-library.html
   */
  public static readonly OPENSSL_PROVIDER = new ClientSoftware('cloudhsm-openssl-provider', 'configure-openssl-provider', [
    ClientPlatform.UBUNTU_22_04, ClientPlatform.UBUNTU_24_04, ClientPlatform.RHEL_8,
  ]);

  /**
   * Key Storage Provider for Microsoft's cryptography API (CNG), for AD CS, IIS and SignTool for instance. On Windows Server only.
   *
   * @see https://docs.aws.amazon.com/cloudhsm/latest/userguide/ksp-library.html
   */
  public static readonly KEY_STORAGE_PROVIDER = new ClientSoftware('', 'configure-ksp', [], 'AWSCloudHSMKSP');

  private constructor(
    /** Name of the package on Linux; empty where there is none. */
    public readonly packageName: string,
    /** Tool that configures the component, among the client's programs. Each component has its own. */
    public readonly configureTool: string,
    private readonly missingOn: ClientPlatform[],
    private readonly windowsPackage?: string,
  ) {}

  /** Whether AWS publishes the component for a platform. */
  public isAvailableOn(platform: ClientPlatform): boolean {
    return this._packageOn(platform) !== '' && !this.missingOn.includes(platform);
  }

  /**
   * Name of the package on a platform; empty where there is none.
   *
   * @internal
   */
  public _packageOn({ operatingSystemType }: ClientPlatform): string {
    return operatingSystemType === ec2.OperatingSystemType.WINDOWS ? this.windowsPackage ?? '' : this.packageName;
  }
}
