from datetime import datetime, timedelta, timezone

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.x509.oid import NameOID


class Authority:
    """A root that signs the requests of clusters."""

    def __init__(self, bits: int = 2048) -> None:
        self._key = rsa.generate_private_key(65537, bits)
        self._name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, 'Conformance root')])
        self.certificate = self._issued(self._name, self._key.public_key(), True)

    @property
    def anchor(self) -> str:
        return _pem(self.certificate)

    def sign(self, request: str) -> str:
        csr = x509.load_pem_x509_csr(request.encode())
        return _pem(self._issued(csr.subject, csr.public_key(), False))

    def sign_key(self, request: str) -> str:
        """A certificate for the request's name, but for another key."""
        csr = x509.load_pem_x509_csr(request.encode())
        return _pem(self._issued(csr.subject, self._key.public_key(), False))

    def _issued(self, subject, key, root: bool):
        now = datetime.now(timezone.utc)
        builder = x509.CertificateBuilder(self._name, subject, key, x509.random_serial_number(), now - timedelta(hours=1), now + timedelta(days=3650))
        return builder.add_extension(x509.BasicConstraints(root, None), True).sign(self._key, hashes.SHA256())


def _pem(certificate) -> str:
    return certificate.public_bytes(serialization.Encoding.PEM).decode()
