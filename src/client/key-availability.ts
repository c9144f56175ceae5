/**
 * On how many HSMs a key must be before the client uses it.
 *
 * @see https://docs.aws.amazon.com/cloudhsm/latest/userguide/working-client-sync.html
 */
export class KeyAvailability {
  /** Two: a key that is on one HSM only would be lost with it, so it is not used. */
  public static readonly TWO_HSMS = new KeyAvailability('--enable-key-availability-check');

  /** One, for clusters with a single HSM: there no key could be used otherwise. A key made since the last backup is lost with its HSM. */
  public static readonly ONE_HSM = new KeyAvailability('--disable-key-availability-check');

  private constructor(
    /** How the configure tools of the client are told. */
    public readonly option: string,
  ) {}
}
