import { ClientPlatform } from './client-platform';

/**
 * A component of the CloudHSM client.
 *
 * @see https://docs.aws.amazon.com/cloudhsm/latest/userguide/use-hsm.html
 */
export class ClientSoftware {
  /** Command line tool for users and keys. */
  public static readonly CLI = new ClientSoftware('cloudhsm-cli', 'configure-cli', []);

  /** PKCS #11 library: `/opt/cloudhsm/lib/libcloudhsm_pkcs11.so`. */
  public static readonly PKCS11 = new ClientSoftware('cloudhsm-pkcs11', 'configure-pkcs11', []);

  /** JCE provider for Java: below `/opt/cloudhsm/java`. */
  public static readonly JCE = new ClientSoftware('cloudhsm-jce', 'configure-jce', []);

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

  private constructor(
    /** Name of the package. */
    public readonly packageName: string,
    /** Tool that configures the component, below `/opt/cloudhsm/bin`. Each component has its own. */
    public readonly configureTool: string,
    private readonly missingOn: ClientPlatform[],
  ) {}

  /** Whether AWS publishes the component for a platform. */
  public isAvailableOn(platform: ClientPlatform): boolean {
    return !this.missingOn.includes(platform);
  }
}
