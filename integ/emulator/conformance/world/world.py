from abc import ABC, abstractmethod

import boto3
from botocore.config import Config
from botocore.exceptions import ClientError


class World(ABC):
    """An AWS, and how time passes in it."""

    regions = ('us-east-1', 'us-west-2', 'eu-west-1')

    @property
    @abstractmethod
    def environment(self) -> dict:
        """What a program that is to use this AWS needs in its environment."""

    @abstractmethod
    def sleep(self, seconds: float) -> None:
        """Lets time pass."""

    @abstractmethod
    def ask_for(self, service: str, operation: str, error: str, status: int) -> None:
        """Makes the next call of an operation fail so. Where that cannot be had, the test is skipped."""

    def close(self) -> str:
        """Ends what was started, and says what there is to say of it."""
        return ''

    def client(self, service: str, region: str | None = None, checked: bool = False):
        """A client that neither retries nor checks its input, unless asked to: that is the service's part."""
        settings = Config(retries={'total_max_attempts': 1}, parameter_validation=checked, max_pool_connections=4)
        return self._session().client(service, region_name=region or self.regions[0], config=settings, **self._target())

    def client_of(self, key: dict, service: str):
        """A client of whoever has an access key, as IAM gives it."""
        session = boto3.session.Session(aws_access_key_id=key['AccessKeyId'], aws_secret_access_key=key['SecretAccessKey'])
        settings = Config(retries={'total_max_attempts': 1}, parameter_validation=False)
        return session.client(service, region_name=self.regions[0], config=settings, **self._target())

    def until(self, reached, minutes: float = 60, every: float = 15):
        """Waits until `reached` gives something, and gives that. Refusals on the way count as not yet."""
        waited = 0.0
        while True:
            found = reached()
            if found:
                return found
            if waited > minutes * 60:
                raise TimeoutError(f'not reached within {minutes} minutes')
            self.sleep(every)
            waited += every

    def until_accepted(self, call, codes: tuple, minutes: float = 10):
        """Repeats a call for as long as it is refused with one of these codes: what AWS's eventual consistency asks for."""
        def once():
            try:
                return {'accepted': call()}
            except ClientError as error:
                if error.response['Error']['Code'] not in codes:
                    raise
                return None
        return self.until(once, minutes)['accepted']

    def _session(self):
        return boto3.session.Session()

    def _target(self) -> dict:
        return {}
