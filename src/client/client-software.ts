/**
 * A component of the CloudHSM client.
 *
 * @see https://docs.aws.amazon.com/cloudhsm/latest/userguide/use-hsm.html
 */
export class ClientSoftware {
  /** Command line tool for users and keys. */
  public static readonly CLI = new ClientSoftware('cloudhsm-cli', 'configure-cli');

  /** PKCS #11 library. */
  public static readonly PKCS11 = new ClientSoftware('cloudhsm-pkcs11', 'configure-pkcs11');

  private constructor(
    /** Name of the package. */
    public readonly packageName: string,
    /** Tool that configures the component, below `/opt/cloudhsm/bin`. Each component has its own. */
    public readonly configureTool: string,
  ) {}
}
